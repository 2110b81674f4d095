"""Hand in an assignment: read and check the files, review the notebooks, write and verify a zip, write a report."""
