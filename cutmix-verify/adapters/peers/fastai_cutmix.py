# SPDX-License-Identifier: MIT OR Apache-2.0
"""fastai's CutMix callback, called as a Learner calls it; targets and weight for a mixed loss, or with --rows mixed rows.

cutmix-verify check --exec "python fastai_cutmix.py" --alpha 1 --alpha 0.2
"""

import torch
from fastai.callback.mixup import CutMix

from _feed import Learner, RecordedBeta, Uniforms, cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("fastai", "2.8.12")
ARGS, REST = options("rows")


def mix(images, labels, phase, alpha=1.0, draws=None):
    callback = CutMix(float(alpha))
    callback.learn = Learner(tensor(images, phase), torch.from_numpy(labels))
    # What before_train finds out from the loss: whether targets are class ids.
    callback.stack_y = not ARGS.rows
    if draws is None:
        callback.before_batch()
    else:
        callback.distrib = RecordedBeta(draws["lam"][0])
        uniforms = Uniforms([draws["x"][0], draws["y"][0]])
        with patched(
            (torch, "randperm", lambda count: torch.from_numpy(draws["partner"])),
            (torch, "randint", lambda low, high, size: torch.full(size, uniforms.whole(low, high))),
        ):
            callback.before_batch()
    if ARGS.rows:
        return callback.learn.x, callback.learn.y
    return callback.learn.x, (callback.learn.y, callback.yb1[0], callback.lam[0])


if __name__ == "__main__":
    torch_quiet()
    name = "fastai CutMix" + (", rows" if ARGS.rows else "")
    labels = "rows" if ARGS.rows else "ids"
    cutmix_audit.run(
        mix, name=name, version=VERSION, labels=labels, declares=["in_place"], reseed=torch_seed, argv=REST
    )
