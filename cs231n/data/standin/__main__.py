"""`python -m cs231n.data.standin`: draw the stand-in anew and print the md5 of each of its files."""

import hashlib
import tempfile
from pathlib import Path

from .store import build

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            print(f'    "{path.name}": "{hashlib.md5(path.read_bytes()).hexdigest()}",')
