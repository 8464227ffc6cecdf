# SPDX-License-Identifier: MIT OR Apache-2.0
"""The command line of .ci/peers."""

import argparse
import concurrent.futures
import datetime
import json
import pathlib
import subprocess
import sys
import threading
import time

from . import environments, page, traces
from .audit import Failed, Peer, compared, summary, temporary
from .environments import HERE, NotInstalled

CRATE = HERE.parent.parent
REPOSITORY = CRATE.parent
RECORD = CRATE / "docs" / "audits.json"
PAGE = CRATE / "docs" / "AUDITS.md"
NAN = "NaN and infinities"
REPLAYS = [("40x24", 192), ("24x40", 192), ("7x5", 96), ("224x224", 8)]
SQUARES = [("32x32", 192), ("31x31", 96), ("224x224", 8)]


def main(text):
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="make the environments that are missing")
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="those whose name begins so; repeat it")
    parser.add_argument("--slim", action="store_true", help="what needs nothing but numpy, and AUDITS.md against its record")
    parser.add_argument("--write", action="store_true", help="record what is found, with pictures and traces")
    parser.add_argument("--rejudge", action="store_true", help="judge the kept traces again; needs none of the packages")
    parser.add_argument("--list", action="store_true", help="name the implementations and whether they are installed")
    parser.add_argument("--jobs", type=int, default=2, help="implementations audited at once (default 2)")
    parser.add_argument("--tool", help="the cutmix-verify to judge with; by default it is built")
    parser.add_argument("--python", help="with --slim: an interpreter that has numpy, in place of an environment")
    parser.add_argument("--quiet", action="store_true", help="only what differs, and the last line")
    args = parser.parse_args()
    table = json.loads((HERE / "peers.json").read_text())
    rows = [row for row in table["peers"] if wanted(row, args)]
    if not rows:
        print("peers: --only %s: no such implementation; .ci/peers --list names them" % " ".join(args.only), file=sys.stderr)
        return 2
    if args.list:
        return listed(rows, table)
    if args.rejudge:
        tool = tool_of(args)
        with temporary() as folder:
            traces.rejudge([Peer(row, "", tool) for row in table["peers"]], folder)
        return 0
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if args.slim:
        stale = page.stale(table, record, PAGE)
        if stale:
            print("peers: %s" % stale, file=sys.stderr)
            return 1
    return audits(args, table, rows, record)


def wanted(row, args):
    named = not args.only or any(row["id"].startswith(name) for name in args.only)
    return named and (not args.slim or row.get("slim", False))


def listed(rows, table):
    for row in rows:
        try:
            environments.ready(row["environment"], table["environments"][row["environment"]])
            state = "installed"
        except NotInstalled as error:
            state = str(error)
        print("%-24s %-10s %s" % (row["id"], row["version"], state))
    return 0


def tool_of(args):
    if args.tool:
        return pathlib.Path(args.tool).resolve()
    command = ["cargo", "build", "--locked", "--release", "--quiet", "-p", "cutmix-verify", "--message-format", "json"]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "cutmix-verify":
            return pathlib.Path(message["executable"])
    raise SystemExit("peers: cargo built no cutmix-verify")


class Progress:
    """A line that is written over on a terminal, lines of their own elsewhere."""

    def __init__(self, total, quiet):
        self.total, self.quiet, self.done = total, quiet, 0
        self.live = sys.stderr.isatty() and not quiet
        self.lock, self.started = threading.Lock(), time.monotonic()

    def say(self, text, always=False):
        with self.lock:
            if self.quiet and not always:
                return
            if self.live:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
            print(text, flush=True)

    def step(self, name):
        with self.lock:
            if self.live:
                share = int(24 * self.done / max(1, self.total))
                bar = "#" * share + "-" * (24 - share)
                sys.stderr.write("\r\x1b[K[%s] %d of %d audits, %s" % (bar, self.done, self.total, name))
                sys.stderr.flush()

    def one(self):
        with self.lock:
            self.done += 1


