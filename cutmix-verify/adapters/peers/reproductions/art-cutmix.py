# SPDX-License-Identifier: MIT OR Apache-2.0
import numpy as np
from art.defences.preprocessor import CutMix

np.random.seed(0)
images = np.zeros((2, 1, 64, 8), np.float32)  # 64 rows, 8 columns
images[1] = 1
cutmix, covered, deepest = CutMix(num_classes=2, probability=1.0, channels_first=True), set(), 0
for _ in range(2000):
    out, rows = cutmix(images, np.array([0, 1]))
    covered |= set(np.argwhere(out[0, 0] == 1)[:, 0])
    deepest = max(deepest, abs(rows[0, 1] - out[0].mean()))
print("rows ever covered: %d to %d of 64" % (min(covered), max(covered)))
print("the label's weight and the pasted fraction differ by up to %.2f" % deepest)
