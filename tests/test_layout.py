"""The contracts of imports name every module of the package, so that a new one cannot stay outside of them."""

import sys

import pytest

from tests.student import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}
KNOWS_THE_TUTOR = {"__init__", "__main__", "notebook", "tutor"}
ROOMS = {path.stem for path in (ROOT / "cs231n").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}


@pytest.mark.parametrize(
    ("contract", "side", "without"),
    [
        ("The subject does not import the tutor", "source_modules", KNOWS_THE_TUTOR),
        ("cs231n.data imports nothing else of the kit", "forbidden_modules", {"__init__", "__main__", "data"}),
    ],
)
def test_a_contract_names_every_module(contract, side, without):
    assert set(CONTRACTS[contract][side]) == {f"cs231n.{room}" for room in ROOMS - without}


def test_every_stub_module_is_bound():
    from cs231n.tutor import course

    bound = set(CONTRACTS["Stub modules import numpy, labels, saving and each other"]["source_modules"])
    users_of_layer_utils = {"cs231n.classifiers.cnn", "cs231n.classifiers.fc_net"}
    assert bound | users_of_layer_utils == set(course.stub_modules())
