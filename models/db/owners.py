"""Who holds a claim, a lease or a run: a process, by a name that no other has."""

import os
import secrets
import socket
from pathlib import Path


def this_host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def new_owner() -> str:
    """A name for this process: host, process number and a random part."""
    return f"{this_host()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether the owner surely runs no more: a process of this host that is not there.

    False where nothing can be said, as of another host's process: its lease will run out.
    """
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if host != this_host() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(int(rest))


def is_alive(owner: str) -> bool:
    """Whether the owner surely runs: a process of this host that is there."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    return host == this_host() and rest.isdigit() and not is_dead(owner)


def _is_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False  # no /proc on this system, or the process ended just now
    return state.rpartition(")")[2].split()[0] in {"Z", "X"}
