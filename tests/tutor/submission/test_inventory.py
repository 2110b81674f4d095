"""Whatever a student writes or draws in a notebook is in the report, or is named in it with its cell."""

import base64
import io
import json
import re

import pytest
from PIL import Image

from cs231n.tutor.submission import illustrations, inventory, prose, read, report, review, submit
from tests.student import ROOT
from tests.tutor.submission.handin import ASSIGNMENT, KNN, code, markdown, printed, shown

MINE = "MINE: every distance to that example is large."
EMPTY = "*Your answer:*"
QUESTIONS = [1, 2, 3, 4, 5, 6]  # of the notebook knn


def png(colour="red", kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (3, 3), colour).save(file, kind)
    return file.getvalue()


def encoded(data):
    return base64.b64encode(data).decode()


def given():
    """Return the cells of a notebook as students get it."""
    return json.loads((ROOT / KNN).read_text(encoding="utf-8"))["cells"]


def place(cells, number=1):
    """Return the index of a question's cell."""
    return [at for at, cell in enumerate(cells) if "question" in cell["metadata"].get("tags", ())][number - 1]


def parsed(cells, name=KNN):
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return read.parse(name, json.dumps(whole).encode())


def page(cells, files=(), **more):
    return report.page(submit.Submission(ASSIGNMENT, dict(files), [parsed(cells)], **more))


def article(html, number):
    """Return what the report shows of a question."""
    return re.search(rf'<article id="knn-q{number}">.*?</article>', html, re.S)[0]


def unanswered(cells):
    return [question.number for question in review.questions(parsed(cells)) if not question.answered]


def in_a_new_cell(cells, at):
    cells.insert(at + 2, markdown(MINE))


def between_question_and_answer(cells, at):
    cells.insert(at + 1, markdown(MINE))


def in_the_questions_cell(cells, at):
    cells[at]["source"] += f"\n\n{MINE}"


def in_the_questions_last_line(cells, at):
    cells[at]["source"] += f" {MINE}"


def in_a_comment(cells, at):
    cells.insert(at + 2, code(f"# {MINE}"))


def in_a_string(cells, at):
    cells.insert(at + 2, code(f'answer = "{MINE}"'))


def as_words_in_a_code_cell(cells, at):
    cells[at + 1] = code(MINE)


def in_a_raw_cell(cells, at):
    cells[at + 1] |= {"cell_type": "raw", "source": MINE}


def in_a_cell_of_a_kind_to_come(cells, at):
    cells.insert(at + 2, {"cell_type": "sound", "source": MINE, "metadata": {}})


def without_tags(cells, at):
    cells[at]["metadata"], cells[at + 1] = {}, markdown(MINE)


def without_tags_and_ids_anywhere(cells, at):
    cells[at + 1]["source"] = MINE
    for cell in cells:
        cell["metadata"] = {}
        del cell["id"]


def in_the_questions_cell_without_tags_and_ids(cells, at):
    in_the_questions_cell(cells, at)
    for cell in cells:
        cell["metadata"] = {}
        del cell["id"]


def instead_of_the_question(cells, at):
    cells[at]["source"] = MINE
    del cells[at + 1]


def the_question_deleted(cells, at):
    cells[at + 1]["source"] = MINE
    del cells[at]


def the_question_deleted_and_a_new_cell(cells, at):
    cells[at : at + 2] = [markdown(MINE)]


def question_and_answer_merged(cells, at):
    cells[at]["source"] += f"\n\n{EMPTY} {MINE}"
    del cells[at + 1]


def the_question_split(cells, at):
    first, second = cells[at]["source"][:40], cells[at]["source"][40:]
    cells[at : at + 2] = [cells[at] | {"source": first}, markdown(second, "question"), markdown(MINE)]


def the_answer_split(cells, at):
    cells[at + 1 : at + 2] = [markdown(f"{EMPTY}\n\nFirst.", "answer"), markdown(MINE, "answer")]


def after_an_experiment(cells, at):
    cells[at + 2 : at + 2] = [code("dists.max()", 1, [shown("text/plain", "3")]), markdown(MINE)]


def displayed_by_code(cells, at):
    cells.insert(at + 2, code("display(x)  # see", 1, [shown("text/markdown", MINE)]))


def printed_by_code(cells, at):
    cells.insert(at + 2, code("print(x)  # see", 1, [printed(MINE)]))


