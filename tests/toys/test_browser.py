"""The toys in Chromium: they move by mouse, keyboard and touch, and their numbers are those of the Python code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor
from cs231n.classifiers.linear_svm import svm_loss_vectorized
from cs231n.classifiers.softmax import softmax_loss_vectorized
from cs231n.figures.graph import inputs_first
from cs231n.graph import backward
from cs231n.layers import conv_forward_naive
from cs231n.toys.descent import RATES
from solutions.tools.screenshots import jupyterlab
from tests.conftest import ROOT, SOLVED
from tests.toys import samples
from tests.tutor.submission import handin, test_report

pytestmark = pytest.mark.browser
NAMES = ("chromium", "chromium-browser", "google-chrome")
CONTRASTS = Path(__file__).with_name("contrasts.js").read_text("utf-8")
HIDDEN = "() => ![...document.querySelectorAll('.jp-OutputArea-output img')].some((one) => one.offsetHeight)"
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
GREYS = """() => {
  const canvas = document.querySelector("#output canvas"), pen = canvas.getContext("2d"), greys = [];
  for (let y = 4; y < canvas.height; y += 8) for (let x = 4; x < canvas.width; x += 8)
    greys.push(pen.getImageData(x, y, 1, 1).data[0]);
  return greys;
}"""
UNNAMED = """() => [...document.querySelectorAll("input, select, button, [tabindex='0']")].filter((e) =>
  !(e.labels?.length || e.getAttribute("aria-label") || e.matches("button") && e.textContent.trim())
).map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(chromium):
    """Return a function that shows a toy as a trusted notebook does, and returns (page, frame, failures)."""
    contexts = []

    def shown(toy, dark=False, **options):
        contexts.append(chromium.new_context(viewport={"width": 900, "height": 800}, **options))
        contexts[-1].set_default_timeout(8_000)
        page, failures = contexts[-1].new_page(), []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("request", lambda request: failures.append(request.url) if request.url.startswith("http") else None)
        theme = f'<body data-jp-theme-light="{"false" if dark else "true"}">'
        page.set_content(theme + toy._repr_mimebundle_()[0]["text/html"])
        frame = page.frames[-1]
        frame.wait_for_function("document.documentElement.dataset.theme")
        return page, frame, failures

    yield shown
    for context in contexts:
        context.close()


def number(frame, selector):
    return float(frame.get_attribute(selector, "data-value"))


def moved_points(frame):
    marks = frame.query_selector_all(".point")
    return np.array([[float(mark.get_attribute(name)) for name in ("data-x", "data-y")] for mark in marks])


def middle(page, frame, selector):
    """Return the middle of an element in the coordinates of the window."""
    box = frame.query_selector(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, by):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()


