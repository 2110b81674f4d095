"""The tutor: checks, hints, watch mode and submission. You can do the assignments without opening it."""
