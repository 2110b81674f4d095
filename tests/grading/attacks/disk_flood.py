"""Fill every disk that can be written to."""
import os


def l2(W):
    written = 0
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/kit", "/engine", ".", "@BESIDE@"):
        for number in range(64):
            try:
                with open(os.path.join(folder, f"attacked-{number}"), "wb") as file:
                    for _ in range(64):
                        written += file.write(b"\0" * (1 << 20))
            except OSError:
                break
    if written > 1 << 28:
        raise RuntimeError(f"CANARY {written} bytes written")
    return 0.0, W
