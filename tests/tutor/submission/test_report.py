"""The report for graders: everything that was written and drawn is in it, and nothing in it runs or loads."""

import base64
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from html import escape as html_escape
from html.parser import HTMLParser

import pytest
from PIL import Image

from cs231n.tutor import processes
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import archive, pdf, pictures, prose, read, report, submit
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT, book, code, markdown, printed, shown

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><svg onload=alert(1)>",
    "[click](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>)",
    '[x](https://a"onmouseover="alert(1))',
    "<iframe src=https://example.org></iframe>",
    '![x](attachment:"onerror=alert(1)) ![y](https://example.org/track.png)',
    "`<script>` ```\n<script>\n``` <https://x.org/<script>>",
    "$<script>alert(1)</script>$ $$</code><script>alert(1)</script>$$",
    "<style>*{background:url(https://example.org)}</style><meta http-equiv=refresh content=0>",
    "| a | b |\n|---|---|\n| <script>x</script> | \x1b[31m |",
)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TAGS = {"html", "head", "meta", "title", "style", "body", "nav", "section", "article", "div", "span", "figure", "img"}
TAGS |= {"figcaption", "b", *prose.TAGS}


class Reader(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


def png(width=2, height=2):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "PNG")
    return file.getvalue()


def encoded(data):
    return base64.b64encode(data).decode()


def page(*cells, verdicts=(), stem="knn", problems=None):
    notebook = read.parse(f"assignments/assignment1/{stem}.ipynb", book(*cells))
    return report.page(submit.Submission(ASSIGNMENT, {}, [notebook], problems or {}, list(verdicts)))


def html_of(text, attachments=None):
    """Return markdown as the report shows it."""

    def picture(url, alt):
        try:
            return f'<img alt="{html_escape(alt)}" src="{pictures.find(url, attachments or {}, "a/b.ipynb", {})}">'
        except pictures.NoPictureError as error:
            return f"[{error}]"

    return prose.to_html(text, picture)


def assert_harmless(html):
    found = Reader(html)
    assert found.tags <= TAGS, found.tags - TAGS
    for tag, name, value in found.attributes:
        assert not name.startswith("on"), (tag, name)
        if name == "src":
            assert re.match(r"data:image/(png|jpeg|svg\+xml);base64,", value)
        if name == "href":
            assert re.match(r"#|https?://", value), value
    assert "\x1b" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_student_file_holds_nothing_of_it_runs_or_loads(text):
    error = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
    html_output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": text, "text/plain": text}}
    cells = [
        markdown(f"# {text}"),
        markdown(text, "question"),
        markdown(text, "answer", attachments={text: {text: text}}),
        code(text, 1, [printed(f"accuracy 0.5 {text}\nData: {text}"), error, html_output, shown("image/png", text)]),
    ]
    html = page(*cells, verdicts=[Verdict(text, "fail", text, text, advice=text)], problems={"knn": [text]})
    assert_harmless(html)
    assert_harmless(html_of(text))


def test_the_page_forbids_itself_to_load_or_run_anything():
    policies = [value for tag, name, value in Reader(page()).attributes if (tag, name) == ("meta", "content")]
    assert policies[0].startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


def test_it_holds_questions_answers_figures_checks_and_accuracies_under_a_table_of_contents():
    cells = [
        markdown("# Nearest neighbours\n\ntext"),
        markdown("## Distances"),
        markdown("**Question 1.** Why?", "question"),
        markdown("*Your answer:* because of *symmetry*", "answer"),
        code("plt.show()", 1, [shown("image/png", encoded(png()))]),
        code("print()", 2, [printed("test accuracy 0.512\n")]),
        markdown("**Question 2.** How?", "question"),
        markdown("*Your answer:*", "answer"),
    ]
    verdict = Verdict("l2", "fail", "off by 2", "a factor", advice="use W", points=0, out_of=3)
    html = page(*cells, verdicts=[verdict])
    found = Reader(html)
    text = " ".join("".join(found.text).split())
    assert "Question 2 (no answer)" in text and "off by 2 Likely: a factor Advice: use W" in text
    for part in ("Nearest neighbours", "Why?", "because of", "off by 2", "0/3", "test accuracy 0.512", "No answer."):
        assert part in text, part
    assert "Your answer" not in text and "<em>symmetry</em>" in html
    links = {value[1:] for _, name, value in found.attributes if name == "href" and value.startswith("#")}
    anchors = {value for _, name, value in found.attributes if name == "id"}
    assert {"knn", "knn-q1", "knn-q2", "checks", "accuracies", "todo"} <= links <= anchors
    assert html.count('<img alt="Figure of cell 5 [1], Distances"') == 1 and "<h3>Distances</h3>" in html
    assert_harmless(html)


