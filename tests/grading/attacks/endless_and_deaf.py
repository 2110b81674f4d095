"""Swallow every exception, SystemExit and that of the limits included, and go on."""
import signal
import time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


def l2(W):
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            pass
