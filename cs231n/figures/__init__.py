"""Figures for the notebooks, one module for each topic."""
