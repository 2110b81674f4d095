"""The student's own modules: those that are imported travel with the rest; what a grader may lack is named."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cs231n.tutor import course
from cs231n.tutor.submission import code, files, given
from cs231n.tutor.submission.read import Notebook

# What requirements.txt installs, by the names under which it is imported; `past` comes with the kit.
INSTALLED = {"numpy", "scipy", "matplotlib", "mpl_toolkits", "tqdm", "PIL", "IPython", "past"}
INSTALLED |= {"psutil", "threadpoolctl", "jinja2", "nbformat", "nbclient", "nbconvert", "traitlets", "pytest"}
MOST = 200  # modules; a student who has more of their own imports a library


@dataclass
class Own:
    """What is handed in besides the files that are asked for, and a line for everything that a grader may lack."""

    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def find(contents: dict[str, bytes], books: list[Notebook], root: Path = course.ROOT) -> Own:
    """Follow the imports of modules and notebooks to the student's own modules, from these to others, and so on."""
    search = _Search(root.resolve(), dict(contents))
    for book in books:
        for script in code.scripts(book):
            search.take(search.path(book.name, script), f"{book.name}: %run {script}")
        search.follow(code.pieces_of_notebook(book), book.name)
    for name, content in contents.items():
        if name.endswith(".py"):
            search.follow(code.pieces_of_module(name, content), name)
    return search.found


class _Search:
    """`seen` are the files that were followed, {name: bytes}."""

    def __init__(self, root: Path, seen: dict[str, bytes]):
        self.root, self.seen, self.found = root, seen, Own()
        self.given = given.subject(root)
        self.originals = given.originals(root)
        self.lacking: set[str] = set()

    def follow(self, pieces: list[code.Piece], name: str) -> None:
        """Take what the pieces of one file import."""
        folders = [*_folders(name), *(self.path(name, one) for piece in pieces for one in code.folders(piece))]
        for one in (found for piece in pieces for found in code.imports(piece)):
            self._resolve(one, name, folders)

    def path(self, name: str, written: str) -> str:
        """Return the path in the kit of one that is written in the file `name`, "" if it is outside."""
        with suppress(ValueError, OSError, RuntimeError):
            return (self.root / name).parent.joinpath(written).resolve().relative_to(self.root).as_posix()
        return ""

    def take(self, name: str, place: str) -> None:
        """Hand in a module of the student's own, and follow it; a given one is followed only."""
        if not name or name in self.seen:
            return
        content = self.given.get(name)
        if content is None and not name.startswith("cs231n/tutor/"):
            try:
                content = files.read(self.root, name)
            except files.UnfitFileError as error:
                self.found.notices.append(f"{place}: {error}")
                return
            if content == self.originals.get(name):
                return  # a stub of another assignment, as it came
            if len(self.found.files) == MOST:
                self.found.notices.append(f"more than {MOST} modules are imported: {name} is not handed in")
                return
            self.found.files[name] = content
        self.seen[name] = content or b""
        self.follow(code.pieces_of_module(name, self.seen[name]), name)

    def _resolve(self, one: code.Import, name: str, folders: list[str]) -> None:
        level = len(one.module) - len(one.module.lstrip("."))
        dotted = one.module.lstrip(".")
        if level:
            parents = PurePosixPath(name).parents
            folders = [parents[level - 1].as_posix()] if level <= len(parents) else []
        head = dotted.partition(".")[0]
        places = [place for folder in folders for place in self._places(folder, dotted, one.names)]
        for place in places:
            self.take(place, one.place)
        known = head in INSTALLED or head in sys.stdlib_module_names
        told = known or not one.needed or name in self.given or one.module in self.lacking
        if not places and not told:
            self.lacking.add(one.module)
            self.found.notices.append(
                f"{one.place} imports {one.module}, which is not among the kit's packages: a grader may not have it"
            )

    def _places(self, folder: str, dotted: str, names: tuple[str, ...]) -> list[str]:
        """Return the files that a module of this name in a folder consists of, as far as they are imported."""
        parts = dotted.split(".") if dotted else []
        base = self.root / folder
        found: list[Path] = []
        for part in parts:
            if _is_there(base / part):
                base /= part
                found += [base / "__init__.py"]
                if not self._is_the_kits(base) and base != self.root:
                    return self._names([*found, *sorted(base.rglob("*.py"))])
            elif _is_there(module := base / f"{part}.py"):
                return self._names([*found, module])
            else:
                return []
        for name in names:
            if _is_there(base / name) and not self._is_the_kits(base / name):
                found += sorted((base / name).rglob("*.py"))
            found.append(base / f"{name}.py")
        return self._names(found)

    def _is_the_kits(self, folder: Path) -> bool:
        start = folder.relative_to(self.root).as_posix() + "/"
        return any(name.startswith(start) for name in (*self.given, *self.originals)) or start.startswith(
            "cs231n/tutor"
        )

    def _names(self, paths: list[Path]) -> list[str]:
        names = (path.relative_to(self.root).as_posix() for path in paths if _is_there(path))
        return [name for name in dict.fromkeys(names) if "/." not in f"/{name}"]


def _folders(name: str) -> list[str]:
    """Return where a file's absolute imports are looked for: its folder, those above it, and the kit's."""
    return [parent.as_posix() for parent in PurePosixPath(name).parents]


def _is_there(path: Path) -> bool:
    with suppress(OSError):
        path.lstat()
        return True
    return False
