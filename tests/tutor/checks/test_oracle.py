"""A damaged file of expected values is the kit's fault: never another value, and never the student's."""

import shutil

import numpy as np
import pytest

from cs231n.tutor.checks import isolated, oracle
from cs231n.tutor.faults import DamagedKitError
from tests import fuzzing, student


@pytest.mark.fuzz
def test_of_a_damaged_file_no_other_value_is_taken(tmp_path):
    path = min(oracle.EXPECTED.glob("*.npz"), key=lambda file: file.stat().st_size)
    whole, known = path.read_bytes(), oracle._load(path)
    shutil.copy(path, tmp_path / "expected.npz")
    refused = 0
    for _, dice in fuzzing.seeds():
        (tmp_path / "expected.npz").write_bytes(fuzzing.damaged(whole, dice))
        oracle._load.cache_clear()
        try:
            found = oracle._load(tmp_path / "expected.npz")
        except DamagedKitError as error:
            assert "\n" not in str(error) and len(str(error)) < 500
            refused += 1
            continue
        assert found.keys() == known.keys()
        for above, stored in known.items():
            assert found[above].keys() == stored.keys()
            assert all(np.array_equal(found[above][name], stored[name], equal_nan=True) for name in stored)
    assert refused > fuzzing.INPUTS / 2
    oracle._load.cache_clear()


def test_what_is_packed_comes_back_in_double_precision_and_in_groups_of_one_precision():
    arrays = {
        "a/b": np.arange(6.0).reshape(2, 3) / 7,
        "a/b/mistake": np.array([1.5, np.nan, np.inf], np.float32),
        "a/c": np.float64(3),
        "a/d": np.zeros((0, 2)),
    }
    found = oracle.unpack(oracle.pack(arrays))
    assert list(found) == ["a/b", "a/c", "a/d", "a/b/mistake"]
    for name, array in arrays.items():
        assert found[name].dtype == np.float64
        np.testing.assert_array_equal(found[name], array)
    packed = oracle.pack(arrays)
    with pytest.raises(ValueError, match="reshape"):
        oracle.unpack(packed | {"rounded": packed["rounded"][:-1]})


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:100], lambda raw: b"", lambda raw: raw[:200] + bytes(6) + raw[206:]]
)
def test_the_command_says_that_the_kit_is_damaged_and_blames_nobody(tmp_path, damage):
    kit = student.copy_kit(tmp_path)
    for file in kit.glob("cs231n/tutor/exercises/expected/*.npz"):
        file.write_bytes(damage(file.read_bytes()))
    stub = kit / "cs231n/regularizers.py"
    stub.write_text("def l2(W):\n    return 0.0, W\n", encoding="utf-8")
    with pytest.raises(DamagedKitError, match=r"\.npz cannot be read"):
        list(isolated.verdicts(["l2"], kit))
