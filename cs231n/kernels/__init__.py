"""The computations of `cs231n.fast_layers`: im2col for narrow outputs, rows of the image for wide ones, Winograd's tiles
for deep filters of 3 x 3, and max pooling."""
