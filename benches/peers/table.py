# SPDX-License-Identifier: MIT OR Apache-2.0
"""What is measured where. Imports nothing, so that `run` needs no numpy."""

# Environments of `.ci/peers`, the layout that their packages want, and the functions of `peers.py`.
ENVIRONMENTS = {
    "torch": ("nchw", ["torchvision", "timm", "kornia", "fastai"]),
    "mmpretrain": ("nchw", ["mmpretrain"]),
    "tensorflow": ("nhwc", ["keras"]),
}

# Name, type, shape as NCHW, classes.
CASES = [
    ("f32 128x3x224x224", "float32", (128, 3, 224, 224), 1000),
    ("f32 512x3x32x32", "float32", (512, 3, 32, 32), 100),
    ("u8 128x3x224x224", "uint8", (128, 3, 224, 224), 1000),
]
