# SPDX-License-Identifier: MIT OR Apache-2.0
"""What is done with one implementation: audits, and a trace to keep."""

import json
import pathlib
import shlex
import subprocess
import tempfile

from .environments import HERE

QUICK = ["--max-draws", "256"]


class Failed(Exception):
    """A step could not be done. One line."""


class Peer:
    """One row of peers.json, with the interpreter to run it and the tool to judge it."""

    def __init__(self, row, python, tool):
        self.row, self.python, self.tool = row, python, tool
        self.id = row["id"]

    def command(self):
        """The adapter's command, as a shell would be given it."""
        words = [str(self.python), str(HERE / self.row["script"])] + self.row.get("arguments", [])
        return " ".join(shlex.quote(word) for word in words)

    def public_command(self):
        """The same for a reader: no path of this machine."""
        words = [self.row["script"]] + self.row.get("arguments", [])
        alphas = "".join(" --alpha %g" % alpha for alpha in self.alphas())
        return "cutmix-verify check --exec '%s/bin/python %s'%s%s" % (
            self.row["environment"], " ".join(words), alphas, "".join(" " + word for word in self.base()),
        )

    def alphas(self):
        return self.row.get("alphas") or self.row.get("fixed") or []

    def base(self):
        """Options of every audit of it."""
        options = ["--method", self.row["method"]] if "method" in self.row else []
        if "layout" in self.row:
            options += ["--layout", self.row["layout"]]
        if "dtype" in self.row:
            options += ["--dtype", self.row["dtype"]]
        return options + self.row.get("options", [])

    def steps(self):
        """Name and options of every audit."""
        asked = [word for alpha in self.alphas() for word in ("--alpha", "%g" % alpha)]
        first = asked[:2]
        sizes = self.row.get("sizes") or (["32x32", "31x31"] if self.row.get("square") else ["40x24", "24x40"])
        steps = [(size, ["--size", size] + asked) for size in sizes]
        if "accept" in self.row:
            accepted = ["--accept", self.row["accept"]]
            steps.append(("as the variant it is", ["--size", sizes[0]] + accepted + asked))
        steps.append(("224x224", ["--size", "224x224", "--max-draws", "512"] + first))
        steps += [(dtype, ["--size", sizes[0], "--dtype", dtype] + QUICK + first) for dtype in self.row["dtypes"]]
        steps += [("batch %d" % batch, ["--size", sizes[0], "--batch", str(batch)] + QUICK + first) for batch in self.row.get("batches", [1, 2, 3])]
        # Audits in which the auditor is known to name something that is not there, or sizes that it does not take.
        return [step for step in steps if step[0] not in self.row.get("without", [])]

    def audit(self, options, folder):
        """The report of one audit, or the message with which it was refused."""
        report = pathlib.Path(folder) / "report.json"
        page = pathlib.Path(folder) / "report.html"
        command = [str(self.tool), "check", "--quiet", "--exec", self.command(), "--json", str(report), "--html", str(page)]
        base = self.base()
        if "--dtype" in options and "--dtype" in base:
            at = base.index("--dtype")
            base = base[:at] + base[at + 2 :]
        done = subprocess.run(command + base + options, capture_output=True, text=True)
        if done.returncode == 2:
            return {"refused": _refusal(done.stderr)}
        return json.loads(report.read_text())

    def files(self, probe, alpha, folder, name):
        """A trace by the road of files; probes are made from the options."""
        source, trace = pathlib.Path(folder) / (name + "-probe.npz"), pathlib.Path(folder) / (name + ".npz")
        base = self.base()
        _run([str(self.tool), "probe", "--quiet", "-o", str(source)] + base + probe)
        adapter = [str(self.python), str(HERE / self.row["script"])] + self.row.get("arguments", [])
        takes_alpha = "alphas" in self.row
        _run(adapter + [str(source), str(trace)] + (["--alpha", "%g" % alpha] if takes_alpha else []))
        source.unlink()
        return trace

    def check(self, trace, options, folder):
        """The report of a trace."""
        report = pathlib.Path(folder) / "trace-report.json"
        done = subprocess.run(
            [str(self.tool), "check", "--quiet", str(trace), "--json", str(report)] + options,
            capture_output=True, text=True,
        )
        if done.returncode == 2:
            raise Failed(_refusal(done.stderr))
        return json.loads(report.read_text())

    def reproduction(self):
        """A few lines in the package's own words that show what was found, and what they print; None if it has none."""
        path = HERE / "reproductions" / (self.id + ".py")
        if not path.exists():
            return None
        # Importing the adapter makes single files importable under the package's own names.
        code = "import pathlib, %s; exec(pathlib.Path(%r).read_text())" % (self.row["script"][: -len(".py")], str(path))
        words = [str(self.python), "-c", code] + self.row.get("arguments", [])
        done = subprocess.run(words, capture_output=True, text=True, cwd=str(HERE))
        if done.returncode:
            raise Failed("reproduction: " + _refusal(done.stderr))
        return {"code": path.read_text(), "prints": done.stdout}

    def has_nan(self):
        """Whether images that are not finite can be given to it."""
        floats = self.row.get("method", "cutmix") == "cutmix" and self.row.get("dtype", "f32") == "f32"
        return floats and not self.row.get("slim", False)

    def nan(self, folder):
        """The report on images with a NaN, an infinity and a negative zero each: copies keep them, arithmetic does not."""
        size = self.steps()[0][0]
        probe = ["--kind", "nan", "--size", size, "--batch", "4", "--calls", "32"]
        # A variant as the one that it is: so few calls show values, not rules.
        accepted = ["--accept", self.row["accept"]] if "accept" in self.row else []
        return self.check(self.files(probe, 1.0, folder, "nan"), accepted, folder)

    def replay(self, size, calls, folder):
        """Recorded draws through the package: the first line of what `replay` says of it."""
        probe = ["--draws", "--size", size, "--calls", str(calls), "--batch", "4"]
        trace = self.files(probe, 1.0, folder, "replay-" + size)
        command = [str(self.tool), "replay", "--quiet", str(trace), "--profile", self.row["replay"]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise Failed(_refusal(done.stderr))
        return done.stdout.strip()


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(_refusal(done.stderr))


def _refusal(stderr):
    """The adapter's own words out of the tool's line."""
    lines = [line for line in stderr.strip().splitlines() if line.strip()]
    text = next((line for line in lines if line.startswith("cutmix-verify:")), lines[-1] if lines else "no message")
    text = text.split("the adapter's error: ", 1)[-1]
    text = text.split(", expected {\"ok\": true}", 1)[0]
    return text if len(text) <= 300 else text[:300] + " ..."


def summary(report):
    """What of a report is kept and compared; counts and examples are kept, not compared."""
    if "refused" in report:
        return report
    law = [
        {
            "alpha": law["alpha"],
            "verdict": law["verdict"],
            "rule": (law.get("identified") or {}).get("rule"),
            "law": (law.get("identified") or {}).get("law"),
        }
        for law in report["laws"]
    ]
    return {
        "version": report["version"],
        "verdict": report["verdict"],
        "codes": sorted(finding["code"] for finding in report["findings"]),
        "behaves_like": sorted({"%s, %s" % (match["name"], match["versions"]) for match in report["matches"]}),
        "facts": _facts(report),
        "laws": law,
        "draws": report["draws"],
        "findings": [
            {
                "code": finding["code"],
                "sentence": finding["sentence"],
                "count": finding["count"],
                "of": finding["of"],
                "example": finding["smallest"] or finding["first"],
            }
            for finding in report["findings"]
        ],
    }


def _facts(report):
    """Conventions of the phase with most images, and what has no phase."""
    kept = {}
    for fact in report["facts"]:
        value = fact["value"]
        phase = value.rsplit(" (phase ", 1)
        # Whether draws of a call depend on each other is known of many alone.
        if len(phase) == 2 and phase[1] != "structure)" and "not independent" not in value:
            continue
        values = kept.setdefault(fact["name"], [])
        if phase[0] not in values:
            values.append(phase[0])
    # What depends on each other within a call is said beside who shares a box.
    return {name: "; ".join(values) for name, values in kept.items()}


def compared(step):
    """The part of a step's summary that has to be the same again."""
    if "refused" in step:
        return {"refused": True}
    laws = [{key: law[key] for key in ("alpha", "verdict", "rule")} for law in step["laws"]]
    return dict({key: step[key] for key in ("verdict", "codes", "behaves_like", "facts")}, laws=laws)


def temporary():
    return tempfile.TemporaryDirectory(prefix="cutmix-peers-")
