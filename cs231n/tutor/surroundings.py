"""Keep the user's files and settings from affecting which modules Python finds, how figures look, and what pip does.

`settle()` is called first by the command line, by every notebook and by the process of the checks. `clean()` returns
the environment for processes that we start. `python cs231n/tutor/surroundings.py install …` runs uv or pip without the
user's settings that would install packages elsewhere. Until settle() has run, a user's file could be imported in place
of one of Python's modules, so the top of this file imports only what every Python has loaded when it starts.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INLINE = "module://matplotlib_inline.backend_inline"  # draws below the cell
INSTALLED = ("site-packages", "dist-packages")
HARMLESS = {"antigravity", "idlelib", "test", "this", "turtle", "turtledemo"}  # nothing imports these by accident
PYTHON = {  # the variables of Python that are passed on unchanged; others may affect how code runs
    *("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"),
    *("PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONHASHSEED"),
}
PIP = {  # the settings of pip that are respected: how to reach an index, which packages may come from it, and the like
    *("index-url", "extra-index-url", "find-links", "no-index", "proxy", "cert", "client-cert", "trusted-host"),
    *("timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "keyring-provider", "constraint"),
    *("only-binary", "prefer-binary", "disable-pip-version-check"),
}
UV = {  # the variables with which uv takes these settings; for most of the others, pip is needed
    **{"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS"},
    **{"cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY", "constraint": "UV_CONSTRAINT"},
    **{"timeout": "UV_HTTP_TIMEOUT", "default-timeout": "UV_HTTP_TIMEOUT", "retries": "UV_HTTP_RETRIES"},
}
PIP_COMMAND = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check"]


class HiddenModuleError(ImportError):
    """A user's file has been imported in place of a module of Python or of an installed package."""


def settle() -> None:
    """Give modules of Python and of packages priority over files of the same name in the user's own folders.

    These are the working folder and the kit's; a line is printed for each such file. In a notebook that has not loaded
    matplotlib yet, figures will be drawn below the cells, with matplotlib's defaults. A relative path in $CS231N_DATA
    is made absolute. Raises HiddenModuleError if a user's file has been imported already in place of a module.
    """
    if _OwnModules not in sys.meta_path:
        sys.meta_path.insert(0, _OwnModules)  # type: ignore[arg-type]
    own = {_real(""), _real(ROOT)}  # the user's own folders
    sys.path.sort(key=lambda entry: 0 if _is_pythons(entry) else 2 if _real(entry) in own else 1)
    _name_hiding_files(own)
    if "ipykernel" in sys.modules and "matplotlib" not in sys.modules:
        os.environ |= {"MATPLOTLIBRC": defaults} if (defaults := _matplotlib_defaults()) else {}
        if "inline" not in os.environ.get("MPLBACKEND", ""):  # otherwise nothing is drawn below a cell
            os.environ["MPLBACKEND"] = INLINE
    from cs231n.data import places

    if os.environ.get(places.VARIABLE):  # so that a relative path stays valid after a change of folder
        os.environ[places.VARIABLE] = str(places.said_by_variable())


def other_copy() -> str:
    """Return one line of advice if the working folder belongs to another copy of the kit, or else ""."""
    below, folder = "", os.getcwd()
    while folder != below and not os.path.isfile(os.path.join(folder, "cs231n", "tutor", "surroundings.py")):
        below, folder = folder, os.path.dirname(folder)
    if folder == below or _real(folder) == _real(ROOT):
        return ""
    told = f"You are running the kit in {ROOT}, so edits to the copy in {folder} have no effect."
    return f"{told} To give that copy its own Python, run `make setup` in it."


def hiding(folder: str) -> list[str]:
    """Return the files and packages in a folder whose names are those of modules of Python or of installed packages.

    The names in HARMLESS do not count, nor does cs231n.
    """
    installed = [entry for entry in sys.path if os.path.basename(entry) in INSTALLED]
    found = []
    for name in sorted(_entries(folder)):
        module, ending = os.path.splitext(name)
        path = os.path.join(folder, name)
        is_module = ending == ".py" or (not ending and os.path.isfile(os.path.join(path, "__init__.py")))
        if is_module and module != "cs231n" and (module in sys.stdlib_module_names or _is_in(module, installed)):
            found += [path] if module not in HARMLESS else []
    return found


def advice(path: str) -> str:
    """Return one line that says which module a file hides, and what to do about it."""
    module = os.path.splitext(os.path.basename(path))[0]
    whose = "Python's own module" if module in sys.stdlib_module_names else "the installed package"
    return f"{path} hides {whose} {module!r}: give {os.path.basename(path)} another name."


def command(module: str, tree: str = "") -> list[str]:
    """Return the command that runs a module by its name, with the package cs231n of `tree` if that is given.

    The working folder is not searched for modules, and files in `tree` cannot hide other modules.
    """
    code = "import sys; del sys.path[0]; import runpy; "
    if tree:
        code += "sys.path.insert(0, sys.argv.pop(1)); from cs231n.tutor import surroundings; surroundings.settle(); "
    code += "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
    return [sys.executable, "-c", code, *filter(None, [tree]), module]


