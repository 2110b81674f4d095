"""Find what must not be in a release: instructors' files, solutions, outputs, bytecode and working files."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from solutions.tools import generate, notebooks, regions

HARMLESS = {'stride, pad = conv_param["stride"], conv_param["pad"]'}  # this line is in given code too
LEAST = 25  # characters: shorter lines, such as `return out`, are not looked for, since they may occur anywhere
INSTRUCTORS = (
    "solutions/",
    "grading/",
    "tests/",
    "benchmarks/",
    ".ci/",
    ".github/workflows/test.yml",
    ".gitattributes",
)
WORKING = re.compile(
    r"(\.py[co]|\.sw[op]|\.orig|\.rej|~|_submission\.zip|_report\.(html|pdf))$"
    r"|(^|/)(__pycache__|\.ipynb_checkpoints|\.DS_Store|\.env|\.venv|\.cs231n|\.solved-tree|build|[^/]*\.egg-info"
    r"|\.(pytest|ruff)_cache|\.hypothesis)(/|$)"
)
LAYOUT = re.compile(r"[\s\\\0]+")  # also the backslashes of JSON, and the zeros of wide characters in arrays
IMPORTS = re.compile(r"^\s*(?:from|import)\s+(solutions|grading|tests|benchmarks)\b", re.M)


class Secrets:
    """The parts of the masters that must not reach a student: lines of solutions and answers, names of helpers."""

    def __init__(self, root: Path = generate.ROOT):
        self.masters = generate.masters(root)

    @cached_property
    def lines(self) -> frozenset[str]:
        """The lines of at least LEAST characters that occur in solution regions and model answers, but not in stubs.

        A comment at the end of a line is removed if the rest is long enough.
        """
        found: set[str] = set()
        for target, master in self.masters.items():
            for text in _texts(target, master):
                for line in regions.solution_lines(text, str(master)):
                    code = line.partition("  # ")[0]
                    found.add(code if len(code) >= LEAST else line)
        found = {line for line in found if len(line) >= LEAST}
        return frozenset(found - HARMLESS - {line.strip() for text in self._stubs for line in text.splitlines()})

    @cached_property
    def bare(self) -> dict[str, str]:
        """{line without whitespace: line}, so that a line can be found whatever its layout."""
        return {LAYOUT.sub("", line): line for line in sorted(self.lines)}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of functions and classes that are defined in solved modules, but not in stubs."""
        modules = [master for target, master in self.masters.items() if target.endswith(".py")]
        solved = {name for path in modules for name in _defined(regions.to_solved(path.read_text(encoding="utf-8")))}
        return frozenset(solved - {name for text in self._stubs for name in _defined(text)})

    @cached_property
    def _stubs(self) -> list[str]:
        texts = []
        for target, master in self.masters.items():
            if target.endswith(".ipynb"):
                texts += [cell.source for cell in notebooks.render(master, solved=False).cells]
            else:
                texts.append(regions.to_stub(master.read_text(encoding="utf-8"), str(master)))
        return texts


def find(files: Mapping[str, bytes], secrets: Secrets) -> list[str]:
    """Return a line for each problem with the files of a release, {path: content}."""
    found = []
    for path, content in sorted(files.items()):
        if path.startswith(INSTRUCTORS):
            found.append(f"{path}: belongs to the instructor's copy")
        if WORKING.search(path):
            found.append(f"{path}: bytecode or a working file")
        if path.endswith(".ipynb"):
            found += [f"{path}: {problem}" for problem in _outputs(content)]
        if zipfile.is_zipfile(io.BytesIO(content)):  # whatever its suffix, since .npz is a zip too
            found += [f"{path} > {problem}" for problem in find(_unpacked(content), secrets)]
        else:
            found += [f"{path}: {problem}" for problem in _told(path, content.decode(errors="replace"), secrets)]
    return found


def _told(path: str, text: str, secrets: Secrets) -> Iterator[str]:
    if path.endswith(".ipynb"):
        text = f"{_plain(text)}\n{text}"  # so that metadata and attachments are searched too
    bare = LAYOUT.sub("", text)
    yield from (f"has a line of a solution: {line}" for found, line in secrets.bare.items() if found in bare)
    words = set(re.findall(r"\w+", text))
    yield from (f"has the name of a solution's helper: {name}" for name in sorted(secrets.names & words))
    if path.endswith((".py", ".ipynb")):  # documentation may mention markers and masters
        yield from (f"has a marker {marker!r}" for marker in (regions.BEGIN, regions.END) if marker in text)
        yield from (f"imports {match[1]}, which is not in a release" for match in IMPORTS.finditer(text))


def _plain(notebook: str) -> str:
    """Return the sources of a notebook's cells, or the file's text if it is not a notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells)
    except (ValueError, LookupError, TypeError):
        return notebook


def _outputs(content: bytes) -> Iterator[str]:
    try:
        cells = [cell for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        yield "is not a notebook file"
        return
    for number, cell in enumerate(cells, 1):
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"has outputs or an execution count in code cell {number}"


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _texts(target: str, master: Path) -> list[str]:
    if target.endswith(".ipynb"):
        return [cell.source for cell in notebooks.read_master(master).cells]
    return [master.read_text(encoding="utf-8")]


def _defined(text: str) -> set[str]:
    """Return the names of the functions and classes that a text defines; none if it is not Python."""
    try:
        nodes = ast.walk(ast.parse(text))
    except SyntaxError:
        return set()
    return {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
