"""`python -m cs231n data get | status | verify | standin`: the data, seen from a terminal."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from cs231n.data import cache, cifar10, download, places, sources, standin

FAILED, INTERRUPTED = 1, 130

Command = Callable[[argparse.Namespace], int]


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `data` and its own verbs; each sets `func`: the arguments in, an exit code out."""
    parser = subparsers.add_parser("data", help="get CIFAR-10, or say what is there")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    get = verbs.add_parser("get", help="download CIFAR-10 (170 MB), carrying on where the last try ended")
    get.add_argument(
        "--from", dest="source", metavar="FILE|URL", help="archive, folder or URL to use instead of the mirrors"
    )
    get.add_argument("--to", type=Path, metavar="DIR", help="folder to put it in (default: the kit's datasets/)")
    get.set_defaults(func=_get)

    status = verbs.add_parser("status", help="what is there, where, and what a load would take")
    status.set_defaults(func=_status)

    verify = verbs.add_parser("verify", help="check every file's md5; exit code 0 only if all are right")
    verify.add_argument("folder", type=Path, nargs="?", help="folder or archive (default: what a load would take)")
    verify.set_defaults(func=_verify)

    draw = verbs.add_parser("standin", help="draw the stand-in data set")
    draw.set_defaults(func=_standin)


def _one_line(command: Command) -> Command:
    """Turn what a user cannot help into one line on standard error and an exit code that is not 0."""

    @wraps(command)
    def run(args: argparse.Namespace) -> int:
        try:
            return command(args)
        except KeyboardInterrupt:
            print("\nInterrupted. What has come is kept; run the same again to carry on.", file=sys.stderr)
            return INTERRUPTED
        except (download.DownloadError, OSError, ValueError, RuntimeError) as error:
            print(f"Error: {error}", file=sys.stderr)
            return FAILED

    return run


@_one_line
def _get(args: argparse.Namespace) -> int:
    home = args.to.expanduser() if args.to else places.datasets_home()
    if home.name == cifar10.CIFAR10.folder:  # the folder itself was named
        home = home.parent
    folder = download.get(home.absolute(), args.source)
    if folder.parent not in places.datasets_folders():
        print(f"To load it, set {places.VARIABLE}={folder}")
    return 0


@_one_line
def _status(args: argparse.Namespace) -> int:
    home = places.datasets_home()
    folders = [folder / cifar10.CIFAR10.folder for folder in places.datasets_folders()]
    for folder in [folder for folder in folders if folder.exists()] or [home / cifar10.CIFAR10.folder]:
        print(f"CIFAR-10   {_state(folder)}: {folder}")
    part = download.part_of(home)
    if part.exists():
        print(f"Download   {_mb(part.stat().st_size)} of {_mb(cifar10.CIFAR10.size)} are here: {part}")
    place = standin.find()
    print(f"Stand-in   {'whole' if place else 'not drawn yet'}: {place or home / places.STANDIN}")
    kept = sum(file.stat().st_size for file in cache.folder().glob("*"))
    print(f"Decoded    {_mb(kept)} to load faster, safe to delete: {cache.folder()}")
    print(f"Free disk  {_mb(shutil.disk_usage(_existing(home)).free)}")
    source = sources.find_real_data()
    print(f"A load takes {f'{source.path} (found by {source.chosen_by})' if source else 'the stand-in'}.")
    return 0


@_one_line
def _verify(args: argparse.Namespace) -> int:
    source = sources.find_real_data(args.folder)
    if source is not None:
        sources.verify(source)
        print(f"Genuine CIFAR-10, every md5 is right: {source.path}")
        return 0
    place = args.folder or standin.find()
    if place is None:
        raise sources.DataNotFoundError(f"there is no CIFAR-10 to verify. Get it: {sources.GET}")
    standin.load(place)
    print(f"The stand-in, every array is right (there is no CIFAR-10): {place}")
    return 0


@_one_line
def _standin(args: argparse.Namespace) -> int:
    print(f"The stand-in is complete and verified: {standin.ensure()}")
    return 0


def _state(folder: Path) -> str:
    if not folder.exists():
        return "not there"
    wrong = download.fault(folder)
    return f"NOT genuine ({wrong})" if wrong else "genuine"


def _existing(folder: Path) -> Path:
    return next(up for up in (folder, *folder.parents) if up.exists())


def _mb(count: float) -> str:
    return f"{count / 1e6:,.1f} MB"
