"""The classifiers that students write."""
