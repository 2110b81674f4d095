"""How `cs231n.fast_layers` computes: convolution by im2col, row by row or as Winograd does, and max pooling."""
