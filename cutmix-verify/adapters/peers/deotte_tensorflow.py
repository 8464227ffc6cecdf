# SPDX-License-Identifier: MIT OR Apache-2.0
"""Chris Deotte's CutMix of the Kaggle notebooks, in TensorFlow, operation by operation: square images [B, DIM, DIM, C], a draw
for every sample, label rows or class ids, and a label with the box as it was before it was clipped.

cutmix-verify check --exec "python deotte_tensorflow.py" --layout nhwc
"""

import tensorflow as tf

from _feed import Uniforms, cutmix_audit, options, patched, version

VERSION = version("tensorflow-cpu", "2.21.0")
ARGS, REST = options("rows")
PROBABILITY = 1.0


def cutmix(image, label, classes):
    batch, dim = image.shape[0], image.shape[1]
    images, labels = [], []
    for j in range(batch):
        apply = tf.cast(tf.random.uniform([], 0, 1) <= PROBABILITY, tf.int32)
        k = tf.cast(tf.random.uniform([], 0, batch), tf.int32)
        x = tf.cast(tf.random.uniform([], 0, dim), tf.int32)
        y = tf.cast(tf.random.uniform([], 0, dim), tf.int32)
        # A uniform number in place of Beta(1, 1).
        b = tf.random.uniform([], 0, 1)
        width = tf.cast(dim * tf.math.sqrt(1 - b), tf.int32) * apply
        ya, yb = tf.math.maximum(0, y - width // 2), tf.math.minimum(dim, y + width // 2)
        xa, xb = tf.math.maximum(0, x - width // 2), tf.math.minimum(dim, x + width // 2)
        middle = tf.concat([image[j, ya:yb, 0:xa], image[k, ya:yb, xa:xb], image[j, ya:yb, xb:dim]], axis=1)
        images.append(tf.concat([image[j, 0:ya], middle, image[j, yb:dim]], axis=0))
        a = tf.cast(width * width / dim / dim, tf.float32)
        if len(label.shape) == 1:
            one, two = tf.one_hot(label[j], classes), tf.one_hot(label[k], classes)
        else:
            one, two = label[j], label[k]
        labels.append((1 - a) * one + a * two)
    return tf.stack(images), tf.stack(labels)


def uniform(recorded):
    """tf.random.uniform of the recorded numbers, in its own arithmetic: low + u * (high - low) in binary32."""
    return lambda _shape, low, high: tf.constant(low, tf.float32) + tf.constant(recorded(), tf.float32) * tf.constant(
        high - low, tf.float32
    )


def mix(images, labels, phase, draws=None):
    x, y = tf.convert_to_tensor(images), tf.convert_to_tensor(labels)
    if draws is None:
        return cutmix(x, y, phase["classes"])
    batch, values = len(images), []
    for i in range(batch):
        # The middle of the interval that the kernel cuts to the recorded partner.
        values += [0.0, (draws["partner"][i] + 0.5) / batch, draws["x"][i], draws["y"][i], draws["lam"][i]]
    with patched((tf.random, "uniform", uniform(Uniforms(values)))):
        return cutmix(x, y, phase["classes"])


if __name__ == "__main__":
    tf.random.set_seed(2019)
    name = "Deotte's kernel, TensorFlow, " + ("rows" if ARGS.rows else "class ids")
    labels = "rows" if ARGS.rows else "ids"
    cutmix_audit.run(
        mix,
        name=name,
        version=VERSION,
        labels=labels,
        declares=["square_only", "fixed_alpha"],
        reseed=tf.random.set_seed,
        argv=REST,
    )
