"""What `cs231n.fast_layers` computes with: im2col for narrow outputs, rows of the image for wide ones, max pooling."""
