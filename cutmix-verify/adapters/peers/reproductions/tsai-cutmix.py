# SPDX-License-Identifier: MIT OR Apache-2.0
import types

import torch
from tsai.data.mixed_augmentation import CutMix1d

series, targets = torch.zeros(4, 2, 16), torch.eye(4)  # targets of four numbers
cutmix = CutMix1d()
cutmix.learn = types.SimpleNamespace(training=True, xb=(series,), yb=(targets,), x=series, y=targets)
cutmix.labeled, cutmix.stack_y = True, False
try:
    cutmix.before_batch()
except AttributeError as error:
    print("AttributeError:", error)
