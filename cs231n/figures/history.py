"""The first figure of the first notebook: the error of the winners of the ImageNet challenge, year by year."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from cs231n.vis_utils import BLUE

# Year, % of test images whose label is not among the winner's five predictions, name. Sources: Russakovsky et al.,
# "ImageNet large scale visual recognition challenge", 2015; He et al., "Deep residual learning for image recognition",
# 2016; Hu et al., "Squeeze-and-excitation networks", 2018; the organisers' pages for 2016.
WINNERS = (
    (2010, 28.2, "SIFT, LBP"),
    (2011, 25.8, "Fisher vectors"),
    (2012, 16.4, "AlexNet"),
    (2013, 11.7, "Clarifai"),
    (2014, 6.7, "GoogLeNet"),
    (2015, 3.6, "ResNet"),
    (2016, 3.0, "ensemble"),
    (2017, 2.3, "SENet"),
)
FIRST_NETWORK = 2012
HUMAN = 5.1  # one trained annotator; source: Russakovsky et al.


def imagenet() -> Axes:
    """Draw the errors of the winners of the ImageNet challenge, year by year, and that of a person."""
    _, axis = plt.subplots(figsize=(8, 3.3))
    for year, error, name in WINNERS:
        learned = year >= FIRST_NETWORK
        drawn = axis.bar(year, error, 0.7, color=BLUE if learned else "0.6", hatch="" if learned else "//")
        axis.bar_label(drawn, [f"{name}\n{error:.1f} %"], padding=2, fontsize=8.5)
    person = axis.bar(2018.2, HUMAN, 0.7, color="0.6")
    axis.bar_label(person, [f"a person\n{HUMAN} %"], padding=2, fontsize=8.5)
    axis.text(2010.5, 35, "features made by hand", ha="center", color="0.3")
    axis.text(2014.5, 35, "convolutional networks", ha="center", color=BLUE)
    axis.set(
        title="ImageNet challenge: learned features took over in 2012",
        xlabel="year",
        ylabel="top-5 error (% of test images)",
        xlim=(2009.4, 2018.8),
        ylim=(0, 39),
    )
    axis.set_xticks([year for year, _, _ in WINNERS])
    return axis
