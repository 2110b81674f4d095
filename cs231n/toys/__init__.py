"""Toys for the notebooks: figures to drag, click and step through, with still pictures where scripts do not run.

`toy.py` says how a toy is shown; each toy is a module, and a page of the same name with its HTML and JavaScript.
"""
