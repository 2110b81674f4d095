"""The tutor: checks, hints, watch mode and handing in. Nobody has to open this to do the assignments."""
