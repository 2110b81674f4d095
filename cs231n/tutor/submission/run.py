"""Run notebooks from top to bottom on copies, within limits; the files themselves are unchanged.

This module is imported only when a notebook has to run, because Jupyter's packages load slowly.
"""

from __future__ import annotations

import json
import logging
import subprocess
import warnings
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from cs231n.data import disk
from cs231n.data.disk import size
from cs231n.tutor import processes
from cs231n.tutor.show.verdict import SYMBOLS
from cs231n.tutor.submission import read
from cs231n.tutor.submission.limits import CellLimits
from cs231n.tutor.submission.read import Notebook
from cs231n.tutor.terminal import plain


@dataclass(frozen=True)
class Stopped:
    """The number (from 1) of a cell that did not run to the end, or 0 for the kernel itself, and the reason."""

    cell: int
    why: str

    def __str__(self) -> str:
        return f"{f'cell {self.cell}' if self.cell else 'the kernel'} {self.why}"


@dataclass(frozen=True)
class Run:
    """The result of a run: the notebook's file with the new outputs, and the cells that failed.

    `waiting` are the numbers of the cells that wait for an exercise, as their outputs say. If anything but a failed
    cell ended the run, `unreached` is how many code cells would have run after that.
    """

    content: bytes
    stopped: list[Stopped]
    waiting: list[int]
    unreached: int = 0

    @property
    def waits(self) -> str:
        """How many cells wait for an exercise, as text; "" if none does."""
        count = len(self.waiting)
        cells = f"{count} cell{'s are' if count > 1 else ' is'}"
        return f"{cells} waiting for exercises that are not written or not right yet" if count else ""


