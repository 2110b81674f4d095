"""`python -m cs231n.data.standin`: draw the stand-in again and print the sha256 of each of its arrays."""

from .store import digest, drawn

if __name__ == "__main__":
    for name, array in drawn().items():
        print(f'    "{name}": "{digest(array)}",')
