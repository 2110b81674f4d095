"""Names of a student's machine stay out of what their code printed; ordinary words stay in."""

from pathlib import Path

import pytest

from cs231n.tutor.submission import privacy


@pytest.fixture
def clean(monkeypatch):
    def made(account="adalove", host="adas-laptop.example.org", home="/home/adalove"):
        for key in ("USER", "LOGNAME", "USERNAME"):
            monkeypatch.setenv(key, account)
        monkeypatch.setenv("HOME", home)
        monkeypatch.setenv("USERPROFILE", home)
        monkeypatch.setattr("platform.node", lambda: host)
        return privacy.cleaner(Path("/kit"))

    return made


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("saved /scratch/adalove/run1.npz", "saved /scratch/user/run1.npz"),
        ("/home/adalove/x", "~/x"),
        ("C:\\Users\\adalove\\z", "C:\\Users\\user\\z"),
        ("C:\\\\Users\\\\AdaLove\\\\z", "C:\\\\Users\\\\user\\\\z"),
        ("user adalove on adas-laptop", "user user on host"),
        ("adalove@adas-laptop.example.org:~$", "user@host:~$"),
        ("/data/adalove", "/data/user"),
        ("adaloves", "adaloves"),
        ("/kit/cs231n/layers.py", "cs231n/layers.py"),
    ],
)
def test_account_and_host_are_replaced(clean, text, cleaned):
    assert clean()(text) == cleaned


@pytest.mark.parametrize("account", ["root", "max", "cat", "1234", "student"])
def test_an_account_that_is_an_ordinary_word_is_replaced_in_paths_alone(clean, account):
    text = f"the square {account} of np.{account}, {account} 0.{account}"
    assert clean(account, account)(text) == text
    assert (
        clean(account, "x")(f"/scratch/{account}/a and C:\\Users\\{account}\\b")
        == "/scratch/user/a and C:\\Users\\user\\b"
    )


def test_a_machine_that_knows_no_names_is_no_error(clean, monkeypatch):
    def unknown():
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert clean("", "", "/")("a b") == "a b"
