#!/usr/bin/env python3
"""Mixes a batch of NumPy memory in place through the C library, with ctypes alone, and checks the labels.

    python3 batch.py [libcutmix.so]      or CUTMIX_LIBRARY=libcutmix.so

Needs NumPy of any version. Exits with 2 and one line if it or the library is missing, with 1 if a check fails.
"""

import ctypes as c
import ctypes.util
import os
import sys


def stop(line):
    print(f"batch.py: {line}", file=sys.stderr)
    sys.exit(2)


try:
    import numpy as np
except ImportError:
    stop("numpy is missing (pip install numpy)")

PATH = (sys.argv[1:2] or [os.environ.get("CUTMIX_LIBRARY")])[0] or ctypes.util.find_library("cutmix")
if not PATH:
    stop("no library: give the path of libcutmix.so, or set CUTMIX_LIBRARY")
try:
    LIB = c.CDLL(PATH)
except OSError as error:
    stop(f"the library cannot be loaded: {error}")

U32, U64, SIZE, F64, PTR = c.c_uint32, c.c_uint64, c.c_size_t, c.c_double, c.c_void_p


class Config(c.Structure):
    _fields_ = [(name, U32) for name in
                "struct_size width height method rule extent fixed_width fixed_height grid reserved".split()]
    _fields_ += [(name, F64) for name in
                 "switch_cutmix extent_min extent_max probability cutmix_alpha cutmix_beta mixup_alpha mixup_beta".split()]
    _fields_ += [("partners", U64)]


class BatchConfig(c.Structure):
    _fields_ = [("struct_size", U32), ("scope", U32), ("pairing", U32), ("reserved", U32), ("first_index", U64),
                ("indices", PTR), ("partners", PTR)]


class Sample(c.Structure):
    _fields_ = [("struct_size", U32), ("method", U32), ("applied", U32), ("patch", U32 * 4), ("noise", U32 * 2),
                ("reserved", U32), ("partner", U64), ("kept", U64), ("total", U64), ("lambda_", F64)]


class Image(c.Structure):
    _fields_ = [(name, U32) for name in "struct_size element width height planes pixel_bytes".split()]
    _fields_ += [("data", PTR), ("data_bytes", SIZE), ("origin", SIZE), ("row_pitch", c.c_ssize_t),
                 ("plane_pitch", c.c_ssize_t)]


LIB.cutmix_status_message.restype = c.c_char_p
LIB.cutmix_version.restype = c.c_char_p
LIB.cutmix_abi_version.restype = U32
# Numbers that are not pointers or structs must be said to be as wide as they are.
LIB.cutmix_config_init.argtypes = [PTR, SIZE, U32, U32]
LIB.cutmix_batch_config_init.argtypes = [PTR, SIZE, U64]
LIB.cutmix_batch_work_bytes.argtypes = [SIZE, SIZE, PTR]
LIB.cutmix_plan_batch.argtypes = [U64, U64, U64, PTR, PTR, PTR, SIZE, PTR, SIZE]
LIB.cutmix_image_nhwc.argtypes = [PTR, SIZE, PTR, SIZE, U32, U32, U32, U32]
LIB.cutmix_batch_in_place.argtypes = [U32, PTR, SIZE, PTR, SIZE, PTR, PTR, SIZE]
LIB.cutmix_batch_label_ids.argtypes = [PTR, SIZE, PTR, SIZE, PTR, F64]


def call(name, *arguments):
    status = getattr(LIB, name)(*arguments)
    if status:
        stop(f"{name}: {LIB.cutmix_status_message(status).decode()}")


if LIB.cutmix_abi_version() < 1:
    stop("the library is older than ABI 1")

N, H, W, C, CLASSES = 16, 48, 64, 3, 10
before = np.random.RandomState(0).randint(0, 256, (N, H, W, C)).astype(np.uint8)
images = before.copy()
classes = (np.arange(N) % CLASSES).astype(np.uint32)
labels = np.zeros((N, CLASSES), np.float32)

config, batch, image, work_bytes = Config(), BatchConfig(), Image(), SIZE()
samples = (Sample * N)()
samples[0].struct_size = c.sizeof(Sample)
call("cutmix_config_init", c.byref(config), c.sizeof(config), W, H)
call("cutmix_batch_config_init", c.byref(batch), c.sizeof(batch), 0)
batch.pairing = 3  # CUTMIX_PAIRING_DERANGEMENT
call("cutmix_batch_work_bytes", N, 4096, c.byref(work_bytes))
work = c.create_string_buffer(work_bytes.value)
call("cutmix_plan_batch", 7, 0, 0, c.byref(config), c.byref(batch), samples, N, work, work_bytes)
call("cutmix_image_nhwc", c.byref(image), c.sizeof(image), images.ctypes.data, images.nbytes, W, H, C, 1)
call("cutmix_batch_in_place", 0, c.byref(image), 0, samples, N, None, work, work_bytes)
call("cutmix_batch_label_ids", samples, N, labels.ctypes.data, CLASSES, classes.ctypes.data, 0.0)

for i, sample in enumerate(samples):
    x0, y0, x1, y1 = sample.patch
    want = before[i].copy()
    want[y0:y1, x0:x1] = before[sample.partner][y0:y1, x0:x1]
    row = np.zeros(CLASSES, np.float32)
    kept = np.float32(1 - (x1 - x0) * (y1 - y0) / float(W * H))
    row[classes[i]] += kept
    row[classes[sample.partner]] += np.float32(1) - kept
    if not np.array_equal(images[i], want) or not np.allclose(labels[i], row, rtol=0, atol=1e-6):
        print(f"batch.py: sample {i} is not what its plan says", file=sys.stderr)
        sys.exit(1)
print(f"cutmix {LIB.cutmix_version().decode()}: {N} images mixed in place, pixels and labels as planned")
