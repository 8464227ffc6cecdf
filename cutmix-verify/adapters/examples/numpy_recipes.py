"""Three forms that are not one batch in, one batch out, and how each is shown to the auditor.

cutmix-verify check --exec "python3 numpy_recipes.py half" --method mixup --alpha 1
cutmix-verify check --exec "python3 numpy_recipes.py second" --alpha 1
cutmix-verify check --exec "python3 numpy_recipes.py clips" --alpha 1 --frames 2
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit

rng = np.random.default_rng(2019)


def drawn_box(height, width, alpha):
    lam = rng.beta(alpha, alpha)
    half_w, half_h = int(width * np.sqrt(1 - lam)) // 2, int(height * np.sqrt(1 - lam)) // 2
    x, y = rng.integers(width), rng.integers(height)
    return max(y - half_h, 0), min(y + half_h, height), max(x - half_w, 0), min(x + half_w, width)


# What is audited.


def half_batch_mixup(images, rows, alpha):
    """2N images come in and N go out: image 2i is mixed with image 2i + 1."""
    lam = rng.beta(alpha, alpha, size=(len(images) // 2, 1)).astype(np.float32)
    weight = lam[:, :, None, None]
    return images[0::2] * weight + images[1::2] * (1 - weight), rows[0::2] * lam + rows[1::2] * (1 - lam)


def second_loader_cutmix(images, labels, other_images, other_labels, alpha):
    """The patches come from another loader's batch."""
    height, width = images.shape[2:]
    y0, y1, x0, x1 = drawn_box(height, width, alpha)
    out = images.copy()
    out[:, :, y0:y1, x0:x1] = other_images[:, :, y0:y1, x0:x1]
    return out, labels, other_labels, 1 - (y1 - y0) * (x1 - x0) / (height * width)


def clip_cutmix(clips, labels, alpha):
    """Clips [B, C, T, H, W], one box for all frames."""
    height, width = clips.shape[3:]
    y0, y1, x0, x1 = drawn_box(height, width, alpha)
    out, partner = clips.copy(), rng.permutation(len(clips))
    out[..., y0:y1, x0:x1] = clips[partner][..., y0:y1, x0:x1]
    return out, labels, labels[partner], 1 - (y1 - y0) * (x1 - x0) / (height * width)


# How it is shown.


def half(images, rows, alpha):
    partner = rng.permutation(len(images))

    def interleaved(array):
        return np.stack([array, array[partner]], axis=1).reshape((-1,) + array.shape[1:])

    return half_batch_mixup(interleaved(images), interleaved(rows), alpha)


def second(images, labels, alpha):
    partner = rng.permutation(len(images))
    return second_loader_cutmix(images, labels, images[partner], labels[partner], alpha)


def clips(images, labels, alpha):
    out, target_a, target_b, lam = clip_cutmix(np.moveaxis(images, 1, 2), labels, alpha)
    return np.moveaxis(out, 2, 1), target_a, target_b, lam


if __name__ == "__main__":
    form = sys.argv[1]
    labels = "rows" if form == "half" else "ids"
    mix = {"half": half, "second": second, "clips": clips}[form]
    cutmix_audit.run(mix, name="numpy recipe, " + form, version="1", labels=labels, argv=sys.argv[2:])
