"""The pages in docs/ and the README name what there is: files, headings, verbs, exercises; their pictures are small."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cs231n.tutor import course
from cs231n.tutor.commands.main import build_parser

ROOT = Path(__file__).resolve().parents[1]
IMAGES = sorted((ROOT / "docs" / "images").iterdir())
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = r"([a-z]+)((?: [\w./-]+)*)"


def text(page):
    return page.read_text(encoding="utf-8")


def anchors(page):
    titles = re.findall(r"(?m)^#+ (.+)$", text(page))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def make_verbs():
    rules = text(ROOT / "Makefile") + text(ROOT / "solutions/instructor.mk")
    return set(re.findall(r"(?m)^([a-z]+):", rules))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in LINK.findall(text(page)):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_verbs_that_are_named_exist(page):
    named = set(re.findall(r"(?m)(?:`|^|\. |make && )make ([a-z]+)", text(page)))
    assert named - {"help"} <= make_verbs()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_are_understood(page):
    for verb, rest in re.findall(rf"python -m cs231n {VERB}", text(page)):
        arguments = [word for word in rest.split() if word != "NAME"]
        try:
            build_parser().parse_known_args([verb, *arguments])
        except SystemExit:
            if not (verb in ("hint", "reset", "data") and not arguments):  # named by its first word only
                raise
        names = (
            [one for one in arguments if re.fullmatch(r"[a-z]\w+", one)] if verb in ("check", "hint", "reset") else []
        )
        assert all(map(course.named, names)), names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_instructors_commands_that_are_named_exist(page):
    told = subprocess.run(
        [sys.executable, "-m", "solutions", "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    for verb in re.findall(r"python -m solutions ([a-z]+)", text(page)):
        assert re.search(rf"\b{verb}\b", told), verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    for name in re.findall(r"`((?:cs231n|assignments|solutions|tests|docs|ci)/[\w./-]*)`", text(page)):
        assert (ROOT / name).exists(), name


def test_every_picture_is_small_and_shown():
    shown = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(text(page))}
    assert IMAGES
    for picture in IMAGES:
        assert picture.stat().st_size < 100_000 and picture in shown, picture


def test_messages_that_are_explained_are_the_kits_own():
    page = text(ROOT / "docs/students.md")
    sources = "".join(text(path) for path in (ROOT / "cs231n/tutor/checks").glob("*.py"))
    for message in ("Python cannot read the file", "stopped "):
        assert message in page and message in sources
