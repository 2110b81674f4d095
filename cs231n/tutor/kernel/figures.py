"""Figures of a running notebook are drawn in high resolution, and with their titles as alternative texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

INLINE = "inline"  # part of the name of the backend that puts figures under their cells
SHARP = {"retina"}


class Titled:
    """A function that draws a figure with `draw`, and adds its title to the metadata, for the report."""

    def __init__(self, draw: Callable[[Figure], Any]):
        self.draw = draw

    def __call__(self, figure: Figure) -> Any:
        """Return (picture, metadata), or None for an empty figure."""
        drawn = self.draw(figure)
        if drawn is None:
            return None
        data, metadata = drawn if isinstance(drawn, tuple) else (drawn, {})
        return data, metadata | ({"alt": words} if (words := title(figure)) else {})


def title(figure: Figure) -> str:
    """Return the title of a figure, or else the titles of its axes, on one line and without dollar signs."""
    above = figure.get_suptitle()
    each = dict.fromkeys(axes.get_title() or axes.get_title("left") for axes in figure.axes)
    return " ".join((above or "; ".join(filter(None, each))).replace("$", "").split())


def start(shell: Any) -> None:
    """From now on, draw figures with alternative texts and, unless a format was chosen, in high resolution.

    Does nothing if figures are not drawn under their cells.
    """
    import matplotlib

    if INLINE not in matplotlib.get_backend().lower():
        return
    from matplotlib_inline.config import InlineBackend

    settings = InlineBackend.instance(parent=shell)
    settings.shell = shell
    if settings.figure_formats == {"png"}:
        settings.figure_formats = SHARP
    shell.events.register("pre_run_cell", lambda info: with_titles(shell))  # %matplotlib undoes it
    with_titles(shell)


def with_titles(shell: Any) -> None:
    """Make the shell draw PNG figures with their titles as metadata; a second call changes nothing."""
    formatter = shell.display_formatter.formatters["image/png"]
    try:
        draw = formatter.lookup_by_type(Figure)
    except KeyError:  # figures are not drawn as PNG
        return
    if not isinstance(draw, Titled):
        formatter.for_type(Figure, Titled(draw))
