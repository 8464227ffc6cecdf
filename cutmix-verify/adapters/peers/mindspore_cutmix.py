# SPDX-License-Identifier: MIT OR Apache-2.0
"""mindspore.dataset.vision.CutMixBatch on images and label rows, called as an operation on arrays. Every such call draws from a seed of its
own, which `dataset.config.set_seed` would make the same one, so the adapter does not seed.

cutmix-verify check --exec "python mindspore_cutmix.py" --alpha 1 --alpha 0.2
"""

from mindspore.dataset import vision

from _feed import cutmix_audit, options, version

VERSION = version("mindspore", "2.10.0")
ARGS, REST = options()
FORMATS = {"nchw": vision.ImageBatchFormat.NCHW, "nhwc": vision.ImageBatchFormat.NHWC}


def mix(images, rows, phase, alpha=1.0):
    return vision.CutMixBatch(FORMATS[phase["layout"]], alpha=alpha, prob=1.0)(images, rows)


if __name__ == "__main__":
    cutmix_audit.run(mix, name="MindSpore CutMixBatch", version=VERSION, labels="rows", argv=REST)
