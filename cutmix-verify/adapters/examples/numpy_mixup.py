"""Mixup with one weight a sample.

cutmix-verify check --exec "python3 numpy_mixup.py" --method mixup --alpha 1
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)


def mix(images, labels, alpha=1.0):
    batch = len(images)
    lam, partner = rng.beta(alpha, alpha, batch).astype(np.float32), rng.permutation(batch)
    weight = lam.reshape(-1, 1, 1, 1)
    return weight * images + (1 - weight) * images[partner], (labels, labels[partner], lam)


if __name__ == "__main__":
    cutmix_audit.run(mix, name="numpy mixup", version="1")
