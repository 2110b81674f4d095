"""Start Python again with a library of one's own, and with other settings."""
import os
import sys


def l2(W):
    os.environ |= {"LD_PRELOAD": "/tmp/evil.so", "PYTHONSTARTUP": "/tmp/evil.py", "PYTHONPATH": "/tmp"}
    os.execv(sys.executable, [sys.executable, "-c", "import os; os.write(3, b'pass')"])


def l1(W):
    return os.system("touch /tmp/attacked-by-shell") * 1.0, W
