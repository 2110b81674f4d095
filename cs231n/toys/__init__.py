"""Toys for the notebooks: figures to drag, click and step through, with static pictures where scripts do not run.

`toy.py` shows a toy; each toy is a module, and a page of the same name with its HTML and JavaScript.
"""
