"""The tutor: checks, hints, watch mode and submission. Students need not open it to do the assignments."""
