"""Toys for the notebooks: interactive figures, with static pictures for places where scripts do not run.

`toy.py` contains the base class. Each toy is a module, and a page of the same name with its HTML and JavaScript.
"""
