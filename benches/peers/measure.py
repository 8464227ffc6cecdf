# SPDX-License-Identifier: MIT OR Apache-2.0
"""Measures one case in one environment, in this process: `measure.py ENVIRONMENT CASE ROUNDS LIBRARY` prints JSON. Started by
`run`; the rows take turns in an order that a fixed seed shuffles, each against the numpy copies of the same round."""

import json
import random
import statistics
import sys
import time

import numpy as np

import peers
import table
from ours import ours

# A turn of a row takes at least this long, in seconds, so that the clock does not matter.
TURN = 0.02


def once(step, times):
    start = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - start) / times


def main(environment, number, rounds, library):
    layout, packages = table.ENVIRONMENTS[environment]
    case = peers.Case(*table.CASES[number], layout)
    target = np.zeros_like(case.images)
    copy = lambda: np.copyto(target, case.images)
    rows, refused = {"numpy copy": copy, "numpy copy again": copy}, {}
    rows.update(ours(case, library))
    for package in ["numpy_slicing"] + packages:
        try:
            rows.update(getattr(peers, package)(case))
        except peers.Refused as reason:
            refused[package] = str(reason)
    times = {name: [] for name in rows}
    # Twice uncounted: what is made once is made, and the number of runs of a turn is known.
    repeats = {}
    for name, step in rows.items():
        once(step, 1)
        repeats[name] = max(1, min(64, round(TURN / max(once(step, 1), 1e-7))))
    order, shuffled = list(rows), random.Random(2019)
    for done in range(rounds):
        shuffled.shuffle(order)
        for name in order:
            times[name].append(once(rows[name], repeats[name]))
        print("%d of %d rounds" % (done + 1, rounds), file=sys.stderr, flush=True)
    ratios = {
        name: statistics.median(taken / yard for taken, yard in zip(taken_all, times["numpy copy"]))
        for name, taken_all in times.items()
    }
    print(json.dumps({
        "ratios": ratios, "copy_ms": statistics.median(times["numpy copy"]) * 1e3, "refused": refused,
        "versions": versions(), "python": sys.version.split()[0],
    }))


def versions():
    from importlib import metadata

    found = {}
    for name in ("numpy", "torch", "torchvision", "timm", "kornia", "fastai", "mmpretrain", "keras", "tensorflow", "tensorflow-cpu"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