ANSWERS = [
    in_a_new_cell,
    between_question_and_answer,
    in_the_questions_cell,
    in_the_questions_last_line,
    in_a_comment,
    in_a_string,
    as_words_in_a_code_cell,
    in_a_raw_cell,
    in_a_cell_of_a_kind_to_come,
    without_tags,
    without_tags_and_ids_anywhere,
    in_the_questions_cell_without_tags_and_ids,
    instead_of_the_question,
    the_question_deleted,
    the_question_deleted_and_a_new_cell,
    question_and_answer_merged,
    the_question_split,
    the_answer_split,
    after_an_experiment,
    displayed_by_code,
    printed_by_code,
]


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("write", ANSWERS, ids=lambda write: write.__name__)
def test_an_answer_belongs_to_its_question_wherever_it_is_written(write, number):
    cells = given()
    write(cells, place(cells, number))
    assert unanswered(cells) == [other for other in QUESTIONS if other != number]
    html = page(cells)
    assert html.count(MINE) == 1 and MINE in article(html, number)


def test_of_a_given_cell_only_what_was_added_is_the_students_with_or_without_ids():
    for write in (in_the_questions_cell, in_the_questions_cell_without_tags_and_ids):
        cells = given()
        write(cells, place(cells))
        assert [item.written for item in inventory.take(parsed(cells)).items if item.written] == [MINE]


def test_nothing_in_the_given_notebook_is_the_students():
    items = inventory.take(parsed(given())).items
    assert [item.cell.number for item in items if item.own or item.answers] == []
    assert unanswered(given()) == QUESTIONS


def test_code_that_says_nothing_is_no_answer_but_is_shown():
    cells = given()
    cells.insert(place(cells) + 2, code("dists.max()", 1))
    assert 1 in unanswered(cells) and "dists.max()" in article(page(cells), 1)


def test_all_questions_deleted_are_still_asked():
    cells = [cell for cell in given() if not {"question", "answer"} & {*cell["metadata"].get("tags", ())}]
    assert unanswered(cells) == QUESTIONS
    html = page(cells)
    assert html.count("no longer in the notebook") == len(QUESTIONS) and html.index("knn-q1") < html.index("knn-q6")


@pytest.mark.parametrize("at", [0, 2, 4, -1])
def test_text_and_code_anywhere_are_shown_with_their_cell(at):
    for kind, source in (("markdown", MINE), ("raw", MINE), ("code", f"# {MINE}")):
        cells = given()
        cells[at]["source"] += f"\n{source}"
        cells[at]["cell_type"] = kind
        html = page(cells)
        number = at % len(cells) + 1
        assert html.count(MINE) == 1 and f"In cell {number}" in html
        cells = given()
        cells.insert(at, {"cell_type": kind, "source": source, "metadata": {}, "outputs": []})
        assert page(cells).count(MINE) == 1


def test_a_notebook_of_another_edition_goes_by_its_tags():
    cells = [markdown("Why?", "question"), markdown(f"{EMPTY} {MINE}", "answer"), markdown("How?", "question")]
    assert unanswered(cells) == [2] and MINE in article(page(cells), 1)


def test_the_name_in_the_notebook_is_at_the_top_unless_another_is_given():
    cells = given()
    field = next(cell for cell in cells if "name" in cell["metadata"].get("tags", ()))
    assert "<b>Name</b>" not in page(cells)
    field["source"] += " Ada <Lovelace>"
    assert "<b>Name</b></td><td>Ada &lt;Lovelace&gt;</td>" in page(cells)
    html = page(cells, student="Grace", date="2026-01-02, 03:04 UTC")
    assert "Lovelace" not in html and "<b>Name</b></td><td>Grace</td>" in html and "2026-01-02, 03:04 UTC" in html


SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><circle r="4"/><a href="http://a.b"/></svg>'
OUTPUTS = {
    "png": ({"image/png": encoded(png())}, "data:image/png"),
    "jpeg": ({"image/jpeg": encoded(png(kind="JPEG"))}, "data:image/jpeg"),
    "gif": ({"image/gif": encoded(png(kind="GIF"))}, "data:image/png"),
    "webp": ({"image/webp": encoded(png(kind="WEBP"))}, "data:image/png"),
    "a jpeg that says it is a png": ({"image/png": encoded(png(kind="JPEG"))}, "data:image/jpeg"),
    "svg": ({"image/svg+xml": SVG}, "data:image/svg+xml"),
    "svg in lines": ({"image/svg+xml": SVG.splitlines(keepends=True)}, "data:image/svg+xml"),
    "html with a picture": ({"text/html": f"<img src='data:image/png;base64,{encoded(png())}'>"}, "data:image/png"),
    "html with svg": ({"text/html": f"<div>{SVG}</div>"}, "data:image/svg+xml"),
    "html with a table": ({"text/html": "<table><tr><td>0.512</td></tr></table>"}, "<td>0.512</td>"),
    "latex": ({"text/latex": "$x_0^2$"}, 'alt="x_0^2"'),
    "pdf": ({"application/pdf": "JVBERi0="}, "cannot show a figure in PDF"),
    "widget": ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Canvas()"}, "application/vnd.jupyter"),
    "plotly": ({"application/vnd.plotly.v1+json": {"data": [1]}}, "application/vnd.plotly"),
    "javascript": ({"application/javascript": "draw()"}, "application/javascript"),
    "JSON": ({"application/json": '{"a": 1}', "text/plain": "<JSON object>"}, "the type application/json"),
    "PostScript": ({"application/postscript": "%!PS", "text/plain": "<Figure>"}, "the type application/postscript"),
    "canvas": ({"text/html": "<canvas></canvas><script>draw()</script>"}, "video, audio, or other embedded"),
    "video": ({"text/html": "<video src='data:video/mp4;base64,AA'></video>"}, "video, audio, or other embedded"),
    "damaged": ({"image/png": encoded(png())[:40]}, "not shown: it is not an intact PNG"),
}


@pytest.mark.parametrize("data, told", OUTPUTS.values(), ids=OUTPUTS)
def test_whatever_an_output_shows_is_embedded_or_named(data, told):
    cells = given()
    cells[4] |= {"execution_count": 1, "outputs": [shown("x", "") | {"data": {"text/plain": "x"} | data}]}
    html = page(cells)
    assert told in html and "x()" not in html
    for svg in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", html):
        drawn = base64.b64decode(svg)
        assert b"circle" in drawn and not re.search(b"script|onload|a.b", drawn)
    number = 5
    said = [notice for notice in review.of_cells(parsed(cells), 1) if "show" in notice]
    assert said == ([f"the report cannot show what is drawn: cell {number} [1]"] if "cannot show" in html else [])


def test_cards_of_the_kit_are_not_repeated():
    cells = given()
    card = {"text/plain": "✓ l1_distance: passed", "text/html": "<div>✓ <b>passed</b> l1_distance</div>"}
    cells[4]["outputs"] = [shown("x", "") | {"data": card}]
    assert "l1_distance" not in page(cells).partition('<section class="notebook"')[2]


DRAWN = "fig, ax = plt.subplots()\nax.plot([0, 1])\nplt.show()"


@pytest.mark.parametrize(
    "source, outputs, lost",
    [
        (DRAWN, [], True),
        (DRAWN, [shown("image/png", "x")], False),
        ("plt.plot([1, 2]);", [], True),
        ("%matplotlib qt\nplt.plot([1, 2])", [shown("text/plain", "[<matplotlib.lines.Line2D at 0x7f>]")], True),
        ("draw(model)", [shown("text/plain", "<Figure size 640x480 with 1 Axes>")], True),
        ("draw(model)", [printed("FigureCanvasAgg is non-interactive, and thus cannot be shown")], True),
        ("def draw():\n    plt.show()", [], False),
        ("plt.plot([1, 2])\nplt.savefig('a.png')\nplt.close()", [], False),
        ("plt.rcParams['figure.dpi'] = 90", [], False),
        (DRAWN, [shown("text/plain", "○ l1_distance is not written yet")], False),
        (DRAWN, [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}], False),
        ("plt.show(", [], False),
    ],
)
def test_a_figure_that_was_drawn_and_is_not_there_is_named(source, outputs, lost):
    cells = given()
    cells[4] |= {"source": source, "execution_count": 3, "outputs": outputs}
    notice = "a figure was drawn that is not in the notebook: cell 5 [3]"
    assert (notice in review.of_cells(parsed(cells), 1)) == lost
    cells[4]["execution_count"] = None
    assert notice not in str(review.of_cells(parsed(cells), 1))


