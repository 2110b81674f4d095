"""How `cs231n.fast_layers` computes: convolution by im2col, row by row or with Winograd's tiles, and max pooling."""
