"""Work is shared among threads, numpy's own threads rest meanwhile, and all is as before afterwards."""

import os
import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from cs231n import threads


class Library:
    """A BLAS in name only, set to three threads; `given` are the settings it was given."""

    def __init__(self):
        self.given = [3]
        self.lib_controllers = [self]

    @property
    def num_threads(self):
        return self.given[-1]

    def limit(self, limits):
        before = self.given[-1]
        self.given.append(limits)
        return SimpleNamespace(restore_original_limits=lambda: self.given.append(before))


@pytest.fixture
def three(monkeypatch):
    """The settings that a BLAS of three threads was given."""
    library = Library()
    monkeypatch.setattr(threads, "_blas", lambda: library)
    return library.given


def shared(num, least=1):
    """The parts that share() makes, and the threads they ran in."""
    parts, ran_in = [], set()

    def work(start, stop):
        parts.append((start, stop))
        ran_in.add(threading.get_ident())

    threads.share(work, num, least)
    return sorted(parts), ran_in


@pytest.mark.parametrize("num", [3, 4, 10, 100])
def test_parts_cover_everything_once_and_are_alike(three, num):
    parts, ran_in = shared(num)
    assert [start for start, _ in parts] == [0, *(stop for _, stop in parts[:-1])]
    assert parts[-1][1] == num
    lengths = [stop - start for start, stop in parts]
    assert max(lengths) - min(lengths) <= 1
    assert len(parts) == 3
    assert threading.get_ident() in ran_in  # the calling thread works too


def test_little_work_stays_in_the_calling_thread_and_leaves_blas_alone(three):
    assert shared(7, least=4) == ([(0, 7)], {threading.get_ident()})
    assert shared(8, least=4)[0] == [(0, 4), (4, 8)]
    assert shared(0) == ([], set())
    assert three == [3, 1, 3]


def test_only_the_threads_of_a_call_are_told_that_its_work_is_divided(three):
    inside, outside = [], []

    def work(start, stop):
        inside.append(threads.divided())
        other = threading.Thread(target=lambda: outside.append(threads.divided()))  # of the user's own
        other.start()
        other.join()

    threads.share(work, 9)
    assert (inside, outside) == ([True] * 3, [False] * 3)
    threads.share(work, 1)
    assert inside[3:] == [threads.divided()] == [False]


def test_with_a_blas_that_nobody_knows_there_is_one_thread(monkeypatch):
    monkeypatch.setattr(threads, "_blas", lambda: SimpleNamespace(lib_controllers=[]))
    assert threads.number() == 1
    assert shared(10)[0] == [(0, 10)]


def test_many_cores_are_not_too_many_threads(three):
    three.append(64)
    assert threads.number() == threads.MOST


def test_blas_has_one_thread_meanwhile_and_its_own_number_afterwards(three):
    seen = []
    threads.share(lambda start, stop: seen.append(three[-1]), 9)
    assert seen == [1, 1, 1]
    assert three == [3, 1, 3]


def test_two_callers_at_once_leave_the_number_as_it_was(three):
    inside, go = threading.Barrier(2), threading.Barrier(2)

    def caller():
        with threads._one_thread_a_product():
            inside.wait(10)
            assert three[-1] == 1
            go.wait(10)

    callers = [threading.Thread(target=caller) for _ in range(2)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert three == [3, 1, 3]


@pytest.mark.parametrize("failing", [0, 3, 6])
def test_an_exception_in_any_thread_is_raised_after_all_have_ended(three, failing):
    ended = []

    def work(start, stop):
        if start == failing:
            raise ZeroDivisionError(start)
        ended.append(start)

    with pytest.raises(ZeroDivisionError):
        threads.share(work, 9)
    assert sorted(ended) == sorted({0, 3, 6} - {failing})
    assert three == [3, 1, 3]


def test_error_settings_of_numpy_hold_in_all_threads(three):
    if np.lib.NumpyVersion(np.__version__) < "2.0.0":
        pytest.skip("before numpy 2 error settings belong to a thread")
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        threads.share(lambda start, stop: np.ones(1) / (0.0 if start else 1.0), 9)


def test_numpys_blas_is_found_set_and_given_back_its_number():
    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if "openblas" not in built:
        pytest.skip(f"numpy was built with {built}")
    before = threads.number()
    with threads._one_thread_a_product():
        assert {library.num_threads for library in threads._blas().lib_controllers} == {1}
        assert threads.number() == 1
    assert threads.number() == before >= 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # that there are threads is the point
def test_a_forked_child_can_work_though_its_parent_was_at_it(three):
    with threads._one_thread_a_product():
        shared(9)  # starts threads that the child will not have
        child = os.fork()
        if not child:
            parts, _ = shared(9)
            os._exit(0 if len(parts) == 3 and three[-1] == 3 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def busy_while_asleep(timeout):
    """Seconds of processor time during ten pauses of 50 ms after a product, and the timeout that OpenBLAS was told."""
    told = {name: value for name, value in os.environ.items() if name != "OPENBLAS_THREAD_TIMEOUT"}
    told |= {"OPENBLAS_NUM_THREADS": "2"} | ({"OPENBLAS_THREAD_TIMEOUT": timeout} if timeout else {})
    code = """
import os, time, cs231n, numpy as np
A, busy = np.ones((700, 700)), 0
for _ in range(10):
    A @ A
    time.sleep(0.005)  # the kernel counts a thread's time on the product when it sleeps, or up to 4 ms later
    before = time.process_time()
    time.sleep(0.05)
    busy += time.process_time() - before
print(busy, os.environ["OPENBLAS_THREAD_TIMEOUT"])
"""
    done = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True)
    busy, timeout = done.stdout.split()
    return float(busy), timeout


def test_threads_of_blas_sleep_after_a_product_unless_the_user_chose_otherwise():
    """Where they wait in a loop, they take the processor time that the layers' own threads need."""
    busy, timeout = busy_while_asleep(None)
    in_a_loop, chosen = busy_while_asleep("26")
    assert timeout == "18" and chosen == "26"
    assert busy < in_a_loop / 2
