"""`python -m cs231n lab`: open JupyterLab on the notebooks, with images to work on."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from cs231n import data_utils
from cs231n.tutor import course, exercises, surroundings, terminal
from cs231n.tutor.checks import isolated
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show import start

PATIENCE = 120  # seconds that the checks for the start page may take, while JupyterLab runs


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `lab`; it sets `func`, which takes the arguments and returns an exit code."""
    verb = subparsers.add_parser("lab", help="open JupyterLab on the notebooks; its options are passed on to it")
    verb.set_defaults(func=lambda args: open_lab(args.rest))


def open_lab(arguments: list[str]) -> int:
    """Make sure that there are images, if necessary the stand-in, and run JupyterLab; return its exit code.

    `arguments` are passed on to JupyterLab, e.g. ["--no-browser", "--port=8890"]. Raises ModuleNotFoundError if
    JupyterLab is missing.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError("No module named 'jupyterlab'", name="jupyterlab")
    source = data_utils.find_data()
    if source.is_standin:
        told = "No CIFAR-10 here: the notebooks run on the built-in stand-in. Get the real data:"
        print(told, terminal.command("data get"), flush=True)
    first = start.FILE if start.write() else "assignments"
    for folder in course.ROOT.glob("assignments/*"):
        for path in surroundings.hiding(str(folder)):
            print(surroundings.advice(path), file=sys.stderr)
    command = [*surroundings.command("jupyterlab"), f"--ServerApp.root_dir={course.ROOT}"]
    command += [f"--LabApp.default_url=/lab/tree/{first}", "--log-level=ERROR", "--LabApp.log_level=ERROR"]
    command.append("--KernelManager.transport_encryption=auto")  # else every kernel warns that there is none
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # containers
        command.append("--allow-root")
    try:
        return _run(command + arguments)
    except KeyboardInterrupt:
        return 0


def _run(command: list[str]) -> int:
    """Run JupyterLab; Ctrl-C ends it too, and gives it time to end its kernels."""
    process = subprocess.Popen(command, cwd=course.ROOT, env=_environment())
    try:
        with suppress(DamagedKitError):
            start.write(list(isolated.verdicts(exercises.names(), seconds=PATIENCE)))
        return process.wait()
    except KeyboardInterrupt:
        if os.name != "nt":  # a console of Windows ends all its processes itself
            process.terminate()
        process.wait()
        raise


def _environment() -> dict[str, str]:
    """Return the environment of JupyterLab, in which `python` is this one and the kit's settings come first.

    The settings: no question about news, and Markdown files open as a preview. A user's own settings have priority.
    """
    environment = surroundings.clean()
    first = {"PATH": Path(sys.executable).parent, "JUPYTER_CONFIG_PATH": Path(__file__).with_name("jupyter")}
    for name, folder in first.items():
        environment[name] = os.pathsep.join(filter(None, [str(folder), environment.get(name, "")]))
    return environment
