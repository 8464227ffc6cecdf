# SPDX-License-Identifier: MIT OR Apache-2.0
"""composer.functional.cutmix_batch: mixed images, the partner's targets and a weight.

cutmix-verify check --exec "python composer_cutmix.py" --alpha 1 --alpha 0.2
"""

import numpy as np
import torch
from composer.functional import cutmix_batch

from _feed import Uniforms, cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("mosaicml", "0.32.1")
ARGS, REST = options("uniform-sampling")


def mix(images, labels, phase, alpha=1.0, draws=None):
    x, y = tensor(images, phase), torch.from_numpy(labels)
    named = {"alpha": alpha, "uniform_sampling": ARGS.uniform_sampling}
    if draws is None:
        out, target_b, lam, _ = cutmix_batch(x, y, **named)
    else:
        uniforms = Uniforms([draws["y"][0], draws["x"][0]])
        with patched(
            (np.random, "beta", lambda a, b: float(draws["lam"][0])),
            (np.random, "randint", lambda low, high=None: uniforms.whole(*((0, low) if high is None else (low, high)))),
            (torch, "randperm", lambda count: torch.from_numpy(draws["partner"])),
        ):
            out, target_b, lam, _ = cutmix_batch(x, y, **named)
    return out, (y, target_b, np.float64(lam))


if __name__ == "__main__":
    torch_quiet()
    name = "composer cutmix_batch" + (", uniform_sampling" if ARGS.uniform_sampling else "")
    cutmix_audit.run(mix, name=name, version=VERSION, reseed=torch_seed, argv=REST)
