"""Generate what students get from the masters: stubs, notebooks, expected values, releases."""