def audits(args, table, rows, record):
    tool = tool_of(args)
    total = sum(len(Peer(row, "", tool).steps()) for row in rows)
    progress = Progress(total, args.quiet)
    pythons, missing = {}, {}
    for row in rows:
        name = row["environment"]
        if name in pythons or name in missing:
            continue
        try:
            if name == "numpy" and args.python:
                pythons[name] = pathlib.Path(args.python)
                continue
            if args.install:
                environments.install(name, table["environments"], progress.say)
            pythons[name] = environments.ready(name, table["environments"][name])
        except NotInstalled as error:
            missing[name] = str(error)
    peers = [Peer(row, pythons[row["environment"]], tool) for row in rows if row["environment"] in pythons]
    found, made, problems = {}, [], []
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, args.jobs)) as pool:
        futures = {pool.submit(one, peer, args.write, progress): peer for peer in peers}
        for future in concurrent.futures.as_completed(futures):
            peer = futures[future]
            try:
                found[peer.id], kept = future.result()
            except Failed as error:
                problems.append("%s: %s" % (peer.id, error))
                progress.say("FAILED  " + problems[-1], always=True)
                continue
            made += kept
            for line in differences(peer, found[peer.id], record.get(peer.id), args.write):
                problems.append(line)
                progress.say("DIFFERS  " + line, always=True)
    for row in rows:
        if row["environment"] in missing:
            progress.say("NOT AUDITED  %s: %s" % (row["id"], missing[row["environment"]]), always=True)
    if args.write:
        record.update(found)
        order = [row["id"] for row in table["peers"]]
        record = {name: record[name] for name in order if name in record}
        traces.index(table, made)
        replace(RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        replace(PAGE, page.markdown(table, record))
    skipped = sum(row["environment"] in missing for row in rows)
    print("peers: %d audited, %d not installed, %d differences" % (len(found), skipped, len(problems)))
    if problems or (args.slim and not found):
        return 1
    print("reached: %d audited, %d not installed" % (len(found), skipped))
    return 0


def replace(path, text):
    temporary_path = path.with_name(path.name + ".tmp")
    temporary_path.write_text(text, encoding="utf-8")
    temporary_path.replace(path)


def one(peer, write, progress):
    """All steps of an implementation."""
    began, steps, kept = time.monotonic(), {}, []
    with temporary() as folder:
        for number, (name, options) in enumerate(peer.steps()):
            progress.step("%s: %s" % (peer.id, name))
            report = peer.audit(options, folder)
            steps[name] = summary(report)
            if number == 0 and write and peer.row.get("picture") and "refused" not in report:
                page.picture(folder, peer.id)
            progress.one()
            shown = steps[name].get("refused") or " ".join([steps[name]["verdict"]] + steps[name]["codes"])
            progress.say("%-24s %-22s %s" % (peer.id, name, shown))
        if peer.has_nan():
            progress.step("%s: NaN and infinities" % peer.id)
            steps[NAN] = summary(peer.nan(folder))
            progress.say("%-24s %-22s %s" % (peer.id, NAN, " ".join([steps[NAN]["verdict"]] + steps[NAN]["codes"])))
        replays = replayed(peer, folder, progress) if "replay" in peer.row else []
        reproduction = peer.reproduction()
        if write:
            progress.step("%s: traces" % peer.id)
            kept = traces.keep(peer, folder)
    progress.say("%-24s done in %.0f s" % (peer.id, time.monotonic() - began))
    entry = {
        "title": peer.row["title"],
        "version": peer.row["version"],
        "date": datetime.date.today().isoformat(),
        "command": peer.public_command(),
        "steps": steps,
        "replays": replays,
    }
    if reproduction is not None:
        entry["reproduction"] = reproduction
    return entry, kept


def replayed(peer, folder, progress):
    """Recorded draws through the package at several sizes."""
    kept = []
    for size, calls in SQUARES if peer.row.get("square") else REPLAYS:
        progress.step("%s: recorded draws at %s" % (peer.id, size))
        try:
            result = peer.replay(size, calls, folder)
        except Failed as error:
            result = "FAILED: %s" % error
        kept.append({"size": size, "profile": peer.row["replay"], "result": result})
        progress.say("%-24s %-22s %s" % (peer.id, "recorded draws " + size, result))
    return kept


def differences(peer, found, before, write):
    """What is not as it was recorded, a line each; and an installed version that is not the one of the table."""
    versions = {step["version"] for step in found["steps"].values() if "version" in step} - {peer.row["version"]}
    if versions:
        yield "%s: version %s is installed, expected %s" % (peer.id, ", ".join(sorted(versions)), peer.row["version"])
    # What never may be: a profile that no longer gives the package's bits.
    for replay in found["replays"]:
        if not replay["result"].startswith("MATCH"):
            yield "%s: profile %s is stale at %s: %s" % (peer.id, replay["profile"], replay["size"], replay["result"])
    if write:
        return
    if before is None:
        yield "%s: there is no record of it (--write makes one)" % peer.id
        return
    if found.get("reproduction") != before.get("reproduction"):
        now, then = (one.get("reproduction", {}).get("prints") for one in (found, before))
        yield "%s: its reproduction prints %r, recorded %r" % (peer.id, now, then)
    for name in before["steps"]:
        if name not in found["steps"]:
            yield "%s: %s: in the record, and no longer done" % (peer.id, name)
    for name, step in found["steps"].items():
        if name not in before["steps"]:
            yield "%s: %s: not in the record" % (peer.id, name)
            continue
        now, then = compared(step), compared(before["steps"][name])
        for key in sorted(set(now) | set(then)):
            if now.get(key) != then.get(key):
                yield "%s: %s: %s is %s, recorded %s" % (peer.id, name, key, now.get(key), then.get(key))
