"""The last step before a PostgreSQL program runs: drop root, tie its life to its owner's, become it.

A program of its own, run by the supervisor as `python -I -S launch.py LEASH OWNER UID GID PROGRAM ARGUMENTS…`
in a new process, because between fork and exec of a process with threads little is safe. Not imported by the
product.

The order matters: the kernel forgets a death signal when the user id changes, so root is dropped first. The
signal comes when the *thread* that started this process ends, which is why the supervisor starts it from one
that stays.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    leash, owner, uid, gid, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its memory holds rows, and the values being asked for
    if leash == "death-signal":
        if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0) != 0:
            sys.exit("the kernel refused a death signal")
        if os.getppid() != int(owner):  # it died before the signal was set
            sys.exit("the owner is gone")
    elif leash == "pipe":
        _watch_the_pipe()
    os.execv(command[0], command)


def _watch_the_pipe() -> None:
    """Where the kernel has no death signal: a child reads the owner's pipe (standard input) until its end."""
    server = os.getpid()
    if os.fork() == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        while os.read(0, 1):
            pass
        if os.getppid() == server:  # else the server went first, and its number may be another's by now
            os.kill(server, signal.SIGINT)
        os._exit(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


if __name__ == "__main__":
    main(sys.argv[1:])
