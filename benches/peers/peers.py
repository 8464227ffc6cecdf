# SPDX-License-Identifier: MIT OR Apache-2.0
"""What is measured: the CutMix of each package, as its users call it, on one batch. Each function takes a case and gives
callables by name; a package that does not take such a batch gives the reason instead of a callable."""

import numpy as np


class Refused(Exception):
    """Why a package is not measured on a batch. One line."""


class Case:
    """A batch, its class ids and its label rows, the same in every process."""

    def __init__(self, name, dtype, shape, classes, layout):
        self.name, self.dtype, self.classes, self.layout = name, np.dtype(dtype), classes, layout
        self.batch, self.channels, self.height, self.width = shape
        rng = np.random.default_rng(2019)
        whole = rng.integers(0, 256, shape if layout == "nchw" else (shape[0], *shape[2:], shape[1]), dtype=np.uint8)
        self.images = whole if self.dtype == np.uint8 else (whole / np.float32(255)).astype(self.dtype)
        self.ids = rng.integers(0, classes, self.batch)
        self.rows = np.eye(classes, dtype=np.float32)[self.ids]


def box(rng, width, height):
    """A box of the paper's law, as the authors' code has it."""
    root = (1.0 - rng.random()) ** 0.5
    half = [int(width * root) // 2, int(height * root) // 2]
    x, y = rng.integers(0, width), rng.integers(0, height)
    return max(0, x - half[0]), max(0, y - half[1]), min(width, x + half[0]), min(height, y + half[1])


def numpy_slicing(case):
    """What one writes by hand: in place, one box a batch or one a sample."""
    images, rows, rng = case.images, case.rows, np.random.default_rng(1)
    cut = (lambda i, b: (i, slice(None), slice(b[1], b[3]), slice(b[0], b[2]))) if case.layout == "nchw" else (
        lambda i, b: (i, slice(b[1], b[3]), slice(b[0], b[2]))
    )

    def weigh(b):
        return 1.0 - (b[2] - b[0]) * (b[3] - b[1]) / (case.width * case.height)

    def one_box():
        order, b = rng.permutation(case.batch), box(rng, case.width, case.height)
        images[cut(slice(None), b)] = images[cut(order, b)]
        kept = np.float32(weigh(b))
        return kept * rows + (1 - kept) * rows[order]

    def per_sample():
        order, given, kept = rng.permutation(case.batch), images.copy(), np.empty((case.batch, 1), np.float32)
        for i, j in enumerate(order):
            b = box(rng, case.width, case.height)
            images[cut(i, b)] = given[cut(j, b)]
            kept[i] = weigh(b)
        return kept * rows + (1 - kept) * rows[order]

    return {"numpy slicing, one box": one_box, "numpy slicing, per sample": per_sample}


def torch_of(case):
    import torch

    torch.set_num_threads(1)
    return torch.from_numpy(case.images), torch.from_numpy(case.ids), torch.from_numpy(case.rows)


def torchvision(case):
    from torchvision.transforms import v2

    x, ids, _ = torch_of(case)
    transform = v2.CutMix(alpha=1.0, num_classes=case.classes)
    return {"torchvision v2.CutMix": lambda: transform(x, ids)}


def timm(case):
    from timm.data import Mixup

    x, ids, _ = torch_of(case)

    def mode(name):
        transform = Mixup(mixup_alpha=0.0, cutmix_alpha=1.0, mode=name, label_smoothing=0.1, num_classes=case.classes)
        return lambda: transform(x, ids)

    return {"timm Mixup, %s" % name: mode(name) for name in ("batch", "elem")}


def kornia(case):
    if case.dtype == np.uint8:
        raise Refused("images of whole numbers are not supported")
    from kornia.augmentation import RandomCutMixV2

    x, ids, _ = torch_of(case)
    transform = RandomCutMixV2(data_keys=["input", "class"], p=1.0)
    return {"kornia RandomCutMixV2": lambda: transform(x, ids)}


def fastai(case):
    from fastai.callback.mixup import CutMix

    x, ids, _ = torch_of(case)

    class Learner:
        training = True

        def __init__(self):
            self.xb, self.yb = (x,), (ids,)

        x = property(lambda self: self.xb[0])
        y = property(lambda self: self.yb[0])

    def step():
        callback = CutMix(1.0)
        callback.learn, callback.stack_y = Learner(), True
        callback.before_batch()

    return {"fastai CutMix": step}


def mmpretrain(case):
    from mmpretrain.models.utils.batch_augments import CutMix

    x, _, rows = torch_of(case)
    transform = CutMix(alpha=1.0)
    return {"mmpretrain CutMix": lambda: transform(x, rows)}


def keras(case):
    import os

    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras as package

    layer = package.layers.CutMix(data_format="channels_last")
    data = {"images": tf.convert_to_tensor(case.images), "labels": tf.convert_to_tensor(case.rows)}
    return {"keras.layers.CutMix": lambda: layer(data, training=True)["images"].numpy()[0, 0, 0, 0]}
