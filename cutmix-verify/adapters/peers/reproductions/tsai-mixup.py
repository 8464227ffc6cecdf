# SPDX-License-Identifier: MIT OR Apache-2.0
import types

import torch
from tsai.data.mixed_augmentation import MixUp1d

torch.manual_seed(1)
series, classes = torch.arange(6.0).reshape(6, 1, 1).repeat(1, 1, 4), torch.arange(6)  # series i has the value i everywhere
mixup = MixUp1d()
mixup.learn = types.SimpleNamespace(training=True, xb=(series,), yb=(classes,), x=series, y=classes)
mixup.labeled, mixup.stack_y = True, True
mixup.before_batch()
weight = mixup.lam
partners = (mixup.learn.xb[0][:, 0, 0] - weight * series[:, 0, 0]) / (1 - weight)
print("partners of the series:", [round(float(partner), 2) for partner in partners])
print("partners of the labels:", mixup.yb1[0].tolist())
