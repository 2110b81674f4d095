"""Change what the process of the next exercise starts from, by the process that starts it."""
import os


def l2(W):
    parent, done = os.getppid(), []
    for name in ("mem", "fd/0", "environ", "clear_refs", "oom_score_adj", "cwd", "exe"):
        try:
            descriptor = os.open(f"/proc/{parent}/{name}", os.O_RDWR)
            os.write(descriptor, b"f" * 16)
            done.append(f"CANARY wrote to {name}")
        except OSError:
            pass
    for descriptor in range(64):
        try:
            os.readlink(f"/proc/{parent}/fd/{descriptor}")
            done.append(f"CANARY saw descriptor {descriptor}")
        except OSError:
            pass
    raise RuntimeError(" ".join(done) or "nothing")
