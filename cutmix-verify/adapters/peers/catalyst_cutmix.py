# SPDX-License-Identifier: MIT OR Apache-2.0
"""catalyst.contrib.callbacks.CutmixCallback, called as a runner calls it; targets and weight are those of its loss. A single file of the
package: its base class, which computes the loss, is a stub.

cutmix-verify check --exec "python catalyst_cutmix.py" --alpha 1 --alpha 0.2
"""

import types

import numpy as np
import torch

from _feed import cutmix_audit, options, single_file, tensor, torch_quiet, torch_seed, version

VERSION = version("catalyst", "20.12")
ARGS, REST = options()


class CriterionCallback:
    """In place of the base class, of which mixing needs nothing."""


CutmixCallback = single_file(
    "catalyst",
    "catalyst/contrib/callbacks/cutmix_callback.py",
    {"catalyst.callbacks.criterion": {"CriterionCallback": CriterionCallback}},
).CutmixCallback


def mix(images, labels, phase, alpha=1.0):
    callback = CutmixCallback(alpha=alpha)
    targets = torch.from_numpy(labels)
    runner = types.SimpleNamespace(
        input={"features": tensor(images, phase), "targets": targets}, device="cpu", is_train_loader=True
    )
    callback.on_loader_start(runner)
    callback.on_batch_start(runner)
    # As in _compute_loss: the weight `lam` for the targets, the rest for targets[index].
    return runner.input["features"], (targets, targets[callback.index], callback.lam)


if __name__ == "__main__":
    torch_quiet()
    np.random.seed(2019)
    cutmix_audit.run(
        mix, name="catalyst CutmixCallback", version=VERSION, declares=["in_place"], reseed=torch_seed, argv=REST
    )