def run_notebook(
    data: bytes,
    notebook: Notebook,
    tree: Path,
    environment: Mapping[str, str],
    limits: CellLimits,
    say: Callable[[str], None],
    go_on: bool = False,
) -> Run:
    """Run a notebook from top to bottom, in its own folder in `tree`.

    `data` is the file, and `notebook` is its parsed content. Before each cell runs, `say` is called with a text that
    names the cell. The kernel uses this Python. A cell has failed if the kernel says so or an exception is among its
    outputs, unless a mark excuses it (`Cell.mark`); a cell that is marked as skipped does not run, and keeps its
    outputs. The run ends at the first cell that fails, unless `go_on` is true; it always ends when a limit is exceeded
    or the kernel ends.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat warns about formats that it does not know yet
        node = nbformat.from_dict(read.load(notebook.name, data))
    for part in (node, *node.cells):
        if not isinstance(part.get("metadata"), dict):
            part.metadata = nbformat.NotebookNode()
    marks = {cell.number - 1: cell.mark for cell in notebook.cells}
    skipped = {place for place, mark in marks.items() if mark in read.SKIPPED}
    for place, (cell, known) in enumerate(zip(node.cells, notebook.cells, strict=True)):
        cell.source = known.source
        if known.kind == "code":
            cell.outputs, cell.execution_count = cell.get("outputs", []) if place in skipped else [], None
            cell.metadata.pop("execution", None)
    folder = tree / Path(notebook.name).parent
    folder.mkdir(parents=True, exist_ok=True)
    with disk.temporary_folder() as aside:
        kernel = _kernel(aside / "kernel.json")
        where = {"metadata": {"path": str(folder)}}
        client = _Client(node, kernel, notebook.stem, limits, say, skipped, resources=where, allow_errors=True)
        client.may_fail = [place for place, mark in marks.items() if mark or go_on]
        last = _execute(client, environment)
    stopped = {place: Stopped(place + 1, f"raised {why}") for place, why in client.failed.items() if not marks[place]}
    unreached = 0
    if last:  # at a limit the kernel was interrupted, which is an exception too
        stopped[last.cell - 1] = last
        code = (cell.number for cell in notebook.code if cell.number - 1 not in skipped)
        unreached = sum(number > last.cell for number in code)
    waiting = [place + 1 for place, cell in enumerate(node.cells) if _waits(cell)]
    content = json.dumps(node, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return Run(content.encode("utf-8", "replace"), list(stopped.values()), waiting, unreached)


def _waits(cell: nbformat.NotebookNode) -> bool:
    """Return whether a cell shows a verdict or a note of the kit with the status "todo"."""
    shown = (output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", ()))
    return any(str(text).startswith(f"{SYMBOLS['todo']} ") for text in shown)


def _kernel(connection: Path) -> AsyncKernelManager:
    """Return a manager for a kernel of this Python, whatever kernels are installed: no folders are searched."""
    specs = KernelSpecManager(kernel_dirs=[])
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs, connection_file=str(connection))


class _FailedError(Exception):
    """A cell failed, and the run ends there."""


class _Client(NotebookClient):
    """Says which cell will run next, records those that fail, and kills the kernel if a cell has too much output."""

    def __init__(
        self,
        node: nbformat.NotebookNode,
        kernel: AsyncKernelManager,
        stem: str,
        limits: CellLimits,
        say: Callable[[str], None],
        skipped: Collection[int],
        **more: Any,
    ):
        super().__init__(node, km=kernel, timeout=limits.seconds, record_timing=False, **more)
        self.kernel, self.stem, self.limits, self.say, self.skipped = kernel, stem, limits, say, skipped
        self.may_fail: Collection[int] = ()  # places of cells after which the run goes on in any case
        self.failed: dict[int, str] = {}  # place of a cell -> the exception
        self.at, self.printed, self.stopped = 0, 0, False
        code = (place for place, cell in enumerate(node.cells, 1) if cell.cell_type == "code" and cell.source.strip())
        self.last = max(code, default=0)
        self.on_cell_execute, self.on_cell_executed = self._begin, self._end
        self.log = logging.Logger("silent")  # the kit has its own message about a dead kernel
        self.log.addHandler(logging.NullHandler())

    @property
    def pid(self) -> int | None:
        """The kernel's process id, or None if it has not started."""
        return getattr(self.kernel.provisioner, "pid", None)

    def output(self, outs: list, msg: dict, display_id: str | None, cell_index: int) -> Any:
        """Handle an output of the running cell; kill the kernel if the cell has too much output."""
        self.printed += len(str(msg["content"].get("text", msg["content"].get("data", ""))))
        if self.printed > self.limits.output:
            processes.end(self.pid)
            return None
        return super().output(outs, msg, display_id, cell_index)

    async def async_execute_cell(self, cell: nbformat.NotebookNode, cell_index: int, *more: Any, **options: Any) -> Any:
        """Run a cell, unless it is to be skipped."""
        if cell_index in self.skipped:
            return cell
        return await super().async_execute_cell(cell, cell_index, *more, **options)

    def _begin(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        if self.stopped:
            raise RuntimeError("stopped before it began")
        self.at, self.printed = cell_index + 1, 0
        self.say(f"{self.stem}: cell {self.at} of {self.last}")

    def _end(self, cell: nbformat.NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]) -> None:
        """Record whether a cell failed. Some failures, such as an unknown magic, are in the kernel's reply only.

        Raises an exception to end the run: _FailedError, or DeadKernelError after exit().
        """
        reply = execute_reply["content"]
        errors = [output for output in cell.outputs if output.output_type == "error"]
        for error in ([reply] if reply["status"] == "error" else []) + errors:
            why = f"{error.get('ename', '')}: {error.get('evalue', '')}"
            self.failed.setdefault(cell_index, plain(why)[:200])
        if any(payload.get("source") == "ask_exit" for payload in reply.get("payload") or ()):
            raise DeadKernelError  # exit() ends the kernel a moment later, perhaps in the middle of the next cell
        if cell_index in self.failed and cell_index not in self.may_fail:
            raise _FailedError


def _execute(client: _Client, environment: Mapping[str, str]) -> Stopped | None:
    """Run all cells of a client's notebook in place; return where and why something cut the run short, or None.

    A failed cell at which the run ends does not count: its exception is in `client.failed`.
    """
    limits = client.limits
    with processes.MemoryGuard(lambda: client.pid, limits.memory) as guard, ThreadPoolExecutor(1) as thread:
        # Outside of the main thread, nbclient does not handle Ctrl-C, so it is handled here.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = thread.submit(client.execute, cleanup_kc=True, env=dict(environment), **quiet)
        try:
            done.result()
        except KeyboardInterrupt:
            client.stopped = True
            processes.end(client.pid)
            raise
        except _FailedError:
            return None
        except Exception as error:  # nbclient, jupyter_client and zmq raise many kinds when a run fails
            why = f"could not run: {plain(f'{type(error).__name__}: {error}')[:200]}"
            if guard.exceeded:
                why = f"took more than {limits.memory / 1e9:.1f} GB of memory (--cell-memory allows more)"
            elif client.printed > limits.output:
                why = f"produced more than {size(limits.output)} of output"
            elif isinstance(error, CellTimeoutError):
                why = f"took more than {limits.seconds:.0f} s (--cell-seconds allows more)"
            elif isinstance(error, DeadKernelError):
                why = "ended the kernel"
            return Stopped(client.at, why)
        finally:
            processes.sweep()
    return None
