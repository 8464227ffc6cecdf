# SPDX-License-Identifier: MIT OR Apache-2.0
"""cutmix-core through its C ABI, called with ctypes on the memory of the others: a new plan with a box for each sample, the
images in place, and the label rows of the class ids."""

import ctypes as c
import itertools

import numpy as np

U32, U64, SIZE, F64, PTR = c.c_uint32, c.c_uint64, c.c_size_t, c.c_double, c.c_void_p
PERMUTATION, ELEMENT = 2, {"uint8": 1, "float32": 3}


class Config(c.Structure):
    _fields_ = [(name, U32) for name in (
        "struct_size", "width", "height", "method", "rule", "extent", "fixed_width", "fixed_height", "grid", "reserved")]
    _fields_ += [(name, F64) for name in (
        "switch_cutmix", "extent_min", "extent_max", "probability", "cutmix_alpha", "cutmix_beta", "mixup_alpha", "mixup_beta")]
    _fields_ += [("partners", U64)]


class BatchConfig(c.Structure):
    _fields_ = [("struct_size", U32), ("scope", U32), ("pairing", U32), ("reserved", U32), ("first_index", U64),
                ("indices", PTR), ("partners", PTR)]


class Sample(c.Structure):
    _fields_ = [("struct_size", U32), ("method", U32), ("applied", U32), ("patch", U32 * 4), ("noise", U32 * 2),
                ("reserved", U32), ("partner", U64), ("kept", U64), ("total", U64), ("lambda_", F64)]


class Image(c.Structure):
    _fields_ = [(name, U32) for name in ("struct_size", "element", "width", "height", "planes", "pixel_bytes")]
    _fields_ += [("data", PTR), ("data_bytes", SIZE), ("origin", SIZE), ("row_pitch", c.c_ssize_t), ("plane_pitch", c.c_ssize_t)]


ARGUMENTS = {
    "cutmix_config_init": [PTR, SIZE, U32, U32],
    "cutmix_batch_config_init": [PTR, SIZE, U64],
    "cutmix_batch_work_bytes": [SIZE, SIZE, PTR],
    "cutmix_plan_batch": [U64, U64, U64, PTR, PTR, PTR, SIZE, PTR, SIZE],
    "cutmix_image_nhwc": [PTR, SIZE, PTR, SIZE, U32, U32, U32, U32],
    "cutmix_image_nchw": [PTR, SIZE, PTR, SIZE, U32, U32, U32, U32],
    "cutmix_batch_in_place": [U32, PTR, SIZE, PTR, SIZE, PTR, PTR, SIZE],
    "cutmix_batch_label_ids": [PTR, SIZE, PTR, SIZE, PTR, F64],
}


class Library:
    def __init__(self, path):
        self.library = c.CDLL(path)
        self.library.cutmix_status_message.restype = c.c_char_p
        for name, types in ARGUMENTS.items():
            getattr(self.library, name).argtypes = types

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        if status:
            raise RuntimeError("%s: %s" % (name, self.library.cutmix_status_message(status).decode()))


def ours(case, path):
    library, n = Library(path), case.batch
    config, batch, image, size = Config(), BatchConfig(), Image(), SIZE()
    samples, ids = (Sample * n)(), case.ids.astype(np.uint32)
    samples[0].struct_size = c.sizeof(Sample)
    library.call("cutmix_config_init", c.byref(config), c.sizeof(config), case.width, case.height)
    library.call("cutmix_batch_config_init", c.byref(batch), c.sizeof(batch), 0)
    batch.pairing = PERMUTATION
    library.call("cutmix_batch_work_bytes", n, 16384, c.byref(size))
    work, images = c.create_string_buffer(size.value), case.images
    library.call(
        "cutmix_image_" + case.layout, c.byref(image), c.sizeof(image), images.ctypes.data, images.nbytes,
        case.width, case.height, case.channels, ELEMENT[str(case.dtype)],
    )
    epochs, rows = itertools.count(), np.empty((n, case.classes), np.float32)

    def step():
        library.call("cutmix_plan_batch", 2019, next(epochs), 0, c.byref(config), c.byref(batch), samples, n, work, size)
        library.call("cutmix_batch_in_place", 0, c.byref(image), 0, samples, n, None, work, size)
        library.call("cutmix_batch_label_ids", samples, n, rows.ctypes.data, case.classes, ids.ctypes.data, 0.0)
        return rows

    check(case, step, samples)
    return {"cutmix-core through the C ABI": step}


def check(case, step, samples):
    """What is measured is CutMix: pixels and labels of one step are what its plan says."""
    before = case.images.copy()
    rows = step()
    for i, sample in enumerate(samples):
        x0, y0, x1, y1 = sample.patch
        want, other = before[i].copy(), before[sample.partner]
        cut = (slice(None), slice(y0, y1), slice(x0, x1)) if case.layout == "nchw" else (slice(y0, y1), slice(x0, x1))
        want[cut] = other[cut]
        kept = 1 - (x1 - x0) * (y1 - y0) / (case.width * case.height)
        label = kept * case.rows[i] + (1 - kept) * case.rows[sample.partner]
        if not np.array_equal(case.images[i], want) or not np.allclose(rows[i], label, rtol=0, atol=1e-6):
            raise RuntimeError("sample %d is not what its plan says" % i)
