"""What a worker process may not do: open a network socket, or take all memory.

The engine would call another server for SERVICE. Queries with SERVICE are refused
before they are run; that the operating system refuses too is a second lock, for
text that only looks harmless.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

# Number of the system call socket(), and the kernel's name for the machine (audit.h).
_SOCKET = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}
_AF_UNIX = 1


def limit_memory(extra: int) -> None:
    """Let this process take at most ``extra`` bytes more of memory from now on.

    The limit is on data (RLIMIT_DATA, which on Linux counts private memory that can be
    written to), not on address space, of which the engine's threads reserve much and use little.
    """
    size = _data()
    if size is None:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = size + extra
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    # The engine ends the process where memory is refused; there is nothing in it to look at.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _data() -> int | None:
    """Bytes of data of this process, where the system tells."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file if ":" in line)
        return int(lines["VmData"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return None


def resident() -> int:
    """Bytes of memory this process holds, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def deny_network() -> bool:
    """Make every later ``socket()`` but a local one fail; whether the system could.

    A seccomp filter of Linux (seccomp(2)); it needs no rights and cannot be taken back.
    """
    call = _SOCKET.get(platform.machine())
    if sys.platform != "linux" or call is None or struct.calcsize("P") != 8:
        return False
    number, machine = call
    load, jump_equal, give = 0x20, 0x15, 0x06
    allow, deny = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO, EACCES
    program = [
        (load, 0, 0, 4),  # the machine the call was made for
        (jump_equal, 0, 5, machine),
        (load, 0, 0, 0),  # the number of the call
        (jump_equal, 0, 3, number),
        (load, 0, 0, 16),  # its first argument, the family of the socket
        (jump_equal, 1, 0, _AF_UNIX),
        (give, 0, 0, deny),
        (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)), 16
    )
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(set_seccomp, filter_mode, filter_, 0, 0) == 0)
