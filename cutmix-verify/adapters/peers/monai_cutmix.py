# SPDX-License-Identifier: MIT OR Apache-2.0
"""monai.transforms.CutMix on images and label rows.

cutmix-verify check --exec "python monai_cutmix.py" --alpha 1 --alpha 0.2
"""

import functools

import numpy as np
import torch
from monai.transforms import CutMix

from _feed import Uniforms, cutmix_audit, options, tensor, torch_quiet, version

VERSION = version("monai", "1.6.1")
ARGS, REST = options()


class Recorded:
    """In place of the transform's RandomState."""

    def __init__(self, draws):
        self.draws, self.uniforms = draws, Uniforms([draws["y"][0], draws["x"][0]])

    def rand(self):
        return 0.0

    def beta(self, _a, _b, size):
        return self.draws["lam"][:size]

    def permutation(self, _count):
        return self.draws["partner"]

    def randint(self, low, high, size):
        return np.full(size, self.uniforms.whole(low, high))


STATE = np.random.RandomState(2019)


def seed(number):
    STATE.seed(number)


@functools.lru_cache(maxsize=None)
def transform_of(batch, alpha):
    # Its random state is its own, so the transform is kept from call to call.
    transform = CutMix(batch_size=batch, alpha=alpha)
    transform.set_random_state(state=STATE)
    return transform


def mix(images, rows, phase, alpha=1.0, draws=None):
    transform = transform_of(len(images), float(alpha))
    transform.R = STATE if draws is None else Recorded(draws)
    return transform(tensor(images, phase), torch.from_numpy(rows))


if __name__ == "__main__":
    torch_quiet()
    cutmix_audit.run(mix, name="MONAI CutMix", version=VERSION, labels="rows", reseed=seed, argv=REST)
