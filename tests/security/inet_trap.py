"""Run a program that the kernel ends (SIGSYS) as soon as it asks for an internet socket: `inet_trap.py PROGRAM …`.

A filter of system calls (seccomp) sees what Python, Qt and every library do alike, and what the program starts
inherits it. Sockets within the computer (AF_UNIX) pass.
"""

import ctypes
import os
import platform
import struct
import sys

# number of the system call `socket`, and the kernel's name of the architecture (linux/audit.h)
MACHINES = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}
_INET, _INET6 = 2, 10
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand in what a filter is shown
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def set_trap() -> None:
    """From here on, for this process and its children; there is no way back."""
    number, architecture = MACHINES[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),  # another way of calling: killed below
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, 0, 4, number),  # no `socket`: allowed
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _INET),
        (_EQUAL, 0, 1, _INET6),
        (_RETURN, 0, 0, _KILL),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = _Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0)):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    set_trap()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - becomes the program that is watched