def test_formulas_become_pictures_and_what_cannot_be_drawn_stays_tex():
    html = html_of(r"so $\frac{1}{2} x_i^2$ and $a_1 * b_2 * c$, costs $5 or $6; `$x$`; $\undefined{x}$")
    assert html.count("<img") == 2 and r'alt="\frac{1}{2} x_i^2"' in html
    assert (
        "costs $5 or $6" in html and "<code>$x$</code>" in html and r'<code class="inline">\undefined{x}</code>' in html
    )
    assert "<em>" not in html
    assert '<img class="display"' in html_of("$$\nL = \\sum_i L_i\n$$")


def test_markdown_that_is_too_long_or_too_deep_stays_text():
    assert html_of("x" * 60_000).startswith("<pre>xxx")
    assert len(html_of(">" * 20_000 + "x")) > 0


def test_photographs_in_answers_are_decoded_and_encoded_anew():
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "blue").save(file, "JPEG", comment=b"<script>ann</script>")
    html = html_of("![page](attachment:a.jpg)", {"a.jpg": {"image/jpeg": encoded(file.getvalue())}})
    again = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert b"ann" not in again and Image.open(io.BytesIO(again)).size == (4, 4)
    assert "is not attached" in html_of("![page](attachment:gone.jpg)")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_only_the_picture_of_a_png_is_kept():
    whole = png()
    sneaky = whole[:33] + chunk(b"tEXt", b"<script>") + whole[33:] + b"PK\x03\x04 trailing"
    _, again = pictures.redrawn(sneaky)
    assert again == pictures.redrawn(whole)[1] and b"script" not in again and b"trailing" not in again
    assert Image.open(io.BytesIO(again)).convert("RGB").tobytes() == Image.open(io.BytesIO(whole)).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        png()[:-5],
        png()[:20],
        png().replace(b"IDAT", b"IDAX"),
        SIGNATURE,
        SIGNATURE + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", struct.pack(">II5B", 100_000, 100_000, 8, 2, 0, 0, 0)) + png()[33:],
        SIGNATURE + b"\xff\xff\xff\xffIHDR",
    ],
)
def test_what_is_no_sound_png_of_a_sane_size_is_not_shown(data):
    with pytest.raises(pictures.NoPictureError):
        pictures.redrawn(data)
    assert "not shown" in page(code("x", 1, [shown("image/png", encoded(data))]))


@pytest.mark.parametrize("value", ["???", 5, None, {"a": 1}, "data:text/html,<script>"])
def test_what_is_no_base64_is_not_shown(value):
    assert pictures.from_bundle({"image/png": value}) == ""


def test_more_pictures_than_anyone_would_print_are_left_out(monkeypatch):
    monkeypatch.setattr(report, "MAX_FIGURES", 300)
    html = page(*(code("x", 1, [shown("image/png", encoded(png()))]) for _ in range(9)))
    assert "left out: too many" in html and html.count("<figure>") == 9 - html.count("left out: too many") > 0


def test_an_earlier_report_stays_when_the_new_one_cannot_be_written(tmp_path, monkeypatch):
    path = tmp_path / "assignment1_report.html"
    path.write_text("earlier")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        report.write(submit.Submission(ASSIGNMENT, {}, []), tmp_path)
    assert path.read_text() == "earlier" and list(tmp_path.iterdir()) == [path]


def test_nothing_reverses_the_text_around_it():
    assert html_of("a\u202eb\u2067c") == "<p>abc</p>\n"


def test_markdown_made_to_hold_it_up_does_not():
    begin = time.monotonic()
    for text in ("![" * 24_000, "![a](attachment:" * 3_000, "$$ " * 16_000, "`a" * 24_000, "[" * 49_000):
        html_of(text)
    assert time.monotonic() - begin < 10


