# SPDX-License-Identifier: MIT OR Apache-2.0
"""kornia.augmentation.RandomCutMixV2, with the weight that it returns by default (the partner's) or, with --correct-lambda, the
image's own.

cutmix-verify check --exec "python kornia_cutmix.py" --alpha 1 --alpha 0.2
"""

import inspect
import warnings

import numpy as np
import torch
from kornia.augmentation import RandomCutMixV2
from kornia.augmentation.random_generator._2d import cutmix as generator

from _feed import cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("kornia", "0.8.3", "0.9.0")
ARGS, REST = options("correct-lambda")
warnings.simplefilter("ignore", DeprecationWarning)


def binary32(values):
    return torch.tensor(np.asarray(values), dtype=torch.float32)


def recorded(draws, batch):
    # Partners are the order of uniform numbers: those that give the recorded one.
    ranks = np.empty(batch)
    ranks[draws["partner"]] = np.arange(batch) / batch
    sampled = [torch.ones(batch), binary32(ranks).reshape(1, batch)]
    drawn = [binary32(draws["lam"]), binary32(draws["x"]), binary32(draws["y"])]
    return patched(
        (generator, "_adapted_sampling", lambda shape, *_: sampled.pop(0)),
        (generator, "_adapted_rsampling", lambda shape, *_: drawn.pop(0)[: shape[0]]),
    )


def mix(images, labels, phase, alpha=1.0, draws=None):
    named = {"use_correct_lambda": True} if ARGS.correct_lambda else {}
    transform = RandomCutMixV2(data_keys=["input", "class"], beta=float(alpha), p=1.0, **named)
    x, y = tensor(images, phase), torch.from_numpy(labels)
    if draws is None:
        out, after = transform(x, y)
    else:
        with recorded(draws, len(images)):
            out, after = transform(x, y)
    target_a, target_b, lam = after[0].unbind(1)
    return out, (target_a, target_b, lam)


if __name__ == "__main__":
    assert "use_correct_lambda" in inspect.signature(RandomCutMixV2).parameters
    torch_quiet()
    name = "kornia RandomCutMixV2" + (", use_correct_lambda" if ARGS.correct_lambda else "")
    lam_is = "a" if ARGS.correct_lambda else "b"
    cutmix_audit.run(mix, name=name, version=VERSION, lam_is=lam_is, reseed=torch_seed, argv=REST)
