# SPDX-License-Identifier: MIT OR Apache-2.0
"""CutMix and Mixup of the Adversarial Robustness Toolbox (`art.defences.preprocessor`), in numpy, on class ids or label rows.

cutmix-verify check --exec "python art_cutmix.py" --alpha 1 --alpha 0.2
cutmix-verify check --exec "python art_cutmix.py --method mixup" --method mixup --alpha 1 --alpha 0.2
"""

import numpy as np
from art.defences.preprocessor import CutMix, Mixup

from _feed import cutmix_audit, options, version

VERSION = version("adversarial-robustness-toolbox", "1.20.1")
ARGS, REST = options("rows", method=["cutmix", "mixup"])


def mix(images, labels, phase, alpha=1.0):
    if ARGS.method == "mixup":
        return Mixup(num_classes=phase["classes"], alpha=alpha)(images, labels)
    transform = CutMix(
        num_classes=phase["classes"], alpha=alpha, probability=1.0, channels_first=phase["layout"] == "nchw"
    )
    return transform(images, labels)


if __name__ == "__main__":
    np.random.seed(2019)
    name = "ART " + {"cutmix": "CutMix", "mixup": "Mixup"}[ARGS.method] + (", rows" if ARGS.rows else "")
    labels = "rows" if ARGS.rows else "ids"
    cutmix_audit.run(mix, name=name, version=VERSION, labels=labels, reseed=np.random.seed, argv=REST)
