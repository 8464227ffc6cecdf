# SPDX-License-Identifier: MIT OR Apache-2.0
"""ultralytics' CutMix for detection and segmentation: images [H, W, C] of a data set, with semantic masks, and no object in either
image, so that every box is allowed. It has no label weight: what is audited is pixels, masks and boxes.

cutmix-verify check --exec "python ultralytics_cutmix.py" --layout nhwc --dtype u8 --masks --alpha 1 --alpha 0.2
"""

import contextlib
import random
import sys

import numpy as np

# It says on stdout that it writes its settings, and stdout belongs to the protocol.
with contextlib.redirect_stdout(sys.stderr):
    from ultralytics.data.augment import CutMix
    from ultralytics.utils.instance import Instances

from _feed import cutmix_audit, options, version

VERSION = version("ultralytics", "8.4.190")
ARGS, REST = options()


class Dataset:
    """The batch as a data set: partners come from it, as copies."""

    def __init__(self, images, masks):
        self.images, self.masks = images, masks

    def __len__(self):
        return len(self.images)

    def get_image_and_label(self, index):
        return self.labels(self.images[index].copy(), self.masks[index].copy())

    @staticmethod
    def labels(image, mask):
        height, width = mask.shape
        none = Instances(np.zeros((0, 4), np.float32), bbox_format="xyxy", normalized=False)
        return {
            "img": image,
            "instances": none,
            "cls": np.zeros((0, 1), np.float32),
            "semantic_mask": mask,
            "resized_shape": (height, width),
        }


def seed(number):
    random.seed(number)
    np.random.seed(number)


def mix(images, masks, alpha=1.0):
    # Without masks in the probe the transform still has to have some, or it wants objects.
    given = np.zeros(images.shape[:3], np.uint8) if masks is None else masks
    dataset = Dataset(images.copy(), given)
    transform = CutMix(dataset, p=1.0, beta=alpha)
    outs = [transform(Dataset.labels(image, mask)) for image, mask in zip(images, given)]
    out = {"images": np.stack([labels["img"] for labels in outs])}
    if masks is not None:
        out["masks"] = np.stack([labels["semantic_mask"] for labels in outs])
    return out


if __name__ == "__main__":
    seed(2019)
    cutmix_audit.run(
        mix, name="ultralytics CutMix", version=VERSION, labels="none", declares=["in_place"], reseed=seed, argv=REST
    )
