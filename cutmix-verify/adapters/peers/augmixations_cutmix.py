# SPDX-License-Identifier: MIT OR Apache-2.0
"""augmixations' Cutmix for detection: images [H, W, C] in pairs, with no object in either. It has no label weight and no lambda: what is
audited is pixels and boxes. The adapter draws the pairs.

cutmix-verify check --exec "python augmixations_cutmix.py" --layout nhwc
"""

import numpy as np
from augmixations import Cutmix

from _feed import cutmix_audit, options, version

VERSION = version("augmixations", "0.2.21")
ARGS, REST = options()
NO_BOXES, NO_LABELS = np.zeros((0, 4)), np.zeros(0, np.int64)


def mix(images):
    transform = Cutmix()
    partners = np.random.permutation(len(images))
    outs = [transform(images[a], NO_BOXES, NO_LABELS, images[b], NO_BOXES, NO_LABELS)[0] for a, b in enumerate(partners)]
    return np.stack(outs)


if __name__ == "__main__":
    np.random.seed(2019)
    cutmix_audit.run(
        mix, name="augmixations Cutmix", version=VERSION, labels="none", reseed=np.random.seed, argv=REST
    )
