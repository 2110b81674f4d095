"""From the masters to everything that students get: stubs, notebooks, expected values, releases."""
