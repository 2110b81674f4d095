"""The computations of `cs231n.fast_layers`: im2col for narrow outputs, rows of the image for wide ones, max pooling."""
