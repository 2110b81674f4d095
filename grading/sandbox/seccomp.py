"""The system calls that a student's process may not make, as a filter program for the kernel (classic BPF).

The lists contain calls that numerical code should not need. Almost everything else is allowed, since numpy and Python
keep changing which calls they make.
"""

from __future__ import annotations

import platform
import struct

from grading.sandbox.base import SandboxError

REFUSED = {  # name: its numbers on x86_64 and on aarch64, where -1 means that it does not exist
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "personality": (135, 92),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "vhangup": (153, 58),
    "memfd_secret": (447, 447),
    # these create memory that belongs to no process, and so is missing from the sum over all processes
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
PROCESSES = {"fork": (57, -1), "vfork": (58, -1), "execve": (59, 221), "execveat": (322, 281)}
CLONE, CLONE3 = (56, 220), (435, 435)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "arm64": (1, 0xC00000B7)}
THREAD, NEW_NAMESPACES = 0x10000, 0x7E020000  # flags of clone
X32 = 0x40000000
EPERM, ENOSYS = 1, 38
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in the data that the filter sees


class UnknownMachineError(SandboxError):
    """The table does not have the numbers of this processor's system calls."""


def program(new_processes: bool) -> bytes:
    """Return the filter; if `new_processes` is false, only threads can be started. Raises UnknownMachineError."""
    if platform.machine() not in MACHINES:
        raise UnknownMachineError(
            f"the system calls of {platform.machine()} are not in the table of grading/sandbox/seccomp.py"
        )
    column, architecture = MACHINES[platform.machine()]
    names = REFUSED if new_processes else REFUSED | PROCESSES
    code = [
        _step(LOAD, ARCHITECTURE),
        *_unless(_step(EQUAL, architecture, if_so=1), KILL),
        _step(LOAD, NUMBER),
        *_unless(_step(AT_LEAST, X32, if_not=1), KILL),
    ]
    for number in sorted({numbers[column] for numbers in names.values()} - {-1}):
        code += _unless(_step(EQUAL, number, if_not=1), ERRNO | EPERM)
    # A filter cannot read the flags of clone3; if that fails with ENOSYS, the C library calls clone instead.
    code += _unless(_step(EQUAL, CLONE3[column], if_not=1), ERRNO | ENOSYS)
    if new_processes:
        code += [_step(EQUAL, CLONE[column], if_not=3), _step(LOAD, FIRST_ARGUMENT)]
        code += _unless(_step(ANY_BIT, NEW_NAMESPACES, if_not=1), ERRNO | EPERM)
    else:
        code += [_step(EQUAL, CLONE[column], if_not=4), _step(LOAD, FIRST_ARGUMENT)]
        code += [_step(ANY_BIT, NEW_NAMESPACES, if_so=1)]
        code += _unless(_step(ANY_BIT, THREAD, if_so=1), ERRNO | EPERM)
    return b"".join([*code, _step(RETURN, ALLOW)])


def _unless(test: bytes, verdict: int) -> list[bytes]:
    """Return a test that may skip the next instruction, and that instruction, which ends the filter with `verdict`."""
    return [test, _step(RETURN, verdict)]


def _step(operation: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """Return an instruction; `if_so` and `if_not` are the numbers of instructions to skip after a test."""
    return struct.pack("<HBBI", operation, if_so, if_not, value)
