# SPDX-License-Identifier: MIT OR Apache-2.0
"""keras.layers.CutMix of Keras 3, on the TensorFlow backend. Keras draws alpha itself: between
0 and `factor`, which is 1 here, as by default.

cutmix-verify check --exec "python keras3_cutmix.py"
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from _feed import cutmix_audit, options, patched, version

VERSION = version("keras", "3.15.1")
ARGS, REST = options()
LAYERS = {}


def layer(data_format):
    if data_format not in LAYERS:
        LAYERS[data_format] = keras.layers.CutMix(data_format=data_format)
    return LAYERS[data_format]


def seed(number):
    LAYERS.clear()
    keras.utils.set_random_seed(number)


def recorded(where, draws, dtype):
    uniforms = [np.float64(0.5), draws["x"], draws["y"]]
    return patched(
        (where, "uniform", lambda *_, **__: tf.constant(uniforms.pop(0), dtype)),
        (where, "beta", lambda *_, **__: tf.constant(draws["lam"], dtype)),
        (where, "shuffle", lambda *_, **__: tf.constant(draws["partner"], tf.int32)),
    )


def mix(images, rows, phase, draws=None):
    transform = layer("channels_last" if phase["layout"] == "nhwc" else "channels_first")
    data = {"images": tf.convert_to_tensor(images), "labels": tf.convert_to_tensor(rows)}
    if draws is None:
        out = transform(data, training=True)
    else:
        with recorded(transform.backend.random, draws, transform.compute_dtype):
            out = transform(data, training=True)
    return out["images"], out["labels"]


if __name__ == "__main__":
    keras.utils.set_random_seed(2019)
    cutmix_audit.run(
        mix,
        name="keras.layers.CutMix, TensorFlow backend",
        version=VERSION,
        labels="rows",
        declares=["fixed_alpha"],
        reseed=seed,
        argv=REST,
    )
