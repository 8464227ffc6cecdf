# SPDX-License-Identifier: MIT OR Apache-2.0
import mindspore.dataset as ds
import numpy as np
from mindspore.dataset import vision

images = np.zeros((2, 1, 8, 8), np.float32)
images[1] = 1
rows, covered = np.eye(2, dtype=np.float32), np.zeros((8, 8), int)
for number in range(4000):
    ds.config.set_seed(number)
    out, _ = vision.CutMixBatch(vision.ImageBatchFormat.NCHW, prob=1.0)(images, rows)
    covered += out[0, 0] == 1
print("covered pixels of the first row and the last: %d and %d" % (covered[0].sum(), covered[7].sum()))
print("covered pixels of the first column and the last: %d and %d" % (covered[:, 0].sum(), covered[:, 7].sum()))
