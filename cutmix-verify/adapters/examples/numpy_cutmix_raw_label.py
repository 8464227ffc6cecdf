"""The same with the mistake that is made most often: the label has the lambda that was drawn, though the box was clipped.

cutmix-verify check --exec "python3 numpy_cutmix_raw_label.py" --alpha 1
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)


def mix(images, labels, alpha=1.0):
    batch, _, height, width = images.shape
    lam, partner = rng.beta(alpha, alpha), rng.permutation(batch)
    half_w, half_h = int(width * np.sqrt(1 - lam)) // 2, int(height * np.sqrt(1 - lam)) // 2
    x, y = rng.integers(width), rng.integers(height)
    x0, x1 = max(x - half_w, 0), min(x + half_w, width)
    y0, y1 = max(y - half_h, 0), min(y + half_h, height)
    out = images.copy()
    out[:, :, y0:y1, x0:x1] = images[partner, :, y0:y1, x0:x1]
    return out, (labels, labels[partner], lam)


if __name__ == "__main__":
    cutmix_audit.run(mix, name="numpy cutmix, raw label", version="1")
