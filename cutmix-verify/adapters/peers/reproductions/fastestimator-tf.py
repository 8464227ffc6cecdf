# SPDX-License-Identifier: MIT OR Apache-2.0
import tensorflow as tf
from fastestimator.op.tensorop.augmentation.cutmix_batch import CutMixBatch

images = tf.concat([tf.fill([1, 8, 8, 1], 0.1), tf.fill([1, 8, 8, 1], 3e7)], 0)
cutmix = CutMixBatch(inputs=["x", "y"], outputs=["x", "y"])
cutmix.build("tf")
values = set()
for _ in range(50):
    out, _ = cutmix.forward([images, tf.eye(2)], {})
    values |= set(out[1].numpy().ravel().tolist())
print("values in the second image:", sorted(values))
