"""Unpacking: what is wanted comes out, whatever else is in a zip, and a hostile one is refused with its reason."""

import io
import stat
import struct
import time
import warnings
import zipfile

import pytest

from cs231n.tutor import originals
from grading.intake import unpack
from grading.intake.unpack import Caps, RefusedError
from tests.fuzzing import damaged, seeds
from tests.grading.handed_in import A1, STUB, kit, link, manifest, packed


def read(content, caps=unpack.CAPS):
    return unpack.read_zip(content, "assignment1", caps)


def info(name, **attributes):
    found = zipfile.ZipInfo("placeholder")
    found.filename = name
    for key, value in attributes.items():
        setattr(found, key, value)
    return found


def device(name):
    found = zipfile.ZipInfo(name)
    found.create_system, found.external_attr = 3, (stat.S_IFCHR | 0o666) << 16
    return found


def test_what_is_wanted_comes_out_however_it_is_nested():
    for prefix in ("", "assignment1_submission/", "my work/cs231n-assignments/"):
        found = read(packed(kit("all") | manifest(), prefix))
        assert set(found.files) == set(A1.files) and found.assignment == "assignment1"


def test_the_hash_is_of_the_files_and_not_of_the_zip():
    plain, nested = read(packed(kit("all"))), read(packed({"a.zip": packed(kit("all"), "x/"), "notes.txt": b"hello"}))
    assert plain.sha256 == nested.sha256 != read(packed(kit("l2"))).sha256


