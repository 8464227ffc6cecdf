# SPDX-License-Identifier: MIT OR Apache-2.0
"""AUDITS.md, from the table of implementations and the record of what was found."""

import pathlib
import shutil
import subprocess
import tempfile

from .environments import HERE

PICTURES = HERE.parent.parent / "docs" / "audits"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RULES = {
    "inside": "inside, never clipped",
    "inside-short": "inside, never at the last pixel",
    "inside-real": "inside, real corners",
    "last-never": "edges end before the last pixel",
    "corner": "from the drawn point on, not around it",
    "official": "even extents (as the paper's authors)",
    "full-extent": "odd extents as well",
    "round-half": "sides rounded, then halved",
    "between-2-8": "sides between 0.2 and 0.8 of the image's, inside",
    "between-2-8-short": "sides between 0.2 and 0.8 of the image's, inside, never at the last pixel",
    "centre-beyond": "even extents, centres half a box beyond the image as well",
}

HEAD = """# Audits of released implementations

What `cutmix-verify` finds in CutMix and Mixup implementations that are in use. Each row is one implementation in one mode, installed
from its package index at the version named and called through the adapter in
[`adapters/peers/`](../adapters/peers/README.md). This page is made from [`audits.json`](audits.json), what was found, and
`peers.json`, the table of implementations. `.ci/peers --install` makes the environments and audits them all again, and fails where
anything differs.

How to read it:

- **Against the paper** is the verdict under the paper's formula with any of its usual roundings. FAIL says that the trace
  contradicts it; some of these are documented as other laws, and the next column then judges the implementation as the variant
  that it is. A variant whose sides do not come from lambda has no alpha to be audited with, so nothing found there is INCONCLUSIVE.
- "Nothing found" in the tables below: an audit of a few hundred draws, for what single samples show. It is no PASS, and INCONCLUSIVE
  as the tool says it.
- **Profile** is what was read from pixels and labels: the rule for boxes, the law of lambda, what the label's weight is, who shares a
  box, and who is paired with whom. A convention (roll or permutation, a box a batch or a sample) is not a deviation.
- **Bit for bit**: with the same recorded draws the profile (`cutmix-verify replay`) gives the package's box, pixels and label weight to
  the last bit, lambda 0, 1 and next to them included. "But for the root": torch's square root of binary32 numbers is sometimes one
  unit in the last place beside the right one, depending on the machine; there the profile takes whichever of the neighbours gives
  the package's bits, and the tables say in how many samples that was needed.
- Versions other than these were not audited, and nothing is said of training results.
"""


def picture(folder, name):
    """The top of the report's page, where a browser is installed."""
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if browser is None:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    target = PICTURES / (name + ".png")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
            "--user-data-dir=" + profile, "--window-size=960,780", "--screenshot=%s" % target,
            (pathlib.Path(folder) / "report.html").as_uri(),
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)


def main_step(entry):
    return next(iter(entry["steps"].values()))


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def anchor(row):
    return row["id"].replace(".", "")


def profile(entry):
    step = main_step(entry)
    if "refused" in step:
        return "–"
    parts = []
    rules = {law["rule"] for law in step["laws"] if law["rule"] not in (None, "", "mixup")}
    # Where sides do not come from lambda there is no law of it.
    laws = [law for law in step["laws"] if law["law"] and not (law["rule"] or "").startswith("between")]
    if rules:
        parts.append(" / ".join(RULES.get(rule, rule) for rule in sorted(rules)))
    if laws:
        parts.append("lambda " + ", ".join(dict.fromkeys(law["law"] for law in laws)))
    for name in ("label rule", "sharing", "pairing"):
        if name in step["facts"]:
            value = step["facts"][name]
            parts.append("label: " + value if name == "label rule" else value)
    return "; ".join(parts) or "–"


def example(finding):
    first = finding["example"]
    place = "phase %s, call %s, sample %s" % (first["phase"], first["call"], first["sample"])
    if first.get("partner") is not None:
        place += ", partner %s" % first["partner"]
    if first.get("area"):
        place += ", box [{x0}, {x1})x[{y0}, {y1})".format(**first["patch"])
    return "%s: expected %s, found %s" % (place, first["expected"], first["actual"])


def verdict(step):
    if "refused" in step:
        return "refused: `%s`" % cell(step["refused"].replace("`", "'"))
    if step["verdict"] == "INCONCLUSIVE" and not step["codes"]:
        return "nothing found"
    return "%s%s" % (step["verdict"], "".join(" `%s`" % code for code in step["codes"]))


