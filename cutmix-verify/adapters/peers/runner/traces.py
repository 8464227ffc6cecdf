# SPDX-License-Identifier: MIT OR Apache-2.0
"""Small traces of real code, kept in the repository and judged by `cargo test`."""

import datetime
import json
import zipfile

from .environments import HERE

FOLDER = HERE.parent.parent / "tests" / "traces"
MOST = 150 << 10


def kinds(peer):
    """Name, options of the probe: what shows structure, what shows many draws, and recorded draws."""
    small = "16x16" if peer.row.get("square") else "20x12"
    wide = "32x32" if peer.row.get("square") else "40x24"
    if "sizes" in peer.row:
        small = wide = peer.row["sizes"][0]
    yield "structure", ["--size", small, "--batch", "4", "--channels", "1", "--calls", "16"]
    if peer.row.get("method", "cutmix") == "cutmix":
        yield "law", ["--kind", "flat", "--size", wide, "--batch", "2", "--channels", "1", "--calls", "256"]
    if "replay" in peer.row:
        size = "21x21" if peer.row.get("square") else "21x12"
        yield "draws", ["--draws", "--size", size, "--batch", "4", "--channels", "1", "--calls", "40"]


def keep(peer, folder):
    """Makes the traces of an implementation; what is to be known of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    alpha, kept = (peer.alphas() or [1])[0], []
    for kind, probe in kinds(peer):
        trace = peer.files(probe, alpha, folder, kind)
        target = FOLDER / ("%s-%s.npz" % (peer.id, kind))
        squeeze(trace, target)
        if target.stat().st_size > MOST:
            raise ValueError("%s has %d bytes, expected %d at most" % (target.name, target.stat().st_size, MOST))
        kept.append(known(peer, target, kind, probe, alpha, folder))
    return kept


def shown(peer, target, asked, folder):
    """What a trace shows, as an entry of the index has it."""
    report = peer.check(target, ["--alpha", "%g" % asked] if asked is not None else [], folder)
    law = report["laws"][0] if report["laws"] else {}
    return {
        "verdict": report["verdict"],
        "codes": sorted(finding["code"] for finding in report["findings"]),
        "facts": [[fact["name"], fact["value"]] for fact in report["facts"]],
        "rule": (law.get("identified") or {}).get("rule"),
    }


def rejudge(peers, folder):
    """Judges the traces that are kept again, without the packages that made them."""
    path = FOLDER / "index.json"
    entries = json.loads(path.read_text())
    by_id = {peer.id: peer for peer in peers}
    for entry in entries:
        entry.update(shown(by_id[owner(entry["file"])], FOLDER / entry["file"], entry["alpha"], folder))
    save(entries)


def owner(file):
    """The implementation that a trace is of."""
    return file[: -len(".npz")].rsplit("-", 1)[0]


def save(entries):
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    temporary = FOLDER / "index.tmp"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(FOLDER / "index.json")


def known(peer, target, kind, probe, alpha, folder):
    """What is to be known of a trace: where it is from, and what it shows."""
    # Recorded draws follow no law.
    asked = alpha if peer.alphas() and kind != "draws" else None
    words = ["python", peer.row["script"]] + peer.row.get("arguments", []) + ["probe.npz", target.name]
    found = shown(peer, target, asked, folder)
    return {
        "file": target.name,
        "title": peer.row["title"],
        "version": peer.row["version"],
        "date": datetime.date.today().isoformat(),
        "probe": " ".join(["cutmix-verify probe -o probe.npz"] + peer.base() + probe),
        "adapter": " ".join(words + (["--alpha", "%g" % alpha] if "alphas" in peer.row else [])),
        "alpha": asked,
        "verdict": found["verdict"],
        "codes": found["codes"],
        "facts": found["facts"],
        "rule": found["rule"],
        "profile": peer.row["replay"] if kind == "draws" else None,
    }


def squeeze(source, target):
    """The same archive, deflated as far as it goes and without dates."""
    temporary = target.with_suffix(".tmp")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name), compresslevel=9)
    temporary.replace(target)


def index(table, made):
    """Writes what is known of all traces. Those that were not made again stay; those of no implementation go."""
    known = {row["id"] for row in table["peers"]}
    path = FOLDER / "index.json"
    entries = {entry["file"]: entry for entry in (json.loads(path.read_text()) if path.exists() else [])}
    entries.update((entry["file"], entry) for entry in made)
    for file in list(entries):
        if owner(file) not in known:
            del entries[file]
            (FOLDER / file).unlink()
    save([entries[file] for file in sorted(entries)])
