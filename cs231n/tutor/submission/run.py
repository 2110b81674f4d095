"""Run notebooks from top to bottom on copies, within limits; the files themselves stay as they are."""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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


class CellFailedError(RuntimeError):
    """A notebook did not run to its end; says in which cell, and why."""


def run(data: bytes, notebook: Notebook, root: Path, limits: CellLimits, say: Callable[[str], None]) -> bytes:
    """Return the notebook file `data` with the outputs of a run from top to bottom.

    `notebook` is what was read from it, `say` is told of each cell before it runs. The kernel starts in an empty folder
    and imports the kit of `root`. Raises CellFailedError.
    """
    import nbformat  # takes a while, and only --run needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # formats newer than this nbformat
        node = nbformat.from_dict(json.loads(data.decode("utf-8-sig")))
    for part in (node, *node.cells):
        if not isinstance(part.get("metadata"), dict):
            part.metadata = nbformat.NotebookNode()
    for cell, read in zip(node.cells, notebook.cells, strict=True):
        cell.source = read.source
        if read.kind == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)
    with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as folder:
        _execute(node, notebook, folder, processes.environment(root), limits, say)
    return (json.dumps(node, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def _execute(
    node: Any, notebook: Notebook, folder: str, environment: Mapping, limits: CellLimits, say: Callable[[str], None]
) -> None:
    """Run all cells of `node` in place."""
    client = _client(node, notebook, folder, limits, say)

    def kernel() -> int | None:
        return getattr(getattr(client.km, "provisioner", None), "pid", None)

    with processes.MemoryGuard(kernel, limits.memory) as guard, ThreadPoolExecutor(1) as thread:
        # Outside the main thread nbclient leaves Ctrl-C alone, which comes here then.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = thread.submit(client.execute, env=dict(environment), **quiet)
        try:
            done.result()
        except KeyboardInterrupt:
            client.stopped = True
            if pid := kernel():
                processes.end(pid)
            raise
        except Exception as error:  # nbclient's, jupyter_client's and zmq's: all mean that it did not run
            place = f"cell {client.at}" if client.at else "the kernel"
            if guard.exceeded:
                why = f"took more than {limits.memory / 1e9:.1f} GB of memory (--cell-memory allows more)"
            elif client.printed > limits.output:
                why = f"printed more than {size(limits.output)}"
            else:
                why = _reason(error, limits)
            raise CellFailedError(f"{place} {why}") from None
        finally:
            processes.sweep()


def _client(node: Any, notebook: Notebook, folder: str, limits: CellLimits, say: Callable[[str], None]) -> Any:
    from nbclient import NotebookClient

    last = max((cell.number for cell in notebook.code), default=0)

    class Client(NotebookClient):
        """Tells of each cell, and ends the kernel once a cell prints too much."""

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

    client = Client(node, timeout=limits.seconds, kernel_name="python3", resources={"metadata": {"path": folder}})
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


@contextmanager
def noting(failed: dict[str, str], name: str) -> Iterator[None]:
    """Note under `name` why a notebook did not run to its end, and go on."""
    try:
        yield
    except CellFailedError as error:
        failed[name] = str(error)


class Ticker:
    """Progress in one line that is written over in a terminal, and a line for each notebook elsewhere."""

    def __init__(self, screen: Screen):
        self.screen = screen

    def of(self, stem: str) -> Callable[[str], None]:
        """Return what shows how far a notebook has come."""
        return lambda text: self._show(f"{stem}: {text}")

    def done(self, text: str) -> None:
        """Show what was done, to stay."""
        self._show("")
        self.screen.line(plain(text))

    def _show(self, text: str) -> None:
        if self.screen.colours:
            self.screen.stream.write(f"\r\x1b[2K{plain(text)[: self.screen.width]}")
            self.screen.stream.flush()
