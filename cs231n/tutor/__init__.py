"""The tutor: checks, hints, watch mode and handing in. Students need not open it to do the assignments."""
