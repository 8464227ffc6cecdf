# SPDX-License-Identifier: MIT OR Apache-2.0
"""tsai's CutMix1d and MixUp1d for series [B, C, L], called as a Learner calls them; the auditor's images of one column are the series.

cutmix-verify check --exec "python tsai_cutmix1d.py" --size 64x1 --alpha 1 --alpha 0.2
"""

import torch
from tsai.data.mixed_augmentation import CutMix1d, MixUp1d

from _feed import Learner, cutmix_audit, options, tensor, torch_quiet, torch_seed, version

VERSION = version("tsai", "1.0.1")
ARGS, REST = options("rows", method=["cutmix", "mixup"])


def mix(images, labels, phase, alpha=1.0):
    series = tensor(images, phase)
    callback = (MixUp1d if ARGS.method == "mixup" else CutMix1d)(float(alpha))
    # One row of pixels is the series.
    callback.learn = Learner(series.flatten(2), torch.from_numpy(labels))
    # What before_train finds out from the data and the loss: whether there are labels, and whether they are class ids.
    callback.labeled, callback.stack_y = True, not ARGS.rows
    callback.before_batch()
    out = callback.learn.x.reshape(series.shape)
    if ARGS.rows:
        return out, callback.learn.y
    # As in its loss, torch.lerp(loss of yb1, loss of yb, lam).
    return out, (callback.learn.y, callback.yb1[0], callback.lam)


if __name__ == "__main__":
    torch_quiet()
    name = "tsai " + {"cutmix": "CutMix1d", "mixup": "MixUp1d"}[ARGS.method] + (", rows" if ARGS.rows else "")
    labels = "rows" if ARGS.rows else "ids"
    cutmix_audit.run(
        mix, name=name, version=VERSION, labels=labels, declares=["in_place"], reseed=torch_seed, argv=REST
    )
