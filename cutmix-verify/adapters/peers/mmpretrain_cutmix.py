# SPDX-License-Identifier: MIT OR Apache-2.0
"""mmpretrain's batch augmentation CutMix, on label rows.

cutmix-verify check --exec "python mmpretrain_cutmix.py" --alpha 1 --alpha 0.2
"""

import numpy as np
import torch
from mmpretrain.models.utils.batch_augments import CutMix

from _feed import Uniforms, cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("mmpretrain", "1.2.0")
ARGS, REST = options()


def mix(images, rows, phase, alpha=1.0, draws=None):
    transform = CutMix(alpha=float(alpha))
    x, y = tensor(images, phase), torch.from_numpy(rows)
    if draws is None:
        return transform(x, y)
    uniforms = Uniforms([draws["y"][0], draws["x"][0]])
    with patched(
        (np.random, "beta", lambda a, b: float(draws["lam"][0])),
        (np.random, "randint", lambda low, high, size=None: uniforms.whole(low, high)),
        (torch, "randperm", lambda count: torch.from_numpy(draws["partner"])),
    ):
        return transform(x, y)


if __name__ == "__main__":
    torch_quiet()
    cutmix_audit.run(
        mix, name="mmpretrain CutMix", version=VERSION, labels="rows", declares=["in_place"], reseed=torch_seed, argv=REST
    )
