"""Start threads without end."""
import threading
import time


def l2(W):
    while True:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
