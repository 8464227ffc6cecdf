"""Chris Deotte's CutMix of the Kaggle notebooks, in numpy: square images, a draw for every sample, partners with replacement,
one-hot rows. With the label that his kernel gives (`--uncorrected`: the box as it was before clipping), and with the correct one.

cutmix-verify check --exec "python3 deotte_cutmix.py" --prob 1
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)
PROBABILITY = 1.0
CORRECTED = "--uncorrected" not in sys.argv


def mix(images, rows):
    batch, _, dim, _ = images.shape
    out, labels = images.copy(), rows.copy()
    for j in range(batch):
        apply = int(rng.random() <= PROBABILITY)
        k, x, y = int(rng.random() * batch), int(rng.random() * dim), int(rng.random() * dim)
        # Deotte's box has a uniform b in place of a Beta: the same for alpha = 1.
        width = int(dim * np.sqrt(1 - rng.random())) * apply
        ya, yb = max(0, y - width // 2), min(dim, y + width // 2)
        xa, xb = max(0, x - width // 2), min(dim, x + width // 2)
        out[j, :, ya:yb, xa:xb] = images[k, :, ya:yb, xa:xb]
        area = (yb - ya) * (xb - xa) if CORRECTED else width * width
        a = np.float32(area / dim / dim)
        labels[j] = (1 - a) * rows[j] + a * rows[k]
    return out, labels


if __name__ == "__main__":
    name = "Deotte's kernel, " + ("label corrected" if CORRECTED else "as published")
    argv = [word for word in sys.argv[1:] if word != "--uncorrected"]
    cutmix_audit.run(mix, name=name, version="numpy", labels="rows", declares=["square_only"], argv=argv)
