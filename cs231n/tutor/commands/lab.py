"""`python -m cs231n lab`: open JupyterLab on the notebooks, with images to work on."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from cs231n import data_utils
from cs231n.tutor import course, surroundings


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `lab`; it sets `func`: the arguments in, an exit code out."""
    verb = subparsers.add_parser("lab", help="open JupyterLab on the notebooks; its options are passed on to it")
    verb.set_defaults(func=lambda args: open_lab(args.rest))


def open_lab(arguments: list[str]) -> int:
    """See that there are images, the stand-in if need be, and run JupyterLab until it is closed; return its exit code.

    `arguments` are passed on to JupyterLab, e.g. ["--no-browser", "--port=8890"]. Raises ModuleNotFoundError
    without it.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError("No module named 'jupyterlab'", name="jupyterlab")
    source = data_utils.find_data()
    if source.is_standin:
        print("No CIFAR-10 here: the notebooks run on the built-in stand-in. Get the real data: make data")
    for folder in course.ROOT.glob("assignments/*"):
        for path in surroundings.hiding(str(folder)):
            print(surroundings.advice(path), file=sys.stderr)
    command = [*surroundings.command("jupyterlab"), f"--ServerApp.root_dir={course.ROOT}"]
    command += ["--LabApp.default_url=/lab/tree/assignments", "--LabApp.news_url=None"]
    command += ["--log-level=WARN", "--LabApp.log_level=WARN"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # containers
        command.append("--allow-root")
    try:
        return _run(command + arguments)
    except KeyboardInterrupt:
        return 0


def _run(command: list[str]) -> int:
    """Run JupyterLab; Ctrl-C ends it too, and it gets the time to end its kernels."""
    # In its terminals, and in cells that begin with "!", `python` is to be the one that runs this.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = surroundings.clean() | {"PATH": path}
    if os.name == "nt":  # a console ends all its processes itself
        return subprocess.run(command, cwd=course.ROOT, env=environment).returncode
    process = subprocess.Popen(command, cwd=course.ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
