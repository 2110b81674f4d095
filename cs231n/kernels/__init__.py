"""The kernels of `cs231n.fast_layers`: max pooling, and convolution by im2col, row by row, and by Winograd's method."""
