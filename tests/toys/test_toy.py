"""A toy's output is whole: a page that loads nothing, a still picture, and the same for the same data."""

import base64
import io
import re

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from PIL import Image

from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor
from cs231n.layers import conv_forward_naive
from cs231n.toys.descent import Descent
from cs231n.toys.filter import Filter
from cs231n.toys.knn import KNN
from cs231n.toys.linear import Linear
from cs231n.toys.toy import PAGES
from tests.toys import samples


@pytest.fixture(params=samples.TOYS)
def toy(request):
    return samples.TOYS[request.param]()


def test_a_notebook_can_store_what_ipython_makes_of_it(toy):
    data, metadata = DisplayFormatter().format(toy)
    assert set(data) == {"text/html", "image/png", "text/plain"}
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("toy", outputs=[output])]))


def test_the_same_data_give_the_same_output(toy):
    assert toy._repr_mimebundle_() == toy._repr_mimebundle_()


def test_the_page_names_nothing_that_would_have_to_be_loaded(toy):
    page = toy.html().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//cdn|\bimport\b|<link|\bsrc=|@import|url\(", page)


def test_the_still_picture_is_sharp_small_and_shown_once(toy):
    before = plt.get_fignums()
    data, metadata = toy._repr_mimebundle_()
    assert plt.get_fignums() == before  # or the notebook would draw it below the toy as well
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width == pytest.approx(2 * metadata["image/png"]["width"], abs=2)
    assert len(data["text/html"]) + len(data["image/png"]) < 200_000


def test_a_figure_that_is_being_drawn_stays_open(toy):
    figure = plt.figure()
    toy._repr_mimebundle_()
    assert plt.fignum_exists(figure.number)
    plt.close(figure)


def test_text_in_the_data_cannot_leave_its_place():
    page = Filter(np.zeros((4, 4)), {"</script><b>&": np.ones((3, 3))}).html()
    assert "</script><b>" not in page and "&lt;/script&gt;&lt;b&gt;&amp;" in page


@pytest.mark.parametrize("name", PAGES.list_templates(extensions=["html"]))
def test_a_page_can_be_read(name):
    lines = PAGES.loader.get_source(PAGES, name)[0].splitlines()
    assert len(lines) <= 200 and max(map(len, lines)) <= 180


@pytest.mark.parametrize("k", [1, 4, 9])
def test_the_still_picture_of_knn_has_the_labels_of_the_classifier(k):
    X, y = samples.points()
    model = KNearestNeighbor()
    model.train(X, y)
    np.testing.assert_array_equal(KNN(X, y, k).predict(X), model.predict(X, k))


def test_leave_one_out_asks_the_other_points_alone():
    X, y = samples.points()
    found = KNN(X, y, k=3).predict(X, leave_out=True)
    for i in range(len(X)):
        rest = KNearestNeighbor()
        rest.train(np.delete(X, i, axis=0), np.delete(y, i))
        assert found[i] == rest.predict(X[i : i + 1], k=3)[0]


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_the_still_maps_of_a_filter_are_those_of_the_layer(stride, pad):
    toy, w = Filter(samples.image(), samples.FILTERS, stride, pad), np.array(samples.FILTERS["upright edges"], float)
    image = samples.image().mean(axis=2).round()
    out, _ = conv_forward_naive(image[None, None], w[None, None], np.zeros(1), {"stride": stride, "pad": pad})
    np.testing.assert_allclose(toy.output(w), out[0, 0])


def test_what_does_not_fit_is_refused_in_a_sentence():
    X, y = samples.points()
    with pytest.raises(ValueError, match="3 × 3 weights"):
        Filter(samples.image(), {"wide": np.ones((3, 5))})
    with pytest.raises(ValueError, match="'hinge' or 'softmax'"):
        Linear(X, y, loss="squared")
    with pytest.raises(ValueError, match="adagrad"):
        Descent({"adagrad": np.zeros((3, 2))})
    with pytest.raises(ValueError, match="one label per example"):
        KNN(X, y[:-1])


def test_the_still_picture_of_a_filter_keeps_its_contrast_where_the_image_is_padded():
    image = np.random.default_rng(0).integers(200, 216, (9, 12))
    (drawn,) = Filter(image, {"blur": np.full((3, 3), 1 / 9)}, pad=1).figure().axes[1].images
    inside = drawn.get_array()[1:-1, 1:-1]
    assert drawn.get_clim() == (inside.min(), inside.max())
    plt.close("all")