def drag_by_touch(page, start, by):
    session = page.context.new_cdp_session(page)
    for kind, share in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", None)):
        places = [] if share is None else [{"x": start[0] + share * by[0], "y": start[1] + share * by[1]}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
        page.evaluate(NEXT_FRAME)  # Chromium passes one move on for each frame


@pytest.mark.parametrize("name", samples.TOYS)
def test_it_runs_and_takes_the_place_of_its_still_picture(show, name):
    page, frame, failures = show(samples.TOYS[name]())
    assert not page.locator("img").is_visible() and page.locator("iframe").is_visible()
    height = frame.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert failures == [] and height <= 1  # no scroll bar inside of the notebook


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", samples.TOYS)
def test_text_is_legible_and_controls_have_names(show, name, dark):
    _, frame, _ = show(samples.TOYS[name](), dark)
    if name == "backprop":
        frame.click("#end")
    found = frame.evaluate(CONTRASTS)
    assert len(found) > 5 and not [(text, ratio) for text, ratio in found if ratio < 4.5]
    assert frame.evaluate(UNNAMED) == []


def test_it_follows_the_theme_while_it_is_shown(show):
    page, frame, _ = show(samples.TOYS["knn"]())
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    frame.wait_for_function("document.documentElement.dataset.theme === 'dark'")


@pytest.mark.parametrize("name", samples.TOYS)
def test_it_fits_a_narrow_screen(show, name):
    page, frame, _ = show(samples.TOYS[name]())
    page.set_viewport_size({"width": 400, "height": 800})
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("name", ["knn", "linear"])
def test_points_are_dragged_by_mouse_and_by_touch_and_moved_by_keys(show, name):
    page, frame, failures = show(samples.TOYS[name](), has_touch=True)
    X, _ = samples.points()
    frame.focus(".point")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    page.keyboard.press("Shift+ArrowUp")
    by_keys = moved_points(frame) - X
    assert by_keys[0, 0] > 0 and by_keys[1, 1] > 0 and not by_keys[2:].any()
    sides = frame.evaluate("[x1 - x0, y1 - y0]")
    for by, way in ((drag, (40, -20)), (drag_by_touch, (-36, 18))):
        last, before = len(X) - 1, moved_points(frame)
        by(page, middle(page, frame, f".point >> nth={last}"), way)
        change = moved_points(frame)[last] - before[last]
        expected = np.array([way[0] * sides[0], -way[1] * sides[1]]) / 360
        np.testing.assert_allclose(change, expected, atol=0.03)
    frame.click("#back" if name == "knn" else "#again")
    np.testing.assert_array_equal(moved_points(frame), X)
    assert failures == []


@pytest.mark.parametrize("k", [1, 4, 7])
def test_knn_agrees_with_the_classifier_after_a_move(show, k):
    page, frame, _ = show(samples.TOYS["knn"]())
    drag(page, middle(page, frame, ".point >> nth=3"), (60, -70))
    frame.fill("#k", str(k))
    X, (_, y) = moved_points(frame), samples.points()
    model = KNearestNeighbor()
    model.train(X, y)
    assert number(frame, "#training") == pytest.approx(np.mean(model.predict(X, k) == y), abs=1e-6)
    dists = model.compute_distances_two_loops(X)
    np.fill_diagonal(dists, np.inf)
    assert number(frame, "#left-out") == pytest.approx(np.mean(model.predict_labels(dists, k) == y), abs=1e-6)
    grid = np.random.default_rng(0).uniform(-2, 4, (50, 2))
    found = frame.evaluate(f"(points) => points.map((point) => predict(point, {k}, 2))", grid.tolist())
    np.testing.assert_array_equal(found, model.predict(grid, k))


def test_knn_measures_along_the_axes_with_l1(show):
    _, frame, _ = show(samples.TOYS["knn"]())
    frame.check("#L1")
    X, y = samples.points()
    toy = samples.KNN(X, y, k=5, norm=1)
    assert number(frame, "#training") == np.mean(toy.predict(X) == y)
    assert number(frame, "#left-out") == np.mean(toy.predict(X, leave_out=True) == y)


@pytest.mark.parametrize(("loss", "function"), [("hinge", svm_loss_vectorized), ("softmax", softmax_loss_vectorized)])
def test_linear_agrees_with_loss_gradient_and_steps(show, loss, function):
    page, frame, _ = show(samples.TOYS["linear"]())
    frame.check(f"#{loss}")
    frame.fill("#reg", "0.05")
    drag(page, middle(page, frame, ".point >> nth=5"), (50, 30))
    frame.click("#one")
    frame.click("#many")
    X, (_, y), W = moved_points(frame), samples.points(), samples.TOYS["linear"]().W
    rows = np.column_stack([X, np.ones(len(X))])
    for _ in range(51):
        W = W - 0.1 * function(W, rows, y, 0.05)[1]
    value, dW = function(W, rows, y, 0.05)
    table = frame.query_selector("#weights")
    np.testing.assert_allclose(json.loads(table.get_attribute("data-weights")), W, atol=1e-6)
    np.testing.assert_allclose(json.loads(table.get_attribute("data-gradient")), dW, atol=1e-6)
    assert number(frame, "#loss") == pytest.approx(value, abs=1e-6) and number(frame, "#steps") == 51
    assert number(frame, "#length") == pytest.approx(np.linalg.norm(dW), abs=1e-6)


def test_a_learning_rate_that_is_too_large_ends_in_a_sentence(show):
    _, frame, failures = show(samples.TOYS["linear"]())
    frame.fill("#rate", "5000")
    frame.click("#many")
    assert "too large" in frame.inner_text("#loss") and failures == []


def test_linear_takes_neither_a_negative_rate_nor_a_negative_penalty(show):
    _, frame, _ = show(samples.TOYS["linear"]())
    before = number(frame, "#loss")
    frame.fill("#rate", "-1")
    frame.fill("#reg", "-5")
    frame.click("#many")
    assert 0 < number(frame, "#loss") <= before  # no step uphill
    assert [frame.input_value(field) for field in ("#rate", "#reg")] == ["0", "0"]


def test_descent_agrees_with_the_update_rules_wherever_it_starts(show):
    page, frame, failures = show(samples.TOYS["descent"](), has_touch=True)
    start = json.loads(frame.get_attribute("#board", "data-start"))
    assert start == [-9, 1.5]
    frame.focus("#board")
    page.keyboard.press("ArrowRight")
    assert json.loads(frame.get_attribute("#board", "data-start")) == pytest.approx([-8.9, 1.5])
    x, y = middle(page, frame, "#board")
    page.touchscreen.tap(x - 90, y + 45)
    assert json.loads(frame.get_attribute("#board", "data-start")) == pytest.approx([-5, -1], abs=0.05)
    page.mouse.click(x - 180, y - 45)
    start = json.loads(frame.get_attribute("#board", "data-start"))
    frame.fill("#momentum", "0.9")
    frame.fill("#rate-adam", "0.3")
    frame.fill("#steps", "25")
    settings = {**samples.RULES, "sgd_momentum": (samples.optim.sgd_momentum, {"momentum": 0.9})}
    for rule, (function, config) in settings.items():
        path = samples.walk(function, start, 25, {**RATES, "adam": 0.3}[rule], **config)
        found = frame.evaluate(f"walk('{rule}', 25)")
        np.testing.assert_allclose(found, path, atol=1e-6)
        assert number(frame, f"#height-{rule}") == pytest.approx(0.5 * samples.STEEPNESS @ path[-1] ** 2, abs=1e-6)
    frame.click("#again")
    assert json.loads(frame.get_attribute("#board", "data-start")) == [-9, 1.5]
    assert [frame.input_value(f"#{name}") for name in ("momentum", "rate-adam")] == ["0.7", "0.5"]
    assert failures == []


def test_descent_races_step_by_step_and_says_who_flies_away(show):
    _, frame, _ = show(samples.TOYS["descent"]())
    frame.fill("#steps", "5")
    frame.fill("#rate-sgd", "9")
    frame.click("#race")
    frame.wait_for_function("document.getElementById('steps-told').dataset.value === '2'")
    frame.wait_for_function("document.getElementById('steps-told').dataset.value === '5'")
    assert "too large" in frame.inner_text("#height-sgd")


def graph_numbers(frame, kind):
    found = frame.query_selector_all(f"#graph .{kind}[data-node]")
    return {int(one.get_attribute("data-node")): float(one.get_attribute("data-value")) for one in found}


def test_backprop_agrees_with_the_graph_for_other_inputs(show):
    _, frame, failures = show(samples.TOYS["backprop"]())
    values = {"x": 1.25, "y": 2.5, "z": -0.75}
    for name, value in values.items():
        frame.fill(f"#input-{name}", str(value))
    frame.click("#end")
    output, _ = samples.formula(*values.values())
    backward(output)
    expected = inputs_first(output)
    drawn = [i for i, node in enumerate(samples.Backprop(output).seed()["nodes"]) if node["place"]]
    for kind, attribute in (("value", "value"), ("gradient", "grad")):
        found = graph_numbers(frame, kind)
        assert sorted(found) == drawn
        for i, number_ in found.items():
            assert number_ == pytest.approx(getattr(expected[i], attribute), abs=1e-6)
    assert failures == []


def test_backprop_computes_one_gate_at_each_click_key_or_tap(show):
    page, frame, _ = show(samples.TOYS["backprop"](), has_touch=True)
    given = len(graph_numbers(frame, "value"))
    frame.click("#next")
    frame.focus("#next")
    page.keyboard.press("Enter")
    page.touchscreen.tap(*middle(page, frame, "#graph"))
    assert len(graph_numbers(frame, "value")) == given + 3 and not graph_numbers(frame, "gradient")
    assert frame.inner_text("#told").startswith("Forward: ")
    frame.click("#before")
    assert len(graph_numbers(frame, "value")) == given + 2
    frame.click("#forward")
    frame.click("#next")
    assert list(graph_numbers(frame, "gradient").values()) == [1]
    frame.click("#next")
    assert frame.inner_text("#told").startswith("Backward: ")
    products = []
    while not frame.is_disabled("#next"):
        frame.click("#next")
        said = frame.inner_text("#told").replace("−", "-").replace("(", "").replace(")", "")
        products += re.findall(r"(\S+) · (\S+) ([=≈]) (-?[\d.]+\d)", said)
        assert " 0 =" not in said
    assert products and all(sign == "≈" or round(float(a) * float(b), 2) == float(c) for a, b, sign, c in products)
    frame.click("#again")
    assert len(graph_numbers(frame, "value")) == given


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_filter_agrees_with_the_layer_and_writes_the_sum_out(show, stride, pad):
    page, frame, failures = show(samples.TOYS["filter"](), has_touch=True)
    frame.fill("#stride", str(stride))
    frame.fill("#pad", str(pad))
    frame.fill("#weights input >> nth=4", "-1.5")
    w = np.array(samples.FILTERS["upright edges"], float)
    w[1, 1] = -1.5
    image = samples.image().mean(axis=2).round()
    out, _ = conv_forward_naive(image[None, None], w[None, None], np.zeros(1), {"stride": stride, "pad": pad})
    np.testing.assert_allclose(json.loads(frame.get_attribute("#output", "data-values")), out[0, 0], atol=1e-6)
    frame.focus("#output")
    page.keyboard.press("ArrowLeft")
    places = [frame.inner_text("#place")]
    x, y = middle(page, frame, "#input")
    page.mouse.click(x, y - 70)
    places.append(frame.inner_text("#place"))
    x, y = middle(page, frame, "#output")
    page.touchscreen.tap(x + 120, y + 80)
    places.append(frame.inner_text("#place"))
    frame.click("#next")
    places.append(frame.inner_text("#place"))
    assert len(set(places)) == 4
    i, j = map(int, places[-1].split(","))
    assert number(frame, "#out") == pytest.approx(out[0, 0, i, j], abs=1e-6)
    terms = frame.inner_text("#sum").replace("−", "-").replace(" ", "").replace("-", "+-").strip("+").split("+")
    assert len(terms) == 9 and sum(map(float, terms)) == pytest.approx(out[0, 0, i, j])
    assert failures == []


def test_filter_uses_all_greys_inside_although_the_border_covers_zeros(show):
    image = samples.image() // 16 + 200  # so the zeros of the padding are far darker than the image
    _, frame, _ = show(samples.Filter(image, {"blur": np.full((3, 3), 1 / 9)}, pad=1))
    greys = np.array(frame.evaluate(GREYS)).reshape(9, 12)
    inside = greys[1:-1, 1:-1]
    assert inside.min() == 0 and inside.max() == 255 and not greys[0].any()


def test_filter_takes_no_stride_of_zero_and_no_size_below_one(show):
    _, frame, failures = show(samples.TOYS["filter"]())
    for value in ("0", "-3", "99", "", "1.5"):
        frame.fill("#stride", value)
        frame.fill("#pad", value)
        assert json.loads(frame.get_attribute("#output", "data-values"))
    for name, typed, used in (("stride", "99", "4"), ("pad", "-3", "0")):  # the field shows what is used
        frame.fill(f"#{name}", typed)
        frame.press(f"#{name}", "Enter")
        assert frame.input_value(f"#{name}") == used
    frame.select_option("#filter", "blur")
    assert frame.input_value("#weights input >> nth=0").startswith("0.111") and failures == []


def test_a_filter_can_be_chosen_again_after_its_weights_were_changed(show):
    _, frame, failures = show(samples.TOYS["filter"]())
    chosen = frame.input_value("#filter")
    frame.fill("#weights input >> nth=4", "-1.5")
    assert frame.input_value("#filter") == "your own"
    frame.select_option("#filter", chosen)
    weight = float(frame.input_value("#weights input >> nth=4"))
    assert weight == samples.FILTERS[chosen][1][1] and failures == []


def test_the_exported_page_plays(chromium, tmp_path):
    path = tmp_path / "book.html"
    path.write_text(HTMLExporter().from_notebook_node(samples.notebook(samples.TOYS["knn"]()))[0], "utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator(".point").first.focus()
    before = frame.locator(".point").first.get_attribute("data-x")
    page.keyboard.press("ArrowRight")
    assert frame.locator(".point").first.get_attribute("data-x") != before
    assert page.locator("img:visible").count() == 0


def test_without_scripts_the_still_picture_is_there(chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(samples.TOYS["knn"]()._repr_mimebundle_()[0]["text/html"])
    assert page.locator("img").is_visible()
    context.close()


def test_a_notebook_reopened_untrusted_shows_the_still_pictures_and_plays_once_trusted(chromium, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))  # where it is kept what is trusted
    kit = handin.copy_kit(tmp_path / "kit", SOLVED)
    (kit / "datasets").symlink_to(ROOT / "datasets")  # or the stand-in would be drawn again
    path = kit / "assignments" / "toys.ipynb"
    nbformat.write(samples.notebook(*(make() for make in samples.TOYS.values())), path)
    with jupyterlab(kit) as (address, token):
        page = chromium.new_page(viewport={"width": 1000, "height": 3000})
        book = f"{address}/lab/tree/assignments/toys.ipynb?token={token}&reset"
        page.goto(book, wait_until="domcontentloaded", timeout=120_000)
        pictures, frames = (page.locator(f".jp-OutputArea-output {tag}") for tag in ("img", "iframe"))
        pictures.nth(len(samples.TOYS) - 1).wait_for(timeout=120_000)
        sizes = pictures.evaluate_all("all => all.map((one) => one.complete && one.naturalWidth * one.offsetHeight)")
        assert len(sizes) == len(samples.TOYS) and all(sizes) and frames.count() == 0
        subprocess.run([sys.executable, "-m", "jupyter", "trust", str(path)], check=True, capture_output=True)
        page.goto(book, wait_until="domcontentloaded", timeout=120_000)
        frames.nth(len(samples.TOYS) - 1).wait_for(timeout=120_000)
        page.wait_for_function(HIDDEN)
        page.close()


@pytest.mark.parametrize("name", samples.TOYS)
def test_the_report_of_a_submission_shows_the_still_picture_and_runs_nothing(name):
    html = test_report.page(handin.code("toy", 1, [dict(samples.output(samples.TOYS[name]()))]))
    assert html.count("data:image/png;base64,") == 1 and "(still picture)" in html
    assert "<iframe" not in html and "<script" not in html and "cannot show" not in html
