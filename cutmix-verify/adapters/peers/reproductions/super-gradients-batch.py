# SPDX-License-Identifier: MIT OR Apache-2.0
import torch
from super_gradients.training.datasets.mixup import CollateMixup

for mode in ("pair", "elem"):
    try:
        CollateMixup(mixup_alpha=0, cutmix_alpha=1, mode=mode, num_classes=2)([(torch.zeros(1, 8, 8), 0), (torch.ones(1, 8, 8), 1)])
    except TypeError as error:
        print("%s: TypeError: %s" % (mode, error))