def browser(tmp_path, script):
    path = tmp_path / "browser"
    begin = f"#!/bin/sh\nexec '{sys.executable}' - \"$@\" <<'END'\nimport sys, time\n"  # its path may hold blanks
    out = "out = [word[15:] for word in sys.argv if word.startswith('--print-to-pdf=')][0]"
    path.write_text(f"{begin}{out}\n{script}\nEND\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="a script as a browser")
@pytest.mark.parametrize(
    "script, printed_",
    [
        ("open(out, 'wb').write(b'%PDF-1.4 x\\n%%EOF\\n')", True),
        ("open(out, 'wb').write(b'%PDF-1.4 x')", False),
        ("open(out, 'wb').write(b'oops')", False),
        ("sys.exit(3)", False),
        ("time.sleep(60)", False),
    ],
)
def test_a_pdf_is_there_whole_or_not_at_all(tmp_path, monkeypatch, script, printed_):
    monkeypatch.setattr(pdf, "find_browser", lambda: browser(tmp_path, script))
    monkeypatch.setattr(pdf, "SECONDS", 2)
    (tmp_path / "a b ü.html").write_text("x")
    assert pdf.print_page(tmp_path / "a b ü.html") == (tmp_path / "a b ü.pdf" if printed_ else None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a b ü.html",
        *(["a b ü.pdf"] if printed_ else []),
        "browser",
    ]


def test_without_a_browser_there_is_no_pdf(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    assert pdf.print_page(tmp_path / "x.html") is None


@pytest.mark.skipif(pdf.find_browser() is None, reason="no Chromium here")
def test_chromium_prints_it_and_runs_nothing_in_it(tmp_path):
    cells = [markdown(text, tag) for text in HOSTILE for tag in ("question", "answer")]
    path = tmp_path / "report ü.html"
    path.write_text(
        page(*cells).replace("</body>", "<script>document.title = 'it ran'</script></body>"), encoding="utf-8"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [pdf.find_browser(), *pdf._options(profile), "--dump-dom", path.as_uri()]
        dom = subprocess.run(command, capture_output=True, timeout=90).stdout.decode()
    assert "<title>assignment1: submission</title>" in dom  # even a script that got in would not run
    printed_page = pdf.print_page(path)
    assert printed_page == path.with_suffix(".pdf") and printed_page.stat().st_size > 5_000


@pytest.mark.skipif(pdf.find_browser() is None, reason="no Chromium here")
def test_the_same_page_gives_the_same_pdf(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page(markdown("# Title")), encoding="utf-8")
    first = pdf.print_page(path).read_bytes()
    time.sleep(1.1)  # what it was printed at is told in seconds
    assert pdf.print_page(path).read_bytes() == first


def test_what_a_browser_chooses_by_chance_is_not_in_the_pdf():
    one, other = (b"/CreationDate (D:2026%010d+00'00') /ID (node000000%d) /Headers [(node000000%d)]" % numbers
                  for numbers in ((1, 43, 12), (2, 44, 13)))  # fmt: skip
    assert pdf._without_chance(one) == pdf._without_chance(other)
    assert b"(node00000002) /Headers [(node00000001)]" in pdf._without_chance(one)


def test_the_whole_way_twice_gives_the_same_zip_and_the_same_page(tmp_path):
    kit = handin.copy_kit(tmp_path / "kit é")
    path = kit / handin.KNN
    (path.parent / "own.png").write_bytes(png())
    whole = json.loads(path.read_text(encoding="utf-8"))
    answer = next(cell for cell in whole["cells"] if "answer" in cell["metadata"].get("tags", ()))
    answer["source"] += " ![mine](own.png)"
    whole["cells"][2] |= {"outputs": [printed("saved /scratch/adalove/x on adas-laptop")], "execution_count": 1}
    path.write_text(json.dumps(whole), encoding="utf-8")
    os.utime(path, (2_000_000_000, 2_000_000_000))
    command = [sys.executable, "-m", "cs231n", "submit", "assignment1", "--allow-incomplete", "--name", "Ada <L.>"]
    environment = processes.environment(kit) | {"USER": "adalove"}
    results = []
    for _ in range(2):
        done = subprocess.run(command, cwd=kit, env=environment, capture_output=True, encoding="utf-8", timeout=300)
        assert done.returncode == 0, done.stderr
        results.append([(kit / f"assignment1_{name}").read_bytes() for name in ("submission.zip", "report.html")])
    assert results[0] == results[1]
    html = results[0][1].decode()
    assert "Ada &lt;L.&gt;" in html and "2033-05-18, 03:33 UTC" in html and 'alt="mine"' in html
    files = archive.read(kit / "assignment1_submission.zip")
    assert Image.open(io.BytesIO(files["assignments/assignment1/own.png"])).size == (2, 2)
    assert not any(b"adalove" in content or b"Ada <L" in content for content in files.values())
