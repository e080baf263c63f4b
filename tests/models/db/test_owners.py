"""Who is surely dead, and of whom nothing can be said."""

import os
import socket
import subprocess
import sys

from models.db.owners import is_dead, new_owner


def named(host: str, pid: int) -> str:
    return f"{host}:{pid}:00ff00ff"


def test_this_process_is_alive_and_its_names_differ() -> None:
    one, other = new_owner(), new_owner()
    assert one != other
    assert not is_dead(one)


def test_a_process_that_ended_is_dead_even_before_it_is_reaped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(named(socket.gethostname(), child.pid))
    child.wait()
    assert is_dead(named(socket.gethostname(), child.pid))


def test_of_another_hosts_process_nothing_is_said() -> None:
    assert not is_dead(named("elsewhere.example", 1))
    assert not is_dead("rubbish")
    assert not is_dead("")
