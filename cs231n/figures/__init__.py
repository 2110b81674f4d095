"""Figures of the notebooks: neighbours, linear classifiers, features, convolution, networks and graphs."""
