# SPDX-License-Identifier: MIT OR Apache-2.0
import numpy as np
import torch
from torchtoolbox.tools.mixup import cutmix_data

np.random.seed(0)
torch.manual_seed(0)
worst = 0
for _ in range(2000):
    images = torch.zeros(2, 1, 32, 32)
    images[1] = 1
    out, label_a, label_b, lam = cutmix_data(images, torch.tensor([0, 1]), alpha=1.0)
    if label_b[0] == 1:
        worst = max(worst, abs(lam - (1 - float(out[0].mean()))))
print("the label's weight and the kept fraction differ by up to %.2f" % worst)
