# SPDX-License-Identifier: MIT OR Apache-2.0
"""timm.data.Mixup: CutMix and Mixup, a box a batch, pair or image, and boxes between two fractions of the image.

cutmix-verify check --exec "python timm_mixup.py --mode elem" --alpha 1 --alpha 0.2
"""

import numpy as np
import torch
from timm.data import Mixup

from _feed import Uniforms, cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("timm", "1.0.28", "1.0.31")
ARGS, REST = options("minmax", method=["cutmix", "mixup"], mode=["batch", "pair", "elem"])
SMOOTHING = 0.1
MINMAX = (0.2, 0.8)


def uniforms_of(draws, batch):
    """In the order in which timm asks: rows, then columns, of those whose lambda is not 1."""
    if ARGS.mode == "batch":
        who = [0]
    else:
        who = [i for i in range(batch if ARGS.mode == "elem" else batch // 2) if np.float32(draws["lam"][i]) != 1]
    if ARGS.minmax:
        # Extents by the uniforms, starts by their mirror images.
        mirror = 1 - 2.0**-23
        return [u for i in who for u in (draws["y"][i], draws["x"][i], mirror - draws["y"][i], mirror - draws["x"][i])]
    return [u for i in who for u in (draws["y"][i], draws["x"][i])]


def recorded(draws, batch):
    uniforms = Uniforms(uniforms_of(draws, batch))
    return patched(
        (np.random, "beta", lambda a, b, size=None: float(draws["lam"][0]) if size is None else draws["lam"][:size]),
        (np.random, "rand", lambda *shape: np.zeros(shape) if shape else 0.0),
        (np.random, "randint", lambda low, high, size=None: uniforms.whole(low, high)),
    )


def mix(images, labels, phase, alpha=1.0, draws=None):
    both = {"cutmix": (0.0, alpha), "mixup": (alpha, 0.0)}[ARGS.method]
    transform = Mixup(
        mixup_alpha=both[0],
        cutmix_alpha=both[1],
        cutmix_minmax=MINMAX if ARGS.minmax else None,
        mode=ARGS.mode,
        label_smoothing=SMOOTHING,
        num_classes=phase["classes"],
    )
    x, y = tensor(images, phase), torch.from_numpy(labels)
    if draws is None:
        return transform(x, y)
    with recorded(draws, len(images)):
        return transform(x, y)


if __name__ == "__main__":
    torch_quiet()
    name = "timm Mixup, %s%s mode%s" % ("mixup, " if ARGS.method == "mixup" else "", ARGS.mode, ", minmax" if ARGS.minmax else "")
    declares = ["even_batch", "in_place"] + (["fixed_alpha"] if ARGS.minmax else [])
    cutmix_audit.run(
        mix, name=name, version=VERSION, smoothing=SMOOTHING, declares=declares, reseed=torch_seed, argv=REST
    )
