"""Run notebooks from top to bottom on copies, within limits; the files themselves stay as they are.

Imported only where a notebook is to run: Jupyter's packages take a while.
"""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from cs231n.tutor import processes
from cs231n.tutor.submission.files import size
from cs231n.tutor.submission.limits import CellLimits
from cs231n.tutor.submission.read import Notebook
from cs231n.tutor.terminal import plain


@dataclass(frozen=True)
class Stopped:
    """A cell that did not run to its end, by its number among all cells from 1, and why; 0 is the kernel itself."""

    cell: int
    why: str

    def __str__(self) -> str:
        return f"{f'cell {self.cell}' if self.cell else 'the kernel'} {self.why}"


def run_notebook(
    data: bytes,
    notebook: Notebook,
    environment: Mapping[str, str],
    limits: CellLimits,
    say: Callable[[str], None],
    go_on: bool = False,
) -> tuple[bytes, list[Stopped]]:
    """Run a notebook from top to bottom; return its file with the new outputs, and the cells that stopped.

    `data` is the file, `notebook` what was read from it; `say` is called with the place before each cell runs. The
    kernel is this Python, in an empty folder. The run ends at the first exception, unless `go_on`, and at the first
    limit in any case. A cell tagged "raises-exception" may raise one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # formats newer than this nbformat
        node = nbformat.from_dict(json.loads(data.decode("utf-8-sig")))
    for part in (node, *node.cells):
        if not isinstance(part.get("metadata"), dict):
            part.metadata = nbformat.NotebookNode()
    for cell, known in zip(node.cells, notebook.cells, strict=True):
        cell.source = known.source
        if known.kind == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)
    with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as folder:
        where = {"metadata": {"path": folder}}
        client = _Client(node, notebook.stem, limits, say, resources=where, allow_errors=go_on)
        last = _execute(client, environment)
    stopped = {
        cell.number: Stopped(cell.number, f"raised {plain(f'{output.ename}: {output.evalue}')[:200]}")
        for cell, run in zip(notebook.cells, node.cells, strict=True)
        for output in run.get("outputs", ())
        if output.output_type == "error" and "raises-exception" not in cell.tags
    }
    if last:  # at a limit the kernel was interrupted, which is an exception too
        stopped[last.cell] = last
    content = json.dumps(node, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return content.encode("utf-8", "replace"), list(stopped.values())


class _Client(NotebookClient):
    """Says which cell is about to run, and kills the kernel once a cell prints too much."""

    def __init__(
        self, node: nbformat.NotebookNode, stem: str, limits: CellLimits, say: Callable[[str], None], **more: Any
    ):
        # Without folders of kernels there is one kernel: this Python, whatever "python3" may be on this machine.
        self.kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        super().__init__(node, km=self.kernel, timeout=limits.seconds, record_timing=False, **more)
        self.stem, self.limits, self.say = stem, limits, say
        self.at, self.printed, self.stopped = 0, 0, False
        code = (place for place, cell in enumerate(node.cells, 1) if cell.cell_type == "code" and cell.source.strip())
        self.last = max(code, default=0)
        self.on_cell_execute = self._begin
        self.log = logging.Logger("silent")  # what it would say of a dead kernel is said in our words
        self.log.addHandler(logging.NullHandler())

    @property
    def pid(self) -> int | None:
        """The kernel's process, None where it has not started."""
        return getattr(self.kernel.provisioner, "pid", None)

    def output(self, outs: list, msg: dict, display_id: str | None, cell_index: int) -> Any:
        """Take an output of the cell that is running."""
        self.printed += len(str(msg["content"].get("text", msg["content"].get("data", ""))))
        if self.printed > self.limits.output:
            processes.end(self.pid)
            return None
        return super().output(outs, msg, display_id, cell_index)

    def _begin(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        if self.stopped:
            raise RuntimeError("stopped before it began")
        self.at, self.printed = cell_index + 1, 0
        self.say(f"{self.stem}: cell {self.at} of {self.last}")


def _execute(client: _Client, environment: Mapping[str, str]) -> Stopped | None:
    """Run all cells of a client's notebook in place; return the one at which the run ended before its time."""
    limits = client.limits
    with processes.MemoryGuard(lambda: client.pid, limits.memory) as guard, ThreadPoolExecutor(1) as thread:
        # Outside the main thread nbclient leaves Ctrl-C alone, so that it comes here.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = thread.submit(client.execute, cleanup_kc=True, env=dict(environment), **quiet)
        try:
            done.result()
        except KeyboardInterrupt:
            client.stopped = True
            processes.end(client.pid)
            raise
        except CellExecutionError:  # the output of the cell says which
            return None
        except Exception as error:  # nbclient's, jupyter_client's and zmq's: all mean that it did not run
            why = f"could not run: {plain(f'{type(error).__name__}: {error}')[:200]}"
            if guard.exceeded:
                why = f"took more than {limits.memory / 1e9:.1f} GB of memory (--cell-memory allows more)"
            elif client.printed > limits.output:
                why = f"printed more than {size(limits.output)}"
            elif isinstance(error, CellTimeoutError):
                why = f"took more than {limits.seconds:.0f} s (--cell-seconds allows more)"
            elif isinstance(error, DeadKernelError):
                why = "ended the kernel"
            return Stopped(client.at, why)
        finally:
            processes.sweep()
    return None
