"""python -m solutions VERB: generate what students get from the masters. See `python -m solutions --help`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from cs231n.tutor.terminal import ends_like_ctrl_c
from solutions.tools import causes, execute, generate, given, originals, readme
from solutions.tools import release as releases
from solutions.tools.regions import MarkerError

EXPECTED = generate.ROOT / "cs231n" / "tutor" / "exercises" / "expected"


def stubs(args: argparse.Namespace) -> int:
    """Write everything that is generated: stubs, notebooks, causes, expected values; --check only compares."""
    if args.check:
        stale = _stale()
        print("\n".join(stale) or "All generated files are in step.")
        return int(bool(stale))
    changed = generate.write_stubs(force=args.force) + causes.write() + originals.write() + readme.write()
    generate.write_solved()
    changed += [f"cs231n/tutor/exercises/expected/{name}" for name in _expected()]
    changed += given.write()
    generate.write_solved()
    print("\n".join(f"written: {path}" for path in changed) or "Nothing to do: all generated files are in step.")
    return 0


def _stale(*families: str) -> list[str]:
    """Return a line for each generated file that is out of step; expected values only of `families`, if any."""
    stale = generate.out_of_step()
    stale += [kept.PATH for kept in (causes, originals, readme) if not kept.in_step()]
    generate.write_solved()
    stale += [f"cs231n/tutor/exercises/expected/{name}" for name in _expected("--check", *families)]
    stale += given.out_of_step()
    return [f"out of step with its master: {path}{_remedy(path)}" for path in stale]


def new(args: argparse.Namespace) -> int:
    """Start an exercise: write a skeleton into each of its five places, with FILL-IN where something is missing."""
    from solutions.tools import skeleton

    try:
        places = skeleton.new(args.name, args.file, args.notebook, args.family)
    except skeleton.RefusedError as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1
    print(*places, sep="\n")
    print(f"Replace every {skeleton.MARK}; python -m solutions lint {args.name} lists what is left.")
    return 0


def lint(args: argparse.Namespace) -> int:
    """List what exercises (by default, all) still lack, in the order in which it should be written."""
    from cs231n.tutor import course, exercises
    from solutions.tools import lint as linter

    try:
        names = [linter.find(name).name for name in args.names] or list(course.exercises())
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    registry = exercises.registry()
    families = {registry[name][0] for name in args.names if name in registry}

    def stale() -> list[str]:
        try:
            return _stale(*sorted(families))
        except SystemExit as error:  # raised if a master fails
            return str(error).splitlines()[:: max(1, len(str(error).splitlines()) - 1)]

    found = list(dict.fromkeys(linter.missing(names, stale)))
    print("\n".join(found) or f"Nothing is missing ({len(names)} exercise{'s' * (len(names) > 1)}).")
    return int(bool(found))


def _remedy(path: str) -> str:
    return f" ({'make reference' if path.startswith(f'{generate.REFERENCE}/') else 'make stubs'} renews it)"


def solved(args: argparse.Namespace) -> int:
    """Write the solved tree, a student's kit with the model answers filled in, to build/solved."""
    print(f"written: {generate.write_solved().relative_to(generate.ROOT)}")
    return 0


def _expected(*flags: str) -> list[str]:
    command = [sys.executable, "-m", "solutions.tools.expected", str(EXPECTED), *flags]
    done = subprocess.run(
        command, env=execute.solved_environment(), cwd=generate.ROOT / "build", capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"the expected values could not be computed:\n{done.stderr}")
    return done.stdout.split()


def validate(args: argparse.Namespace) -> int:
    """Run the solved notebooks on the stand-in and compare them with their reference outputs."""
    return execute.validate(names=args.notebooks)


def reference(args: argparse.Namespace) -> int:
    """Run the solved notebooks on the stand-in and record their text outputs; git diff then shows what has changed."""
    changed = execute.record_references(names=args.notebooks)
    print("\n".join(f"written: {path}" for path in changed) or "Nothing to do: the outputs are the same as before.")
    return 0


def figures(args: argparse.Namespace) -> int:
    """Run the solved notebooks and write all their figures on one page, with colour blindness simulated."""
    from solutions.tools import figures as sheets

    print(*sheets.write(Path(args.out), args.notebooks), sep="\n")
    return 0


def release(args: argparse.Namespace) -> int:
    """Build the student's zip from the last commit; test that it has the listed files, no solutions, and runs."""
    if args.update_manifest:
        changed = releases.update_manifest()
        print(
            f"{releases.MANIFEST}: " + ("written; look at git diff, and commit it" if changed else "already up to date")
        )
        return 0
    # Only committed files are released, so the files here are those of the release only if the tree is clean.
    stale = [] if releases.uncommitted() else _stale()
    if stale:
        raise releases.ReleaseError("\n".join([*stale, "Run make stubs, look at git diff, and commit the changes."]))
    releases.release(allow_dirty=args.allow_dirty)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m solutions", description=__doc__.split(":", 1)[0])
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("stubs", help=stubs.__doc__)
    verb.add_argument("--check", action="store_true", help="change nothing, and exit with 1 if anything is out of step")
    verb.add_argument("--force", action="store_true", help="overwrite files even if somebody has edited them")
    verb.set_defaults(func=stubs)
    verbs.add_parser("solved", help=solved.__doc__).set_defaults(func=solved)
    for func in (validate, reference):
        verb = verbs.add_parser(func.__name__, help=func.__doc__)
        verb.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="only these, such as assignment1/knn")
        verb.set_defaults(func=func)
    verb = verbs.add_parser("figures", help=figures.__doc__)
    verb.add_argument("out", metavar="OUT", help="the folder to write; index.html is the page")
    verb.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="only these, such as assignment1/knn")
    verb.set_defaults(func=figures)
    verb = verbs.add_parser("new", help=new.__doc__)
    verb.add_argument("name", metavar="NAME", help="the function's name, such as swish_forward")
    verb.add_argument("--in", dest="file", required=True, metavar="FILE", help="such as cs231n/activations.py")
    verb.add_argument("--notebook", required=True, metavar="NOTEBOOK", help="such as assignment2/backprop")
    verb.add_argument("--family", default="", help="the module of checks (default: that of the file's last exercise)")
    verb.set_defaults(func=new)
    verb = verbs.add_parser("lint", help=lint.__doc__)
    verb.add_argument("names", nargs="*", metavar="NAME", help="only these exercises")
    verb.set_defaults(func=lint)
    verb = verbs.add_parser("release", help=release.__doc__)
    verb.add_argument(
        "--update-manifest",
        action="store_true",
        help="write only the list of files that a release of the last commit contains",
    )
    verb.add_argument(
        "--allow-dirty", action="store_true", help="release the last commit even if there are uncommitted changes"
    )
    verb.set_defaults(func=release)
    args = parser.parse_args(arguments)
    try:
        with ends_like_ctrl_c():
            return args.func(args)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except (
        generate.EditedError,
        execute.UnknownNotebookError,
        MarkerError,
        FileExistsError,
        releases.ReleaseError,
    ) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