def test_the_title_of_a_figure_is_its_alternative_text():
    cells = given()
    noted = shown("image/png", encoded(png())) | {"metadata": {"image/png": {"alt": "Splits <1>", "width": 9}}}
    cells[4]["outputs"] = [noted]
    cells[6] |= {"source": "ax.set_title('The splits')", "outputs": [shown("image/png", encoded(png()))]}
    html = page(cells)
    assert '<img alt="Splits &lt;1&gt;"' in html and '<img alt="The splits"' in html


WRITTEN = {
    "markdown": "![a](figs/my%20plot.png)",
    "with blanks": "![a](figs/my plot.png)",
    "in angles": "![a](<figs/my plot.png>)",
    "with a title": '![a](figs/my%20plot.png "A title")',
    "from above": "![a](../assignment1/figs/my%20plot.png)",
    "with backslashes": r"![a](figs\my%20plot.png)",
    "by reference": "![a][one]\n\n[one]: figs/my%20plot.png",
    "as html": 'Text <img src="figs/my plot.png" alt="a" width=200> on',
    "as a block of html": '<div align="center">\n<img alt="a" src="figs/my%20plot.png"/>\n</div>',
    "as a link": "[![a](figs/my%20plot.png)](https://example.org)",
    "in a table": "| x |\n|---|\n| ![a](figs/my%20plot.png) |",
    "inline": f"![a](data:image/png;base64,{encoded(png() + bytes(60_000))})",
    "inline in html": f'<img alt="a" src="data:image/png;base64,{encoded(png())}">',
}


@pytest.fixture
def kit(tmp_path):
    folder = tmp_path / "kit" / "assignments/assignment1"
    (folder / "figs").mkdir(parents=True)
    (folder / "figs/my plot.png").write_bytes(png())
    (folder / "figs/plot.svg").write_text(SVG)
    (folder / "notes.pdf").write_bytes(b"%PDF-1.4")
    (folder / "huge.png").write_bytes(png() + bytes(20_000_000))
    (tmp_path / "secret.png").write_bytes(png())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    return tmp_path / "kit"


def with_answer(text):
    cells = given()
    cells[place(cells) + 1]["source"] = text
    return cells


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_picture_named_by_its_path_travels_along_and_is_embedded(kit, text):
    found = {}
    assert illustrations.collect(parsed(with_answer(text)), kit, found) == []
    assert list(found) in ([], ["assignments/assignment1/figs/my plot.png"])
    html = article(page(with_answer(text), found), 1)
    assert html.count('<img class="photo" alt="a" src="data:image/png;base64,') == 1 and "No answer" not in html


def test_svg_by_path_and_from_an_output_travels_along(kit):
    cells = with_answer("![a](figs/plot.svg)")
    cells[4]["outputs"] = [shown("text/html", '<img src="figs/my plot.png">')]
    found = {}
    assert illustrations.collect(parsed(cells), kit, found) == [] and len(found) == 2
    assert page(cells, found).count('<img class="photo"') == 2
    assert b"script" not in found["assignments/assignment1/figs/plot.svg"]


