# SPDX-License-Identifier: MIT OR Apache-2.0
"""keras_cv.layers.CutMix on label rows (it takes no class ids).

cutmix-verify check --exec "python keras_cv_cutmix.py" --layout nhwc --alpha 1 --alpha 0.2
"""

import contextlib
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

# It prints a greeting, and stdout belongs to the protocol.
with contextlib.redirect_stdout(sys.stderr):
    import keras_cv

from _feed import Uniforms, cutmix_audit, options, patched, version

VERSION = version("keras-cv", "0.9.0")
ARGS, REST = options()
LAYERS = {}


def layer(alpha):
    if alpha not in LAYERS:
        LAYERS[alpha] = keras_cv.layers.CutMix(alpha=alpha)
    return LAYERS[alpha]


def seed(number):
    LAYERS.clear()
    tf.keras.utils.set_random_seed(number)


def recorded(draws):
    lam = draws["lam"].astype(np.float32)
    gammas = [lam, np.float32(1) - lam]
    # Rows first, then columns.
    places = [draws["y"], draws["x"]]

    def uniform(shape, minval, maxval, dtype):
        return tf.constant([Uniforms([u]).whole(minval, int(maxval)) for u in places.pop(0)], dtype)

    return patched(
        (tf.random, "shuffle", lambda value, seed=None: tf.constant(draws["partner"], tf.int32)),
        (tf.random, "gamma", lambda shape, alpha: tf.constant(gammas.pop(0))),
        (tf.random, "uniform", uniform),
    )


def mix(images, rows, phase, alpha=1.0, draws=None):
    transform = layer(float(alpha))
    data = {"images": tf.convert_to_tensor(images), "labels": tf.convert_to_tensor(rows)}
    if draws is None:
        out = transform(data, training=True)
    else:
        with recorded(draws):
            out = transform(data, training=True)
    return out["images"], out["labels"]


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(2019)
    cutmix_audit.run(
        mix, name="keras_cv.layers.CutMix", version=VERSION, labels="rows", reseed=seed, argv=REST
    )
