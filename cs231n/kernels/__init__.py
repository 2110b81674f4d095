"""What `cs231n.fast_layers` computes with: im2col for narrow outputs, rows of the image for wide ones, Winograd's tiles
for deep filters of 3 x 3, max pooling."""
