"""Add the student's own modules that the code imports to a submission; report modules that a grader may lack."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cs231n.tutor import course, originals
from cs231n.tutor.submission import code, files, read
from cs231n.tutor.submission.read import Notebook

# The packages in requirements.txt, by the names under which they are imported; `past` comes with the kit.
INSTALLED = {"numpy", "scipy", "matplotlib", "mpl_toolkits", "tqdm", "PIL", "IPython", "past"}
INSTALLED |= {"psutil", "threadpoolctl", "jinja2", "nbformat", "nbclient", "nbconvert", "traitlets", "pytest"}
# Their dependencies, and IPython's own extensions.
INSTALLED |= {"bleach", "cycler", "dateutil", "ipykernel", "jupyter_client", "jupyter_core", "kiwisolver", "mistune"}
INSTALLED |= {"packaging", "pygments", "pyparsing", "tornado", "yaml", "zmq", "autoreload", "storemagic"}
MOST = 200  # the limit for own modules; a student who imports more of them imports a library


@dataclass
class Own:
    """The files that are handed in beyond the required ones, and one line for each thing that a grader may lack."""

    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def find(contents: dict[str, bytes], books: list[Notebook], root: Path = course.ROOT) -> Own:
    """Return the student's own modules and notebooks that their code imports or names, directly or indirectly.

    There is also a line for each imported module that a grader may lack, and for each file that cannot be handed in.
    A module elsewhere in the kit's folder is found too, since code may change the folders that Python searches.
    """
    search = _Search(root.resolve(), dict(contents))
    search.follow(list(code.pieces(contents, books)))
    return search.found


class _Search:
    """A search: `seen` is {name: bytes} of the files followed so far; `there` has all files that an import may load."""

    def __init__(self, root: Path, seen: dict[str, bytes]):
        self.root, self.seen, self.found = root, seen, Own()
        self.given, self.originals = originals.given(root), originals.originals(root)
        kits = [PurePosixPath(name) for name in (*self.given, *self.originals, *originals.sums(root))]
        self.kits_folders = {folder for path in kits for folder in path.parents}
        self.students = [PurePosixPath(name) for name in files.students(root, (".py", ".ipynb"))]
        self.there = {*kits, *self.students}
        self.folders = {folder for path in self.there if path.suffix == ".py" for folder in path.parents}
        self.lacking: set[str] = set()
        self.made: set[str] = set()  # modules whose files the code names: it may write them, as %%writefile does

    def follow(self, pieces: list[code.Piece]) -> None:
        """Take all files that these pieces of code name or import."""
        own = (piece for piece in pieces if piece.name not in self.given)
        for name, script in [(piece.name, script) for piece in own for script in code.scripts(piece)]:
            self.made.add(PurePosixPath(script).stem)
            for folder in (PurePosixPath(name).parent, "."):
                if (path := self._path(self.root / folder / script)) and (self.root / path).is_file():
                    self.take(path, name)
        for piece in pieces:
            for one in code.imports(piece):
                self._resolve(one, piece.name)

    def _path(self, path: Path) -> str:
        """Return a path relative to the kit, or "" if it is outside."""
        with suppress(ValueError, OSError, RuntimeError):
            return path.resolve().relative_to(self.root).as_posix()
        return ""

    def take(self, name: str, place: str) -> None:
        """Follow the imports of a module or a notebook, and add the file itself if it is the student's own."""
        if name in self.seen:
            return
        content, books = self.given.get(name), []
        if content is None and not name.startswith("cs231n/tutor/"):
            try:
                content = files.read(self.root, name)
                books = [read.parse(name, content)] if name.endswith(".ipynb") else []
            except files.UnfitFileError as error:
                why = "is a broken link" if isinstance(error, files.MissingFileError) else error.reason
                if name not in self.originals:  # a required file is reported elsewhere
                    self.found.notices.append(f"{place}: {name} {why}")
                return
            if content == self.originals.get(name):
                return  # an unchanged stub of another assignment
            if len(self.found.files) == MOST:
                self.found.notices.append(f"more than {MOST} modules are imported: {name} is not handed in")
                return
            self.found.files[name] = content
        self.seen[name] = content or b""
        self.follow(list(code.pieces({name: self.seen[name]}, books)))

    def _resolve(self, one: code.Import, name: str) -> None:
        """Take the files that an import in the file `name` may load, or report a module that a grader may lack."""
        dotted = one.module.lstrip(".")
        level, head = len(one.module) - len(dotted), dotted.partition(".")[0]
        folders = list(PurePosixPath(name).parents)  # its own folder, and those above it up to the kit's
        folders = folders[level - 1 : level] if level else folders
        places = [place for folder in folders for place in self._places(folder, dotted, one.names)]
        known = name in self.given or (not level and (head in INSTALLED or head in sys.stdlib_module_names))
        if not places and not level and not known:  # code may change the folders that are searched
            paths = (path for file in self.students for path in (file.with_suffix(""), *file.parents))
            elsewhere = dict.fromkeys(path.parent for path in paths if path.name == head)
            places = [place for folder in elsewhere for place in self._places(folder, dotted, one.names)]
        for place in places:
            self.take(place.as_posix(), one.place)
        told = known or not one.needed or dotted in self.made or one.module in self.lacking
        if not places and not told:
            self.lacking.add(one.module)
            where = "in the kit's folder" if level or head == "cs231n" else "among the kit's packages"
            self.found.notices.append(
                f"{one.place} imports {one.module}, which is not {where}: a grader may not have it"
            )

    def _places(self, folder: PurePosixPath, dotted: str, names: tuple[str, ...]) -> list[PurePosixPath]:
        """Return the files that an import of a module in a folder may load.

        For a student's own package, these are all modules in it.
        """
        base = folder
        found: list[PurePosixPath] = []
        for part in filter(None, dotted.split(".")):
            base /= part
            if base not in self.folders:
                module = PurePosixPath(f"{base}.py")
                return [*found, module] if module in self.there else []
            if base not in self.kits_folders:
                return [*found, *self._package(base)]
            found.append(base / "__init__.py")
        for name in names:
            found += [*self._package(base / name), base / f"{name}.py"]
        return [path for path in found if path in self.there]

    def _package(self, folder: PurePosixPath) -> list[PurePosixPath]:
        """Return the modules in a folder and below, if the folder is the student's own, or else []."""
        if folder not in self.folders or folder in self.kits_folders:
            return []
        return sorted(path for path in self.students if path.suffix == ".py" and folder in path.parents)
