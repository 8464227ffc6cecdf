# SPDX-License-Identifier: MIT OR Apache-2.0
"""fastestimator's CutMixBatch on label rows, in TensorFlow (images [B, H, W, C]) or, with --framework torch, in torch ([B, C, H, W]). Single
files of the package, its operation and the arithmetic that this calls; the other framework and the operation's base class are stubs.

cutmix-verify check --exec "python fastestimator_cutmix.py" --layout nhwc --alpha 1 --alpha 0.2
cutmix-verify check --exec "python fastestimator_cutmix.py --framework torch" --alpha 1 --alpha 0.2
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from _feed import cutmix_audit, options, single_file, tensor, torch_quiet, torch_seed, version

VERSION = version("fastestimator", "1.7.0")
ARGS, REST = options(framework=["tf", "torch"])
FOLDER = "fastestimator/backend/_"


class Absent:
    """In place of the other framework's tensors and devices: nothing is one."""


class TensorOp:
    """In place of the base class, of which mixing needs nothing."""

    def __init__(self, inputs, outputs, mode, ds_id):
        self.inputs, self.outputs, self.mode, self.ds_id = inputs, outputs, mode, ds_id


def operation():
    """The class CutMixBatch for the framework asked for."""
    if ARGS.framework == "tf":
        import tensorflow as tf

        other = {"torch": {"Tensor": Absent, "device": Absent}}
        types = {"STRING_TO_TF_DTYPE": {"float32": tf.float32, "int32": tf.int32}, "STRING_TO_TORCH_DTYPE": {}}
    else:
        import torch

        absent = {"Tensor": Absent, "is_tensor": lambda _: False}
        other = {"tensorflow": absent, "tensorflow_probability": {}}
        types = {"STRING_TO_TF_DTYPE": {}, "STRING_TO_TORCH_DTYPE": {"float32": torch.float32, "int32": torch.int32}}
    stubs = dict(other)
    stubs["fastestimator.util.util"] = types
    stubs["fastestimator.op.tensorop.tensorop"] = {"TensorOp": TensorOp}
    for name in ("cast", "clip_by_value", "roll", "get_image_dims", "maximum", "tensor_round", "tensor_sqrt"):
        module = single_file("fastestimator", FOLDER + name + ".py", {**other, "fastestimator.util.util": types})
        stubs["fastestimator.backend._" + name] = {name: getattr(module, name)}
    return single_file("fastestimator", "fastestimator/op/tensorop/augmentation/cutmix_batch.py", stubs).CutMixBatch


def seed(number):
    if ARGS.framework == "torch":
        torch_seed(number)
    else:
        import tensorflow as tf

        tf.random.set_seed(number)


CutMixBatch = operation()


def mix(images, rows, phase, alpha=1.0):
    transform = CutMixBatch(inputs=["x", "y"], outputs=["x", "y"], alpha=alpha)
    if ARGS.framework == "torch":
        import torch

        transform.build("torch")
        return transform.forward([tensor(images, phase), torch.from_numpy(rows)], {})
    import tensorflow as tf

    transform.build("tf")
    return transform.forward([tf.convert_to_tensor(images), tf.convert_to_tensor(rows)], {})


if __name__ == "__main__":
    if ARGS.framework == "torch":
        torch_quiet()
    seed(2019)
    declares = ["in_place"] if ARGS.framework == "torch" else []
    cutmix_audit.run(
        mix,
        name="fastestimator CutMixBatch, " + {"tf": "TensorFlow", "torch": "torch"}[ARGS.framework],
        version=VERSION,
        labels="rows",
        declares=declares,
        reseed=seed,
        argv=REST,
    )
