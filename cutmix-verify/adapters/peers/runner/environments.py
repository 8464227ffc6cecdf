# SPDX-License-Identifier: MIT OR Apache-2.0
"""Virtual environments of the packages, outside the repository."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent


class NotInstalled(Exception):
    """Why an implementation cannot be audited here. One line."""


def root():
    given = os.environ.get("CUTMIX_PEERS")
    if given:
        return pathlib.Path(given).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return pathlib.Path(cache).expanduser() / "cutmix-peers"


def python(name):
    return root() / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ready(name, environment):
    """The interpreter of an environment that has what it should."""
    path = python(name)
    if not path.exists():
        raise NotInstalled("environment %s is not installed (.ci/peers --install)" % name)
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(%r) is None)" % environment["imports"]
    if subprocess.run([str(path), "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        raise NotInstalled("environment %s has no package %s (.ci/peers --install)" % (name, environment["imports"]))
    return path


def install(name, environments, log):
    """Makes an environment and those that it stands beside; raises NotInstalled with pip's last line if pip refuses."""
    environment = environments[name]
    beside = environment.get("beside")
    if beside:
        install(beside, environments, log)
    try:
        ready(name, environment)
        return
    except NotInstalled:
        pass
    log("environment %s: installing %s" % (name, environment["requirements"]))
    folder = root() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    if beside:
        packages = subprocess.run(
            [str(python(beside)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()
        own = subprocess.run(
            [str(python(name)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()
        (pathlib.Path(own) / "beside.pth").write_text(packages + "\n")
    command = [str(python(name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if environment.get("dependencies") is False:
        command.append("--no-deps")
    command += ["-r", str(HERE / "requirements" / environment["requirements"])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NotInstalled("environment %s: pip refused: %s" % (name, last))
    ready(name, environment)
