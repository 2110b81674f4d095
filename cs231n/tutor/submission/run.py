"""Run notebooks from top to bottom on copies, within limits; the files themselves stay as they are."""

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

from cs231n.tutor import processes
from cs231n.tutor.submission.files import size
from cs231n.tutor.submission.privacy import plain
from cs231n.tutor.submission.read import Notebook
from cs231n.tutor.terminal import Screen


@dataclass(frozen=True)
class CellLimits:
    """What one cell may take: seconds, bytes of memory (of the whole kernel), characters printed."""

    seconds: float = 600
    memory: int = 6_000_000_000
    output: int = 20_000_000


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
    import nbformat  # takes a while, and only a run needs it

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
        client = _client(node, max((cell.number for cell in notebook.code), default=0), folder, limits, say)
        client.allow_errors = go_on
        last = _execute(client, environment, limits)
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


def _execute(client: Any, environment: Mapping[str, str], limits: CellLimits) -> Stopped | None:
    """Run all cells of a client's notebook in place; return the one at which it was given up."""

    def kernel() -> int | None:
        return getattr(getattr(client.km, "provisioner", None), "pid", None)

    with processes.MemoryGuard(kernel, limits.memory) as guard, ThreadPoolExecutor(1) as thread:
        # Outside the main thread nbclient leaves Ctrl-C alone, so that it comes here.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = thread.submit(client.execute, cleanup_kc=True, env=dict(environment), **quiet)
        try:
            done.result()
        except KeyboardInterrupt:
            client.stopped = True
            if pid := kernel():
                processes.end(pid)
            raise
        except Exception as error:  # nbclient's, jupyter_client's and zmq's: all mean that it did not run
            if guard.exceeded:
                why = f"took more than {limits.memory / 1e9:.1f} GB of memory (--cell-memory allows more)"
            elif client.printed > limits.output:
                why = f"printed more than {size(limits.output)}"
            else:
                why = _reason(error, limits)
            return Stopped(client.at, why)
        finally:
            processes.sweep()
    return None


def _client(node: Any, last: int, folder: str, limits: CellLimits, say: Callable[[str], None]) -> Any:
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient

    class Client(NotebookClient):
        """Says which cell is about to run, and ends the kernel once a cell prints too much."""

        at, printed, stopped = 0, 0, False

        def output(self, outs: list, msg: dict, display_id: str | None, cell_index: int) -> Any:
            self.printed += len(str(msg["content"].get("text", msg["content"].get("data", ""))))
            if self.printed > limits.output:
                processes.end(self.km.provisioner.pid)
                return None
            return super().output(outs, msg, display_id, cell_index)

    def begin(cell: Any, cell_index: int) -> None:
        if client.stopped:
            raise RuntimeError("stopped before it began")
        client.at, client.printed = cell_index + 1, 0
        say(f"cell {client.at} of {last}")

    # Without folders of kernels there is one kernel: this Python, whatever "python3" may be elsewhere on the machine.
    kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = Client(node, km=kernel, timeout=limits.seconds, resources={"metadata": {"path": folder}})
    client.on_cell_execute = begin
    client.record_timing = False
    client.log = logging.Logger("silent")  # what it would say of a dead kernel is said in our words
    client.log.addHandler(logging.NullHandler())
    return client


def _reason(error: Exception, limits: CellLimits) -> str:
    kind = type(error).__name__
    if kind == "CellTimeoutError":
        return f"took more than {limits.seconds:.0f} s (--cell-seconds allows more)"
    if kind == "CellExecutionError":
        return f"raised {plain(f'{error.ename}: {error.evalue}')[:200]}"
    if kind == "DeadKernelError":
        return "ended the kernel"
    return f"could not run: {plain(f'{kind}: {error}')[:200]}"


class Ticker:
    """Progress in one line that is written over in a terminal; elsewhere it is not shown."""

    def __init__(self, screen: Screen):
        self.screen = screen

    def of(self, stem: str) -> Callable[[str], None]:
        """Return a function that shows how far a notebook has come."""
        return lambda text: self.show(f"{stem}: {text}")

    def show(self, text: str = "") -> None:
        """Write over the line the cursor is in."""
        if self.screen.colours:
            self.screen.stream.write(f"\r\x1b[2K{plain(text)[: self.screen.width]}")
            self.screen.stream.flush()
