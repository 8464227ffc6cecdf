# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the adapters of packages share: pinned versions, options, tensors, and recorded draws in place of a package's own
random source, so that its arithmetic can be held against a profile bit for bit."""

import argparse
import contextlib
import importlib.metadata
import os
import sys
from unittest import mock

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit  # noqa: E402,F401


def version(package, *pins):
    """The installed version; says so on stderr where the adapter was written for another one."""
    found = importlib.metadata.version(package)
    if found not in pins:
        sys.stderr.write("%s %s is installed, this adapter pins %s\n" % (package, found, " and ".join(pins)))
    return found


def options(*flags, **choices):
    """Flags and choices of an adapter, and what is left for the helper."""
    parser = argparse.ArgumentParser(add_help=False)
    for flag in flags:
        parser.add_argument("--" + flag, action="store_true")
    for name, values in choices.items():
        parser.add_argument("--" + name, choices=values, default=values[0])
    return parser.parse_known_args()


class Uniforms:
    """Recorded uniform numbers in [0, 1), handed out in the order in which a package asks for whole numbers."""

    def __init__(self, values):
        self.values = list(values)

    def __call__(self):
        return float(self.values.pop(0))

    def whole(self, low, high):
        """A whole number in low .. high, the upper end excluded."""
        return low + int(self() * (high - low))


@contextlib.contextmanager
def patched(*patches):
    """Several attributes replaced at once: (object, name, value)."""
    with contextlib.ExitStack() as stack:
        for where, name, value in patches:
            stack.enter_context(mock.patch.object(where, name, value))
        yield


# torch


def tensor(images, phase):
    """The array as a tensor that shares its memory: what is changed in place is seen."""
    import torch

    if phase["dtype"] == "bf16":
        return torch.from_numpy(images.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(images)


class RecordedBeta:
    """In place of torch's Beta: draws the recorded lambda as that does, as a tensor of one binary32."""

    def __init__(self, lam):
        import torch

        self.lam = torch.tensor([lam], dtype=torch.float32)

    def sample(self, _shape):
        return self.lam


def one_hot(ids, classes):
    """Binary32 rows."""
    return np.eye(classes, dtype=np.float32)[ids]


def torch_seed(number):
    import torch

    torch.manual_seed(number)
    np.random.seed(number)


def torch_quiet():
    """One thread: what is audited is the result, and small batches are faster so."""
    import torch

    torch.set_num_threads(1)
    torch_seed(2019)
