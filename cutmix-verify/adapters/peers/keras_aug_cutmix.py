# SPDX-License-Identifier: MIT OR Apache-2.0
"""keras_aug.layers.vision.CutMix of keras-aug, on the TensorFlow backend of Keras 3, on class ids or label rows.

cutmix-verify check --exec "python keras_aug_cutmix.py" --alpha 1 --alpha 0.2
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf
from keras_aug.layers.vision import CutMix

from _feed import cutmix_audit, options, version

VERSION = version("keras-aug", "1.1.1")
ARGS, REST = options("rows")
FORMATS = {"nchw": "channels_first", "nhwc": "channels_last"}
LAYERS = {}


def seed(number):
    LAYERS.clear()
    keras.utils.set_random_seed(number)


def mix(images, labels, phase, alpha=1.0):
    key = (phase["layout"], phase["classes"], alpha)
    if key not in LAYERS:
        LAYERS[key] = CutMix(alpha, num_classes=phase["classes"], data_format=FORMATS[phase["layout"]])
    out = LAYERS[key]({"images": tf.convert_to_tensor(images), "labels": tf.convert_to_tensor(labels)})
    return out["images"], out["labels"]


if __name__ == "__main__":
    keras.utils.set_random_seed(2019)
    name = "keras-aug CutMix" + (", rows" if ARGS.rows else "")
    labels = "rows" if ARGS.rows else "ids"
    cutmix_audit.run(mix, name=name, version=VERSION, labels=labels, reseed=seed, argv=REST)