def clean() -> dict[str, str]:
    """Return the environment for a process that we start.

    It is a copy of our own environment, without the user's settings for Python, IPython and matplotlib that affect how
    code runs or draws, and without other copies of the kit in PYTHONPATH.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON") or name in PYTHON}
    for name in ("MPLBACKEND", "MATPLOTLIBRC"):
        kept.pop(name, None)
    copies = (entry for entry in _python_path() if os.path.isfile(os.path.join(entry, "cs231n", "__init__.py")))
    others = {entry for entry in copies if _real(entry) != _real(ROOT)}
    paths = [os.path.abspath(entry) for entry in _python_path() if entry not in others]
    kept |= {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    kept |= {"IPYTHONDIR": os.path.join(ROOT, ".cs231n", "ipython")}  # without the user's start-up files and settings
    if os.access(ROOT, os.W_OK):  # if the parent folder is missing, IPython warns and uses a different one
        os.makedirs(os.path.dirname(kept["IPYTHONDIR"]), exist_ok=True)
    defaults = _matplotlib_defaults()
    return kept | ({"MATPLOTLIBRC": defaults} if defaults else {})


def _matplotlib_defaults() -> str:
    """Return the path of matplotlib's own settings file, which contains only the defaults; "" if there is none."""
    for entry in sys.path:
        path = os.path.join(entry, "matplotlib", "mpl-data", "matplotlibrc")
        if os.path.isfile(path):
            return path
    return ""


class _OwnModules:
    """Finds the modules of this package in its own folder only, and not in another copy that is installed."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> object:
        if not name.startswith("cs231n.") or path is None:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)  # type: ignore[arg-type]
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r} in this copy of the kit, {ROOT}", name=name)
        return spec


def _is_pythons(entry: str) -> bool:
    home = _real(os.path.dirname(os.__file__))
    if os.path.basename(entry) == "python{}{}.zip".format(*sys.version_info):
        return True
    return f"{_real(entry)}{os.sep}".startswith(home + os.sep) and not set(INSTALLED) & set(entry.split(os.sep))


def _python_path() -> list[str]:
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


def _real(entry: str) -> str:
    return os.path.realpath(entry or os.curdir)


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _is_in(module: str, folders: list[str]) -> bool:
    names = (module, f"{module}.py")
    return any(os.path.exists(os.path.join(folder, name)) for folder in folders for name in names)


def _name_hiding_files(own: set[str]) -> None:
    """Print a line for each file in the folders `own` that would hide a module.

    Raises HiddenModuleError if such a file, there or in a folder of PYTHONPATH, has been imported already.
    """
    given = {_real(entry) for entry in _python_path()}
    for path in (path for folder in sorted(own | given) for path in hiding(folder)):
        name = os.path.splitext(os.path.basename(path))[0]
        loaded = getattr(sys.modules.get(name), "__file__", None) or ""
        if _real(loaded) in (path, os.path.join(path, "__init__.py")):
            raise HiddenModuleError(advice(path), name=name, path=path)
        if os.path.dirname(path) in own:
            print(advice(path), file=sys.stderr)


def _install(arguments: list[str]) -> int:
    """Install packages with uv, or with pip if that is not possible; return the exit code.

    Of the user's pip settings, only those in PIP take effect. uv is used if it is on the PATH and has a counterpart for
    each of those that are set; if it fails, pip is used.
    """
    import shutil
    import subprocess

    settings = _pip_settings()
    kept = {name: value for name, value in clean().items() if not name.startswith(("PIP_", "UV_"))}
    uv = shutil.which("uv")
    if uv and set(settings) <= {*UV, "no-index", "disable-pip-version-check"}:
        command = [uv, "pip", "install", "--quiet", "--no-config", "--python", sys.executable]
        command += ["--no-index"] if "no-index" in settings else []
        said = {UV[key]: value for key, value in settings.items() if key in UV}
        said |= {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # the best version from any index, as in pip
        said |= {name: os.environ[name] for name in ("UV_CACHE_DIR", "UV_LINK_MODE") if name in os.environ}
        if not subprocess.run([*command, *arguments], env=kept | said).returncode:
            return 0
        print("uv could not install the packages. Trying pip instead.", flush=True)
    said = {f"PIP_{key.upper().replace('-', '_')}": value for key, value in settings.items()}
    return _show_progress([*PIP_COMMAND, "install", *arguments], kept | said | {"PIP_CONFIG_FILE": os.devnull})


def _pip_settings() -> dict[str, str]:
    """Return {name: value} of the user's pip settings that are listed in PIP.

    no-index is left out if it is off, or if find-links is not set, since nothing could be installed then.
    """
    import ast
    import subprocess

    listed = subprocess.run([*PIP_COMMAND, "config", "list"], capture_output=True, text=True).stdout
    settings: dict[str, str] = {}
    for line in sorted(listed.splitlines(), key=lambda line: (line.startswith(":env:"), line.startswith("install."))):
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if key in PIP and section in ("global", "install", ":env:"):
            settings[key] = ast.literal_eval(value)
    if settings.get("no-index", "no").lower() not in ("1", "yes", "true", "on", "t", "y"):
        settings.pop("no-index", None)
    elif not settings.get("find-links"):  # then nothing could be installed
        del settings["no-index"]
    elif "PIP_NO_INDEX" not in os.environ:
        print("As your pip settings say, packages come from find-links only. To use the index too, run")
        print("  PIP_NO_INDEX=0 make setup")
        sys.stdout.flush()
    return settings


def _show_progress(command: list[str], environment: dict[str, str]) -> int:
    """Run pip, print its main steps (in a terminal, also the package that it looks at), and return its exit code."""
    import subprocess

    in_terminal, number = sys.stdout.isatty(), 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", errors="replace") as pip:
        for line in pip.stdout or ():
            told, _, names = line.strip().partition(" ")
            number += told == "Collecting"
            if told == "Collecting" and in_terminal:
                print(f"\r  packages found: {number:3}, now {names.split()[0]:.40}\033[K", end="", flush=True)
            elif line.startswith("Installing collected packages"):
                print("\r" * in_terminal + f"  Installing packages: {names.count(',') + 1} ...", flush=True)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(_install(sys.argv[2:]))
