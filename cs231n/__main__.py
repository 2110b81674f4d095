"""`python -m cs231n VERB`: the command line. Its verbs are in tutor/commands."""

import sys

from cs231n.tutor import surroundings

try:
    surroundings.settle()
except surroundings.HiddenModuleError as error:
    sys.exit(str(error))
from cs231n.tutor.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
