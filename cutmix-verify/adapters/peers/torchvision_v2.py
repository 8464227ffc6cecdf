# SPDX-License-Identifier: MIT OR Apache-2.0
"""torchvision.transforms.v2 CutMix and MixUp.

cutmix-verify check --exec "python torchvision_v2.py" --alpha 1 --alpha 0.2
cutmix-verify check --exec "python torchvision_v2.py --method mixup" --method mixup --alpha 1
"""

import torch
from torchvision.transforms import v2

from _feed import RecordedBeta, Uniforms, cutmix_audit, options, patched, tensor, torch_quiet, torch_seed, version

VERSION = version("torchvision", "0.29.2")
ARGS, REST = options("rows", method=["cutmix", "mixup"])
CLASS = {"cutmix": v2.CutMix, "mixup": v2.MixUp}[ARGS.method]


def mix(images, labels, phase, alpha=1.0, draws=None):
    # A whole-numbered alpha is refused by 0.29.2 ("not implemented for 'Long'"), hence float().
    transform = CLASS(alpha=float(alpha), num_classes=phase["classes"])
    if draws is None:
        return transform(tensor(images, phase), torch.from_numpy(labels))
    transform._dist = RecordedBeta(draws["lam"][0])
    uniforms = Uniforms([draws["x"][0], draws["y"][0]])
    with patched((torch, "randint", lambda high, size: torch.full(size, uniforms.whole(0, high)))):
        return transform(tensor(images, phase), torch.from_numpy(labels))


if __name__ == "__main__":
    torch_quiet()
    name = "torchvision v2." + CLASS.__name__
    cutmix_audit.run(mix, name=name, version=VERSION, labels="rows" if ARGS.rows else "ids", reseed=torch_seed, argv=REST)
