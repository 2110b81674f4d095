"""How verdicts look: cards, pictures, tables, hints."""
