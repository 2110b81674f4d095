"""Where images come from: CIFAR-10 as published, how it is found, checked and downloaded, and the stand-in for it."""