def exact(entry):
    replays = entry.get("replays") or []
    good = sum(replay["result"].startswith("MATCH") for replay in replays)
    if not replays:
        return "–"
    if good < len(replays):
        return "%d of %d sizes" % (good, len(replays))
    return "but for the root" if any(" root " in replay["result"] for replay in replays) else "yes"


def outcome(result):
    """MATCH or STALE with the profile, and what else the line says after the adapter's name."""
    head, _, tail = result.partition(": ")
    return head + (", " + tail.split(", ", 1)[1] if ", " in tail and " root " in tail else "")


def summary_row(row, entry):
    step, variant = main_step(entry), entry["steps"].get("as the variant it is")
    as_variant = "–" if variant is None else "%s (`--accept %s`)" % (variant.get("verdict", "refused"), row["accept"])
    codes = " ".join("`%s`" % code for code in step.get("codes", [])) or "none"
    draws = "{:,}".format(sum(other.get("draws", 0) for other in entry["steps"].values()))
    return "| [%s](#%s) | %s | **%s** | %s | %s | %s | %s | %s |" % (
        cell(row["title"]), anchor(row), entry["version"], step.get("verdict", "refused"), as_variant, cell(profile(entry)),
        codes, draws, exact(entry),
    )


def section(row, entry):
    lines = ['<a id="%s"></a>' % anchor(row), "### %s, %s" % (row["title"], entry["version"]), ""]
    lines += ["`%s`" % entry["command"], ""]
    if row.get("promise"):
        lines += ["What it promises: %s" % row["promise"], ""]
    if row.get("note"):
        lines += [row["note"], ""]
    passed_in = main_step(entry).get("facts", {}).get("images passed in")
    lines += ["Images passed in: %s." % (passed_in or "as they were; the adapter does not declare otherwise"), ""]
    if "INPUT_CHANGED" in main_step(entry).get("codes", []):
        lines = lines[:-2]
    findings = {}
    for name, step in entry["steps"].items():
        for finding in step.get("findings", []):
            findings.setdefault(finding["code"], (name, finding))
    for code, (name, finding) in findings.items():
        lines.append(
            "- `%s`: %s (%s of %s in the audit \"%s\") Example: %s."
            % (code, finding["sentence"], finding["count"], finding["of"], name, cell(example(finding)))
        )
    if findings:
        lines.append("")
    shown = entry.get("reproduction")
    if shown is not None:
        code = [line for line in shown["code"].splitlines() if not line.startswith("# SPDX")]
        lines += ["In the package's own API:", "", "```python"] + code + ["```", "", "prints", "", "```text"]
        lines += shown["prints"].splitlines() + ["```", ""]
    if row.get("upstream"):
        lines += ["Upstream: " + "; ".join("[%s](%s) (%s)" % tuple(link) for link in row["upstream"]) + ".", ""]
    lines += ["| audit | verdict and codes | draws |", "|---|---|---|"]
    for name, step in entry["steps"].items():
        lines.append("| %s | %s | %s |" % (name, verdict(step), "{:,}".format(step["draws"]) if "draws" in step else "–"))
    for replay in entry.get("replays") or []:
        lines.append("| recorded draws at %s | %s | – |" % (replay["size"], cell(outcome(replay["result"]))))
    lines += ["", "Audited on %s." % entry["date"], ""]
    if row.get("picture") and (PICTURES / (row["id"] + ".png")).exists():
        lines += ["![The report of %s: %s](audits/%s.png)" % (cell(row["title"]), main_step(entry).get("verdict"), row["id"]), ""]
    return lines


def markdown(table, record):
    rows = [(row, record[row["id"]]) for row in table["peers"] if row["id"] in record and not row.get("slim")]
    lines = [HEAD]
    lines += [
        "| implementation | version | against the paper | as a variant | profile | deviations | draws | bit for bit |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [summary_row(row, entry) for row, entry in rows]
    lines += ["", "## One by one", ""]
    for row, entry in rows:
        lines += section(row, entry)
    missing = [row for row in table["peers"] if row["id"] not in record and not row.get("slim")]
    if missing:
        lines += ["## Not audited", ""]
        for row in missing:
            lines.append("- %s, %s: %s." % (row["title"], row["version"], "not audited where this was written"))
    return "\n".join(lines).rstrip() + "\n"


def stale(table, record, path):
    """Why the page is not what the record gives, if so."""
    if not path.exists():
        return "%s is missing (.ci/peers --write)" % path.name
    if path.read_text(encoding="utf-8") != markdown(table, record):
        return "%s is not what audits.json and peers.json give (.ci/peers --write)" % path.name
    return None
