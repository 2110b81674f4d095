"""The appearance of verdicts: cards, pictures, tables, hints."""
