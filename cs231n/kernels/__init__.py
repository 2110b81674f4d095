"""The computations of `cs231n.fast_layers`: im2col, row by row or by image; Winograd's tiles; and max pooling."""