@pytest.mark.parametrize(
    "url, why",
    [
        ("gone.png", "is not there"),
        ("figs", "is not a file"),
        (f"{'a' * 300}.png", "cannot be read"),  # the system refuses a name of this length
        ("notes.pdf", "is not an intact PNG"),
        ("knn.ipynb", "is not there"),
        ("huge.png", "is too large (20.0 MB"),
        ("link.png", "is a link"),
        ("folder/secret.png", "is a link"),
        ("../../../secret.png", "is outside the kit's folder"),
        ("%2e%2e/%2e%2e/%2e%2e/secret.png", "is outside the kit's folder"),
        ("/etc/passwd", "is outside the kit's folder"),
        ("file:///etc/passwd", "is outside the kit's folder"),
        (r"C:\Users\ann\a.png", "is outside the kit's folder"),
        ("https://example.org/a.png", "is on the web"),
        ("//example.org/a.png", "is on the web"),
        ("http://[/a.png", "has an address that cannot be read"),
        ("attachment:gone.png", "is not attached"),
        ("data:image/png;base64,AAAA", "is not an intact PNG"),
        ("data:text/html,%3Cscript%3E", "is not an intact PNG"),
        ("a%00b.png", "is outside"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_its_cell(kit, url, why):
    cells = with_answer(f'<img src="{url}">')
    found = {}
    (notice,) = illustrations.collect(parsed(cells), kit, found)
    assert notice.startswith(f"cell {place(cells) + 2} (under") and why in notice and not found
    html = article(page(cells), 1)
    assert "<img" not in html and "<em>[" in html


def test_attachments_are_shown_whether_the_text_names_them_or_not():
    cells = with_answer("![a](attachment:a.png)")
    colours = {"a.png": "red", "b.png": "blue"}
    cells[place(cells) + 1]["attachments"] = {name: {"image/png": encoded(png(colours[name]))} for name in colours}
    assert article(page(cells), 1).count('<img class="photo"') == 2


@pytest.mark.parametrize(
    "tex",
    [
        r"$\undefined{x} + x_i$",
        r"$$\begin{aligned} a &= b \\ c &= d \end{aligned}$$",
        r"\begin{align} a_1 &= b_1 \end{align}",
        r"$\text{损失} + 1$",
        f"$x_1{' + x_1' * 150}$",
        r"$$ \newcommand{\loss}{L} \loss $$",
    ],
)
def test_a_formula_that_cannot_be_drawn_is_shown_as_its_text(tex):
    html = article(page(with_answer(f"So {tex} holds.")), 1).partition('class="answer"')[2]
    kept = " ".join(tex.strip("$").split())
    assert kept.replace("&", "&amp;") in html and "<em>" not in html and "<img" not in html


def test_other_ways_to_write_formulas_are_drawn():
    for tex in (r"\\(x_i\\)", r"\(x_i\)", r"\\[x_i\\]", "$$x_i$$", r"\begin{equation}"):
        html = article(page(with_answer(tex)), 1)
        assert 'alt="x_i"' in html or "equation" in html


def test_links_to_files_say_where_they_lead():
    html = article(page(with_answer("See [mine](derivation.pdf) and [web](https://example.org).")), 1)
    assert "mine (derivation.pdf)" in html and '<a href="https://example.org">web</a>' in html


@pytest.mark.parametrize(
    "text",
    ["[mine](runs/log.csv)", "[mine]\n\n[mine]: <runs/log.csv>", "[a [b](../assignment1/runs/log.csv) c](knn.ipynb)"],
)
def test_a_file_that_is_linked_and_not_handed_in_is_named(kit, text):
    known = ["assignments/assignment1/knn.ipynb"]
    cells = with_answer(f"[This](knn.ipynb#two), [that](#two), [me](mailto:a@b.c), [web](https://c.d/e.csv), {text}")
    (notice,) = illustrations.collect(parsed(cells), kit, {}, known)
    assert notice.startswith(f"cell {place(cells) + 2} (under")
    assert notice.endswith(
        "assignments/assignment1/runs/log.csv is only linked, not handed in: a grader may not have it"
    )
    assert illustrations.collect(parsed(cells), kit, {}, [*known, "assignments/assignment1/runs/log.csv"]) == []


def test_long_text_is_shown_to_its_end():
    html = article(page(with_answer("word " * 12_000 + MINE)), 1)
    assert MINE in html


def test_what_is_still_to_do_is_a_table_of_notebooks():
    notices = ["never run", "a figure was drawn that is not in the notebook: cell 5 [3]", "cell 7: x is a link"]
    cells = given()
    cells[4] |= {"source": DRAWN, "execution_count": 3}
    html = page(cells, problems={"knn": notices})
    row = re.search(r'<section id="todo">.*?<tbody>(.*?)</tr>', html, re.S)[1]
    columns = [" ".join(re.sub("<[^>]*>", " ", column).split()) for column in re.findall("<td>(.*?)</td>", row, re.S)]
    assert columns[:2] == ["knn", "never run"]
    assert columns[2] == "a figure was drawn that is not in the notebook: cell 5 [3] cell 7: x is a link"
    assert columns[3] == f"without an answer: {', '.join(map(str, QUESTIONS))} (of {len(QUESTIONS)})"
    assert columns[4].startswith("✓")


def test_the_same_submission_gives_the_same_page():
    cells = with_answer(f"{MINE} $x_i$ ![a](attachment:a.png)")
    cells[place(cells) + 1]["attachments"] = {"a.png": {"image/png": encoded(png())}}
    assert page(cells) == page(cells)


@pytest.mark.parametrize(
    "url, name", [(r"a\(1\).png", "a(1).png"), ("cost$1$.png", "cost$1$.png"), ("b(2).png", "b(2).png")]
)
def test_the_address_of_a_picture_is_no_formula(url, name):
    assert prose.to_html(rf"![a]({url}) and \(x\)", lambda found, alt: f"<{found}>").startswith(f"<p><{name}> and <img")
