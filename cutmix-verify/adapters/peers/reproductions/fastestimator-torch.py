# SPDX-License-Identifier: MIT OR Apache-2.0
import torch
from fastestimator.op.tensorop.augmentation.cutmix_batch import CutMixBatch

torch.manual_seed(0)
cutmix = CutMixBatch(inputs=["x", "y"], outputs=["x", "y"])
cutmix.build("torch")
rows = [cutmix.forward([torch.zeros(2, 1, 32, 32), torch.eye(2)], {})[1] for _ in range(2000)]
print("the least weight of an image's own label: %.3f" % min(float(row[0, 0]) for row in rows))
