# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the adapters of packages share: pinned versions, options, tensors, and recorded draws in place of a package's own
random source, so that its arithmetic can be held against a profile bit for bit."""

import argparse
import contextlib
import importlib.metadata
import importlib.util
import os
import sys
import types
from unittest import mock

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import cutmix_audit  # noqa: E402,F401


class Learner:
    """As much of a Learner as a callback of fastai or tsai looks at."""

    training = True

    def __init__(self, x, y):
        self.xb, self.yb = (x,), (y,)

    x = property(lambda self: self.xb[0])
    y = property(lambda self: self.yb[0])


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


def single_file(package, path, stubs):
    """One module of an installed package, as its file has it, without the rest of the package.

    For packages whose own dependencies are many or can no longer be installed together. `path` is the file's place in the package's
    distribution; `stubs` has the modules that the file imports and that are put in place of the real ones: by name, what
    each of them has. The module can be imported under its own name from then on.
    """
    file = importlib.metadata.distribution(package).locate_file(path)
    name = path[: -len(".py")].replace("/", ".")
    spec = importlib.util.spec_from_file_location(name, file)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    real = {name: sys.modules.pop(name) for name in stubs if name in sys.modules}
    for stub, attributes in stubs.items():
        sys.modules[stub] = types.ModuleType(stub)
        vars(sys.modules[stub]).update(attributes)
    try:
        spec.loader.exec_module(module)
    finally:
        for stub in stubs:
            del sys.modules[stub]
        sys.modules.update(real)
    return module


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
