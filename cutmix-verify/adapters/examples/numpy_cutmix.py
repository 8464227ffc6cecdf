"""A CutMix of one's own, and the ten lines that show it to the auditor.

cutmix-verify check --exec "python3 numpy_cutmix.py" --alpha 1 --alpha 0.2
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)


def cutmix(images, rows, alpha):
    """One box for the batch, a random partner for each image, the label by the pixels that were kept."""
    batch, _, height, width = images.shape
    lam, partner = rng.beta(alpha, alpha), rng.permutation(batch)
    half_w, half_h = int(width * np.sqrt(1 - lam)) // 2, int(height * np.sqrt(1 - lam)) // 2
    x, y = rng.integers(width), rng.integers(height)
    x0, x1 = max(x - half_w, 0), min(x + half_w, width)
    y0, y1 = max(y - half_h, 0), min(y + half_h, height)
    out = images.copy()
    out[:, :, y0:y1, x0:x1] = images[partner, :, y0:y1, x0:x1]
    kept = 1 - (x1 - x0) * (y1 - y0) / (width * height)
    return out, np.float32(kept) * rows + np.float32(1 - kept) * rows[partner]


def mix(images, labels, alpha=1.0):
    return cutmix(images, labels, alpha)


if __name__ == "__main__":
    cutmix_audit.run(mix, name="numpy cutmix", version="1", labels="rows")
