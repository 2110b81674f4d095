"""The student's own modules: those that are imported travel with the rest; what a grader may lack is named."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cs231n.tutor import course, originals
from cs231n.tutor.submission import code, files, read
from cs231n.tutor.submission.read import Notebook

# What requirements.txt installs, by the names under which it is imported; `past` comes with the kit.
INSTALLED = {"numpy", "scipy", "matplotlib", "mpl_toolkits", "tqdm", "PIL", "IPython", "past"}
INSTALLED |= {"psutil", "threadpoolctl", "jinja2", "nbformat", "nbclient", "nbconvert", "traitlets", "pytest"}
# What these bring along, and IPython's own extensions.
INSTALLED |= {"bleach", "cycler", "dateutil", "ipykernel", "jupyter_client", "jupyter_core", "kiwisolver", "mistune"}
INSTALLED |= {"packaging", "pygments", "pyparsing", "tornado", "yaml", "zmq", "autoreload", "storemagic"}
MOST = 200  # modules; a student who has more of their own imports a library


@dataclass
class Own:
    """What is handed in besides the files that are asked for, and a line for everything that a grader may lack."""

    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def find(contents: dict[str, bytes], books: list[Notebook], root: Path = course.ROOT) -> Own:
    """Follow imports and names of files to the student's own modules and notebooks, from these to others, etc.

    A module that is elsewhere in the kit's folder counts too, since code may change the folders that are searched.
    """
    search = _Search(root.resolve(), dict(contents))
    for book in books:
        search.follow(code.pieces_of_notebook(book), book.name)
    for name, content in contents.items():
        if name.endswith(".py"):
            search.follow(code.pieces_of_module(name, content), name)
    return search.found


class _Search:
    """`seen` are the files that were followed, {name: bytes}."""

    def __init__(self, root: Path, seen: dict[str, bytes]):
        self.root, self.seen, self.found = root, seen, Own()
        self.given = originals.given(root)
        self.originals = originals.originals(root)
        self.kits = {path.as_posix() for name in (*self.given, *self.originals) for path in _and_folders(name)}
        self.lacking: set[str] = set()
        self.made: set[str] = set()  # modules that a cell writes

    def follow(self, pieces: list[code.Piece], name: str) -> None:
        """Take what the pieces of one file import or name."""
        if name in self.given:
            scripts: list[str] = []
        else:
            scripts = [script for piece in pieces for script in code.scripts(piece)]
        for script in scripts:
            self.made.add(PurePosixPath(script).stem)
            for folder in (*_folders(name)[:1], "."):
                if (path := self._path(folder, script)) and (self.root / path).is_file():
                    self.take(path, name)
        for one in (found for piece in pieces for found in code.imports(piece)):
            self._resolve(one, name, _folders(name))

    def _path(self, folder: str, written: str) -> str:
        """Return the path in the kit of one that is written in a file of this folder, "" if it is outside."""
        with suppress(ValueError, OSError, RuntimeError):
            return (self.root / folder / written).resolve().relative_to(self.root).as_posix()
        return ""

    def take(self, name: str, place: str) -> None:
        """Hand in a module or notebook of the student's own, and follow it; a given one is followed only."""
        if name in self.seen:
            return
        content = self.given.get(name)
        if content is None and not name.startswith("cs231n/tutor/"):
            try:
                content = files.read(self.root, name)
                book = read.parse(name, content) if name.endswith(".ipynb") else None
            except files.UnfitFileError as error:
                why = "is a link to nothing" if isinstance(error, files.MissingFileError) else error.reason
                if name not in self.originals:  # else it is told if it is asked for, and does not matter if not
                    self.found.notices.append(f"{place}: {name} {why}")
                return
            if content == self.originals.get(name):
                return  # a stub of another assignment, as it came
            if len(self.found.files) == MOST:
                self.found.notices.append(f"more than {MOST} modules are imported: {name} is not handed in")
                return
            self.found.files[name] = content
            if book:
                self.seen[name] = content
                self.follow(code.pieces_of_notebook(book), name)
                return
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
        known = name in self.given or (not level and (head in INSTALLED or head in sys.stdlib_module_names))
        if not places and not level and not known:
            places = [place for folder in self._elsewhere(head) for place in self._places(folder, dotted, one.names)]
        for place in places:
            self.take(place, one.place)
        told = known or not one.needed or dotted in self.made or one.module in self.lacking
        if not places and not told:
            self.lacking.add(one.module)
            where = "in the kit's folder" if level or head == "cs231n" else "among the kit's packages"
            self.found.notices.append(
                f"{one.place} imports {one.module}, which is not {where}: a grader may not have it"
            )

    def _elsewhere(self, head: str) -> list[str]:
        """Return the folders of the kit, besides the usual ones, in which there is a module or package of this name."""
        found = [
            path.parent
            for name in files.students(self.root)
            if name.endswith(".py")
            for path in (PurePosixPath(name).with_suffix(""), *PurePosixPath(name).parents)
            if path.name == head
        ]
        return [folder.as_posix() for folder in dict.fromkeys(found)]

    def _places(self, folder: str, dotted: str, names: tuple[str, ...]) -> list[str]:
        """Return the files that a module of this name in a folder consists of, as far as they are imported."""
        parts = dotted.split(".") if dotted else []
        base = self.root / folder
        found: list[Path] = []
        for part in parts:
            if self._is_there(base / part):
                base /= part
                found += [base / "__init__.py"]
                if not self._is_the_kits(base) and base != self.root:
                    return self._names([*found, *sorted(base.rglob("*.py"))])
            elif self._is_there(module := base / f"{part}.py"):
                return self._names([*found, module])
            else:
                return []
        for name in names:
            if self._is_there(base / name) and not self._is_the_kits(base / name):
                found += sorted((base / name).rglob("*.py"))
            found.append(base / f"{name}.py")
        return self._names(found)

    def _is_the_kits(self, folder: Path) -> bool:
        name = folder.relative_to(self.root).as_posix()
        return name in self.kits or f"{name}/".startswith("cs231n/tutor/")

    def _names(self, paths: list[Path]) -> list[str]:
        names = (path.relative_to(self.root).as_posix() for path in paths if self._is_there(path))
        return [name for name in dict.fromkeys(names) if "/." not in f"/{name}"]

    def _is_there(self, path: Path) -> bool:
        with suppress(OSError):
            path.lstat()
            return True
        return path.relative_to(self.root).as_posix() in self.kits


def _folders(name: str) -> list[str]:
    """Return where a file's absolute imports are looked for: its folder, those above it, and the kit's."""
    return [parent.as_posix() for parent in PurePosixPath(name).parents]


def _and_folders(name: str) -> list[PurePosixPath]:
    return [PurePosixPath(name), *PurePosixPath(name).parents]
