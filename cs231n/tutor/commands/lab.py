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
    """Add the verb `lab`, and set `func` to the function that runs it and returns the exit code."""
    verb = subparsers.add_parser("lab", help="open JupyterLab on the notebooks; JupyterLab's own options may be added")
    verb.set_defaults(func=lambda args: open_lab(args.rest))


def open_lab(arguments: list[str]) -> int:
    """Make sure that there are images (if necessary, the stand-in), run JupyterLab, and return its exit code.

    `arguments` are passed on to JupyterLab, e.g. ["--no-browser", "--port=8890"]. After Ctrl-C, the exit code is 0. If
    $CS231N_DATA is wrong, or there are no images and none can be drawn, JupyterLab is not started, and the exit code
    is 1. Raises ModuleNotFoundError if JupyterLab is missing.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError("No module named 'jupyterlab'", name="jupyterlab")
    try:
        source = data_utils.find_data()
    except (OSError, RuntimeError) as error:  # a wrong $CS231N_DATA, or the stand-in cannot be drawn
        print(f"Error: {terminal.here(str(error))}", file=sys.stderr)
        return 1
    if source.is_standin:
        told = "The notebooks use the built-in stand-in, not CIFAR-10. To get the real images:"
        print(told, terminal.command("data get"), flush=True)
    first = start.FILE if start.write() else "assignments"
    for folder in course.ROOT.glob("assignments/*"):
        for path in surroundings.hiding(str(folder)):
            print(surroundings.advice(path), file=sys.stderr)
    command = [*surroundings.command("jupyterlab"), f"--ServerApp.root_dir={course.ROOT}"]
    command += [f"--LabApp.default_url=/lab/tree/{first}", "--log-level=ERROR", "--LabApp.log_level=ERROR"]
    command.append("--KernelManager.transport_encryption=auto")  # otherwise every kernel warns that it is not encrypted
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container
        command.append("--allow-root")
    try:
        return _run(command + arguments)
    except KeyboardInterrupt:
        return 0


def _run(command: list[str]) -> int:
    """Run JupyterLab, update the start page while it runs, and return JupyterLab's exit code.

    After Ctrl-C, JupyterLab is stopped with its kernels, and then KeyboardInterrupt is raised.
    """
    process = subprocess.Popen(command, cwd=course.ROOT, env=_environment())
    try:
        with suppress(DamagedKitError):
            start.write(list(isolated.verdicts(exercises.names(), seconds=PATIENCE)))
        return process.wait()
    except KeyboardInterrupt:
        if os.name != "nt":  # a Windows console stops all its processes itself
            process.terminate()
        process.wait()
        raise


def _environment() -> dict[str, str]:
    """Return the environment of JupyterLab, in which `python` is this Python, and the kit's settings are the defaults.

    With these settings, which the user may change, JupyterLab does not ask about news, and opens Markdown as a preview.
    """
    environment = surroundings.clean()
    first = {"PATH": Path(sys.executable).parent, "JUPYTER_CONFIG_PATH": Path(__file__).with_name("jupyter")}
    for name, folder in first.items():
        environment[name] = os.pathsep.join(filter(None, [str(folder), environment.get(name, "")]))
    return environment
