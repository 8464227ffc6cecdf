# SPDX-License-Identifier: MIT OR Apache-2.0
"""torchtoolbox.tools.cutmix_data and mixup_data, on class ids: targets and weight as its mixup_criterion uses them. A single file of the
package, without the rest of it.

cutmix-verify check --exec "python torchtoolbox_cutmix.py" --alpha 1 --alpha 0.2
cutmix-verify check --exec "python torchtoolbox_cutmix.py --method mixup" --method mixup --alpha 1 --alpha 0.2
"""

import torch

from _feed import cutmix_audit, options, single_file, tensor, torch_quiet, torch_seed, version

VERSION = version("torchtoolbox", "0.1.8.2")
ARGS, REST = options(method=["cutmix", "mixup"])
TOOLS = single_file("torchtoolbox", "torchtoolbox/tools/mixup.py", {})


def mix(images, labels, phase, alpha=1.0):
    function = TOOLS.mixup_data if ARGS.method == "mixup" else TOOLS.cutmix_data
    out, target_a, target_b, lam = function(tensor(images, phase), torch.from_numpy(labels), alpha=alpha)
    return out, (target_a, target_b, lam)


if __name__ == "__main__":
    torch_quiet()
    declares = ["in_place"] if ARGS.method == "cutmix" else []
    cutmix_audit.run(
        mix, name="torchtoolbox %s_data" % ARGS.method, version=VERSION, declares=declares, reseed=torch_seed, argv=REST
    )
