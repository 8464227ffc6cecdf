# SPDX-License-Identifier: MIT OR Apache-2.0
"""Two profiles in numpy, bit for bit what the packages do: they keep the protocol and the profiles honest where no package is
installed.

cutmix-verify check --exec "python numpy_profiles.py --like kornia-0.9.0" --alpha 1 --accept inside
"""

import numpy as np

from _feed import cutmix_audit, one_hot, options

ARGS, REST = options(like=["timm-1.0.28-batch", "kornia-0.9.0"])
RNG = np.random.default_rng(2019)
F32 = np.float32


def draws_of(batch, alpha):
    return {
        "lam": RNG.beta(alpha, alpha, batch),
        "x": RNG.random(batch),
        "y": RNG.random(batch),
        "partner": RNG.permutation(batch),
    }


def timm(images, labels, phase, alpha=1.0, draws=None):
    draws = draws or draws_of(len(images), alpha)
    height, width = images.shape[2:]
    lam, out = float(draws["lam"][0]), images.copy()
    if lam != 1:
        ratio = np.sqrt(1 - lam)
        edges = []
        for length, u in ((height, draws["y"][0]), (width, draws["x"][0])):
            centre, half = int(u * length), int(length * ratio) // 2
            edges.append((max(centre - half, 0), min(centre + half, length)))
        (y0, y1), (x0, x1) = edges
        out[:, :, y0:y1, x0:x1] = images[::-1, :, y0:y1, x0:x1]
        lam = 1.0 - (y1 - y0) * (x1 - x0) / float(height * width)
    off = F32(0.1 / phase["classes"])
    one = np.where(one_hot(labels, phase["classes"]) == 1, F32(1.0 - 0.1 + 0.1 / phase["classes"]), off)
    return out, one * F32(lam) + one[::-1] * F32(1.0 - lam)


def kornia(images, labels, phase, alpha=1.0, draws=None):
    draws = draws or draws_of(len(images), alpha)
    height, width = images.shape[2:]
    rate = np.sqrt(F32(1) - draws["lam"].astype(F32))
    out, shares = images.copy(), np.empty(len(images), F32)
    for i, partner in enumerate(draws["partner"]):
        edges = []
        for length, u in ((height, draws["y"][i]), (width, draws["x"][i])):
            cut = np.floor(rate[i] * F32(length))
            room = F32(length) - cut
            start = int(min(np.floor(F32(u) * (room + F32(1))), room))
            edges.append((start, start + int(cut)))
        (y0, y1), (x0, x1) = edges
        out[i, :, y0:y1, x0:x1] = images[partner, :, y0:y1, x0:x1]
        shares[i] = F32((x1 - x0) * (y1 - y0)) / F32(height * width)
    return out, (labels, labels[draws["partner"]], shares)


if __name__ == "__main__":
    if ARGS.like.startswith("timm"):
        mix, more = timm, {"smoothing": 0.1, "declares": ["even_batch"]}
    else:
        mix, more = kornia, {"lam_is": "b"}
    cutmix_audit.run(mix, name="numpy, like " + ARGS.like, version="numpy", argv=REST, **more)
