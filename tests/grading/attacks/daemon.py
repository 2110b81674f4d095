"""Leave a process behind that has a session of its own, and waits for the next submission."""
import os
import subprocess
import sys
import time


def l2(W):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    return 0.0, W


def l1(W):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    return 0.0, W


def elastic_net(W, beta=0.5):
    import multiprocessing

    multiprocessing.Process(target=time.sleep, args=(600,)).start()
    return 0.0, W