def test_own_modules_come_along_and_others_do_not():
    more = {"cs231n/mine.py": b"a = 1", "helpers/more.py": b"b = 2", "cs231n/tutor/checks/decide.py": b"evil"}
    more |= {"sitecustomize.py": b"evil", "numpy/__init__.py": b"evil", "conftest.py": b"evil", "x.pth": b"import os"}
    more |= {
        "cs231n/__init__.py": b"evil",
        "cs231n/solver.py": b"evil",
        "cs231n/mine.pyc": b"evil",
        ".hidden/a.py": b"",
    }
    found = read(packed(kit() | more))
    assert set(found.files) - set(A1.files) == {"cs231n/mine.py", "helpers/more.py"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../evil.py", "leads out"),
        ("cs231n/../../evil.py", "leads out"),
        ("..\\..\\evil.py", "leads out"),
        ("/etc/cron.d/evil", "absolute"),
        ("\\\\host\\share\\evil.py", "absolute"),
        ("C:/windows/evil.py", "absolute"),
        ("c:evil.py", "absolute"),
        ("cs231n/layers.py\0.txt", "NUL"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(name, told):
    with pytest.raises(RefusedError, match=told):
        read(packed(kit("all") | {info(name): b"x = 1"}))


@pytest.mark.parametrize("make", [link, lambda name: {device(name): b""}])
def test_a_wanted_file_that_is_a_link_or_a_device_is_refused(make):
    files = {name: content for name, content in kit("all").items() if name != STUB}
    with pytest.raises(RefusedError, match="link or a special file"):
        read(packed(files | make(STUB)))


def test_links_elsewhere_are_not_looked_at():
    assert set(read(packed(kit() | link(".venv/bin/python") | link("data"))).files) == set(A1.files)


@pytest.mark.parametrize("double", [STUB, STUB.upper(), STUB.replace("softmax", "ſoftmax")])
def test_two_members_of_one_name_are_refused(double):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in kit().items():
            archive.writestr(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(double, b"another one")
    with pytest.raises(RefusedError, match="are the same name"):
        read(out.getvalue())


def test_encrypted_members_are_refused():
    content = bytearray(packed({"a.txt": b"", **kit()}))
    at = content.rindex(STUB.encode())
    struct.pack_into("<H", content, at - 46 + 8, 1)
    with pytest.raises(RefusedError, match="encrypted"):
        read(bytes(content))


def test_a_bomb_is_counted_while_it_is_read():
    bomb = packed(kit() | {STUB: b"\0" * 60_000_000})
    assert len(bomb) < 300_000
    with pytest.raises(RefusedError, match="unpacks to more than"):
        read(bomb)
    lying = bytearray(bomb)
    size = struct.pack("<I", 60_000_000)
    while (at := lying.find(size)) >= 0:
        lying[at : at + 4] = struct.pack("<I", 100)
    with pytest.raises(RefusedError):
        read(bytes(lying))


def test_caps_on_count_total_and_depth():
    with pytest.raises(RefusedError, match="more than 10 files"):
        read(packed({f"{number}": b"" for number in range(11)}), Caps(members=10))
    with pytest.raises(RefusedError, match="unpacks to more than"):
        read(packed(kit()), Caps(total=10_000))
    nested = packed(kit())
    for _ in range(6):
        nested = packed({"inner.zip": nested})
    with pytest.raises(RefusedError, match="nested too deeply"):
        read(nested)
    with pytest.raises(RefusedError, match="at most 5 are allowed"):
        read(packed(kit() | {f"m{number}.py": b"" for number in range(9)}), Caps(files=5))


def test_the_caps_are_for_all_zips_of_a_submission_together():
    half = packed({"x.txt": b"", **{name: content for name, content in kit().items() if name.endswith(".py")}})
    size = sum(len(content) for name, content in kit().items() if name.endswith(".py")) + len(half)
    many = packed({f"{number}.zip": half for number in range(8)})
    assert read(packed({"1.zip": half}), Caps(total=2 * size)).files
    with pytest.raises(RefusedError, match="unpacks to more than"):
        read(many, Caps(total=4 * size))


def test_time_is_linear_in_what_is_handed_in():
    slow = {"my knn.ipynb": b"\n" * 3_000_000, "mine.py": b" \n" * 1_000_000, "-1" * 450 + "x.py": b""}
    started = time.monotonic()
    read(packed({name: content for name, content in kit().items() if STUB in name or "svm" in name} | slow))
    assert time.monotonic() - started < 20
    with pytest.raises(RefusedError, match="too long"):
        read(packed({"-1" * 30_000: b""}))


def test_files_that_two_assignments_share_are_of_the_one_asked_for():
    shared = {"layers.py": originals.originals()["cs231n/layers.py"]}
    for name in ("assignment1", "assignment2"):
        found = unpack.read_zip(packed(shared), name)
        assert found.assignment == name and set(found.files) == {"cs231n/layers.py"}


def test_other_archives_and_other_things_are_named():
    with pytest.raises(RefusedError, match=r"work\.rar is not a zip"):
        unpack.read({"work.rar": lambda: b"Rar!"}, A1)
    with pytest.raises(RefusedError, match="nothing from the kit"):
        read(packed({"essay.docx": b"x"}))


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b"{", b'{"assignment": 7, "kit_version": {}}', b"\xff", b"[]", b"null"]
)
def test_a_poisoned_manifest_is_no_manifest(text):
    found = read(packed(kit() | {"manifest.json": text}))
    assert found.assignment == "assignment1" and found.version == "" and set(found.files) == set(A1.files)


def test_words_of_a_manifest_are_harmless():
    found = read(packed(kit() | manifest(version="1.0\x1b[31m\n=cmd()" + "9" * 500)))
    assert found.version.isprintable() and len(found.version) <= 60


def test_files_are_laid_out_and_nothing_is_followed_or_overwritten(tmp_path):
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir()
    tree.mkdir()
    (tree / "cs231n").symlink_to(outside)
    with pytest.raises(OSError):
        unpack.lay_out({"cs231n/layers.py": b"x"}, tree)
    (tree / "a.py").symlink_to(outside / "a.py")
    with pytest.raises(FileExistsError):
        unpack.lay_out({"a.py": b"x"}, tree)
    with pytest.raises(RefusedError):
        unpack.lay_out({"../b.py": b"x"}, tree)
    unpack.lay_out({"d/e/f.py": b"x", "d/e/g.py": b"y"}, tree)
    assert (tree / "d/e/g.py").read_bytes() == b"y" and not list(outside.iterdir())


@pytest.mark.fuzz
def test_damaged_zips_are_read_or_refused():
    whole = packed({name: content for name, content in kit("all").items() if name.endswith(".py")} | manifest())
    for number, dice in seeds():
        try:
            found = read(damaged(whole, dice))
        except RefusedError as error:  # noqa: PERF203
            assert str(error), number
        else:
            assert all(unpack.safe_name(name) == name for name in found.files), number
