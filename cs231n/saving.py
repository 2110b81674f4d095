"""Save the parameters of a model as plain arrays in a .npz file, without pickle, and load them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

AVERAGES = ("running_mean", "running_var")


class Saved:
    """A base class with `save` and `load` for models whose parameters are in the dictionary params, or in W.

    If there are dictionaries in bn_params, their running averages are saved too.
    """

    def save(self, fname: str | Path) -> None:
        """Write the parameters to `fname`, and print the path. A missing suffix .npz is added, or replaces .npy.

        Raises ValueError if there are no parameters yet, and OSError if the file cannot be written.
        """
        arrays = {name: home[key] for name, (home, key) in _places(self).items() if home.get(key) is not None}
        if not arrays:
            raise ValueError("there are no parameters to save yet: train the model first")
        path = _path(fname)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)
        print(f"{path} saved.")

    def load(self, fname: str | Path) -> bool:
        """Load the parameters that `save(fname)` wrote, and return True; return False if there is no such file.

        Prints the path of the file. Raises ValueError, and changes nothing, if the file is damaged or not a .npz file,
        or if its parameters do not have the names and shapes of the model's.
        """
        path, places = _path(fname), _places(self)
        if not path.is_file():
            print(f"There is no file {path}.")
            return False
        found = _read(path)
        sizes = {name: np.shape(home[key]) for name, (home, key) in places.items() if home.get(key) is not None}
        for name in sorted(found.keys() | sizes.keys()):
            if name not in found or name not in places:
                raise ValueError(
                    f"{path} contains {', '.join(found) or 'nothing'}, but this model has {', '.join(places)}"
                )
            if sizes.get(name, found[name].shape) != found[name].shape:
                raise ValueError(f"{name} has shape {found[name].shape} in {path}, but {sizes[name]} in this model")
        for name, array in found.items():
            home, key = places[name]
            home[key] = array
        print(f"{path} loaded.")
        return True


def _path(fname: str | Path) -> Path:
    """Return the path with the suffix .npz. Only .npy is replaced: the ".001" of "net_0.001" is part of the name."""
    path = Path(fname)
    return path.with_suffix(".npz") if path.suffix in (".npy", ".npz") else path.with_name(f"{path.name}.npz")


def _places(model: Any) -> dict[str, tuple[dict, str]]:
    """Return {name in the file: (dictionary of the model, key in it)}."""
    if not hasattr(model, "params"):
        return {"W": (vars(model), "W")}
    numbered = enumerate(getattr(model, "bn_params", []), start=1)
    averages = {f"{key}{i}": (bn_param, key) for i, bn_param in numbered for key in AVERAGES}
    return {name: (model.params, name) for name in model.params} | averages


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, EOFError, BadZipFile, AttributeError, TypeError, KeyError):
        raise ValueError(f"{path} is damaged, or it was not written by save()") from None
