"""Lock, wait and fork in ways that never end: a lock taken twice, a finaliser, a signal, a fork at the import of numpy."""
import os
import signal
import threading

lock = threading.Lock()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGALRM, lambda *_: os._exit(0))


def l2(W):
    lock.acquire()
    lock.acquire()


def l1(W):
    signal.alarm(1)
    signal.pause()
    return 0.0, W


def elastic_net(W, beta=0.5):
    class Never:
        def __del__(self):
            lock.acquire()
            lock.acquire()

    Never()
    return 0.0, W
