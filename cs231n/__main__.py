"""`python -m cs231n VERB`: the command line. Its verbs are in tutor/commands."""

import sys

from cs231n.tutor import surroundings

try:
    surroundings.settle()
except surroundings.HiddenModuleError as error:
    sys.exit(str(error))
except FileNotFoundError:
    sys.exit("The working folder no longer exists: change to the kit's folder first.")
if other := surroundings.other_copy():
    print(other, file=sys.stderr)
from cs231n.tutor.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
