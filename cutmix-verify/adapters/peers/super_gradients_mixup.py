# SPDX-License-Identifier: MIT OR Apache-2.0
"""super_gradients' CollateMixup with CutMix or Mixup, on a batch as a data loader collates it. Its modes are batch, pair, elem
and half. A single file of the package: the registry of collate functions and its exception are stubs.

cutmix-verify check --exec "python super_gradients_mixup.py" --alpha 1 --alpha 0.2
cutmix-verify check --exec "python super_gradients_mixup.py --method mixup" --method mixup --alpha 1 --alpha 0.2
"""

from _feed import cutmix_audit, options, single_file, tensor, torch_quiet, torch_seed, version

VERSION = version("super-gradients", "3.7.1")
ARGS, REST = options("minmax", method=["cutmix", "mixup"], mode=["batch", "pair", "elem"])
# The default of the package, which its documentation gives.
SMOOTHING = 0.1


class IllegalDatasetParameterException(Exception):
    """In place of the package's."""


CollateMixup = single_file(
    "super-gradients",
    "super_gradients/training/datasets/mixup.py",
    {
        "super_gradients.common.registry.registry": {"register_collate_function": lambda: lambda kind: kind},
        "super_gradients.common.exceptions.dataset_exceptions": {
            "IllegalDatasetParameterException": IllegalDatasetParameterException
        },
    },
).CollateMixup


def collate_of(classes, alpha):
    cutmix = ARGS.method == "cutmix"
    return CollateMixup(
        mixup_alpha=0.0 if cutmix else alpha,
        cutmix_alpha=alpha if cutmix else 0.0,
        cutmix_minmax=[0.2, 0.8] if ARGS.minmax else None,
        mode=ARGS.mode,
        label_smoothing=SMOOTHING,
        num_classes=classes,
    )


def mix(images, labels, phase, alpha=1.0):
    x = tensor(images, phase)
    return collate_of(phase["classes"], float(alpha))([(x[i], int(labels[i])) for i in range(len(x))])


if __name__ == "__main__":
    torch_quiet()
    name = "super-gradients CollateMixup, %s, %s" % (ARGS.method, ARGS.mode) + (", minmax" if ARGS.minmax else "")
    cutmix_audit.run(
        mix, name=name, version=VERSION, smoothing=SMOOTHING, declares=["even_batch"], reseed=torch_seed, argv=REST
    )
