"""The images: find, check and download CIFAR-10 as published, or draw the stand-in for it."""
