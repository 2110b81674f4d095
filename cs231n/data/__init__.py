"""Where images come from: finding, checking and downloading CIFAR-10 as published, and the stand-in for it."""
