"""Cutout: a square of a fixed side around a uniform centre is set to 0; the label stays.

cutmix-verify check --exec "python3 numpy_cutout.py" --method cutout
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)
HALF = 6


def mix(images, labels):
    out = images.copy()
    height, width = images.shape[2:]
    for image in out:
        x, y = rng.integers(width), rng.integers(height)
        image[:, max(y - HALF, 0) : y + HALF, max(x - HALF, 0) : x + HALF] = 0
    return out, (labels, labels, np.ones(len(images), np.float32))


if __name__ == "__main__":
    cutmix_audit.run(mix, name="numpy cutout", version="1")
