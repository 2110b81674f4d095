"""`python -m cs231n data get | status | verify | standin`: get the images, and show which of them exist."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from cs231n.data import cache, cifar10, disk, download, places, search, sources, standin
from cs231n.tutor.terminal import here


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `data` and its own verbs, and set `func` to a function that runs them and returns the exit code."""
    parser = subparsers.add_parser("data", help="get CIFAR-10, or show which images exist")
    parser.set_defaults(func=_run)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    get = verbs.add_parser("get", help="download CIFAR-10 (170 MB), continuing where the last attempt stopped")
    get.add_argument(
        "--from", dest="source", metavar="FILE|URL", help="archive, folder or URL to use instead of the mirrors"
    )
    get.add_argument("--to", type=Path, metavar="DIR", help="folder to put it in (default: the kit's datasets/)")
    verbs.add_parser("status", help="show which images exist and where, and which of them the notebooks load")
    verify = verbs.add_parser("verify", help="check that the images are complete and unchanged; if not, exit code 1")
    verify.add_argument("folder", type=Path, nargs="?", help="folder or archive (default: what the notebooks load)")
    verbs.add_parser("standin", help="draw the stand-in data set")


def _run(args: argparse.Namespace) -> int:
    """Run one verb and return its exit code; print an error of the network, the disk or the data as one line."""
    try:
        {"get": _get, "status": _status, "verify": _verify, "standin": _standin}[args.verb](args)
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again; a download continues where it stopped.", file=sys.stderr)
        return 130
    except (download.DownloadError, OSError, ValueError, RuntimeError) as error:
        print(f"Error: {here(str(error))}", file=sys.stderr)
        return 1
    return 0


def _get(args: argparse.Namespace) -> None:
    home = args.to.expanduser() if args.to else places.datasets_home()
    if home.name == cifar10.CIFAR10.folder:  # --to names the folder of CIFAR-10 itself
        home = home.parent
    folder = download.get(home.absolute(), args.source)
    if folder.parent not in places.datasets_folders():
        print(f"To load it, set {places.VARIABLE}={folder}")


def _status(args: argparse.Namespace) -> None:
    home = places.datasets_home()
    around = [search.look_round(folder, cifar10.CIFAR10) for folder in places.datasets_folders()]
    for path in [path for found in around for path in found.shown] or [home / cifar10.CIFAR10.folder]:
        wrong = download.fault(path)
        state = f"incomplete or not genuine ({here(wrong)})" if wrong else "genuine"
        state = state if path.exists() else "not there"
        print(f"CIFAR-10   {state}: {path}")
    for why in (why for found in around for why in found.unfit):
        print(f"Unused     {why}")
    part = download.part_of(home)
    if part.exists():
        print(f"Download   {disk.size(part.stat().st_size)} of {disk.size(cifar10.CIFAR10.size)} are here: {part}")
    place = standin.find()
    print(f"Stand-in   {'complete' if place else 'not drawn yet'}: {place or home / places.STANDIN}")
    kept = sum(file.stat().st_size for file in cache.folder().glob("*"))
    print(f"Decoded    {disk.size(kept)} of decoded images, safe to delete: {cache.folder()}")
    existing = next(up for up in (home, *home.parents) if up.exists())
    print(f"Free disk  {disk.size(shutil.disk_usage(existing).free)}")
    source = sources.find_real_data()
    print(f"The notebooks load {f'{source.path} (found via {source.chosen_by})' if source else 'the stand-in'}.")


def _verify(args: argparse.Namespace) -> None:
    source = sources.find_real_data(args.folder)
    if source is not None:
        strangers = sources.verify(source)
        print(f"Genuine CIFAR-10, every MD5 hash matches: {source.path}")
        if strangers:
            print(sources.unused(strangers))
        return
    place = args.folder or standin.find()
    if place is None:
        unfit = " ".join(
            why for one in places.datasets_folders() for why in search.look_round(one, cifar10.CIFAR10).unfit
        )
        raise sources.DataNotFoundError(
            f"there are no images to verify. {unfit}{' ' if unfit else ''}Get CIFAR-10: {sources.GET}"
        )
    standin.load(place)
    print(f"This is the stand-in, not CIFAR-10; every array is correct: {place}")


def _standin(args: argparse.Namespace) -> None:
    print(f"The stand-in is complete and verified: {standin.ensure()}")
