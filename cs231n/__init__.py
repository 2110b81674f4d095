"""An assignment kit for image classifiers in plain numpy: stubs to fill in, and checks that say what is wrong."""

__version__ = "0.1.0"
