"""Brokers of a test's own: a Redis on a free port, a virtual host or a node of RabbitMQ."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from tests.support.cannot_run import cannot_run
from tests.support.desk import wait_for

RABBITMQ = os.environ.get("WINNOW_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")


class RedisServer:
    """A Redis that keeps nothing on disk: a restart loses all that it held."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self.port, self._folder, self._password = free_port(), folder, password
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        user = f":{self._password}@" if self._password else ""
        return f"redis://{user}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns once it answers."""
        words = ["--port", str(self.port), "--save", "", "--dir", str(self._folder)]
        if self._password:
            words += ["--requirepass", self._password]
        self._process = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", *words], stdout=subprocess.DEVNULL
        )
        wait_for(self._answers)

    def stop(self) -> None:
        """At once, as a power cut ends it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def client(self) -> "Redis":
        return Redis(port=self.port, password=self._password or None)

    def _answers(self) -> bool:
        with suppress(RedisError), self.client() as client:
            return bool(client.ping())
        return False


@contextmanager
def redis_server(password: str = "") -> Iterator[RedisServer]:
    """A Redis that is gone afterwards; skips where there is none to start."""
    if shutil.which("redis-server") is None:
        cannot_run("no redis-server is installed")
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder), password)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Rabbit:
    """A virtual host of RabbitMQ."""

    def __init__(self, url: str) -> None:
        self.url = url


@contextmanager
def rabbit() -> Iterator[Rabbit]:
    """An empty virtual host of the RabbitMQ that answers, gone afterwards.

    Only root may make one; whoever is not, or meets none, has a node of his own, or skips.
    """
    if os.geteuid() or not _is_there(RABBITMQ):
        with rabbit_node() as node:
            yield Rabbit(node.url)
        return
    name, parts = f"winnow-{secrets.token_hex(6)}", urlsplit(RABBITMQ)
    _rabbitmqctl("add_vhost", name)
    try:
        _rabbitmqctl("set_permissions", "-p", name, str(parts.username), ".*", ".*", ".*")
        yield Rabbit(f"amqp://{parts.netloc}/{name}")
    finally:
        _rabbitmqctl("delete_vhost", name)


class RabbitNode:
    """A node of RabbitMQ: durable queues survive its restart, on disk."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self._node = f"winnow-{secrets.token_hex(4)}@localhost"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "plugins").write_text("[].")
        (folder / "conf").write_text("loopback_users = none\n")

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Returns once it takes connections."""
        environment = {
            **os.environ,
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
            "HOME": str(self._folder),
        }
        self._process = subprocess.Popen(
            [rabbitmq_server()],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        wait_for(self._answers)

    def stop(self) -> None:
        """At once, as a power cut ends it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, "it does not start"
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as one:
            one.settimeout(1)
            one.sendall(b"AMQP\0\0\x09\x01")
            return bool(one.recv(1))
        return False


@contextmanager
def rabbit_node() -> Iterator[RabbitNode]:
    """A node that is gone afterwards; skips where there is no RabbitMQ to start."""
    rabbitmq_server()
    with tempfile.TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        try:
            yield node
        finally:
            node.stop()


def rabbitmq_server() -> str:
    """The program; Debian's in the PATH becomes another user, who may not write our folders."""
    found = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin") or shutil.which(
        "rabbitmq-server"
    )
    return found or cannot_run("no rabbitmq-server is installed")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _is_there(url: str) -> bool:
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname, parts.port or 5672), 1):
        return True
    return False


def _rabbitmqctl(*words: str) -> None:
    if shutil.which("rabbitmqctl") is None:
        cannot_run("no rabbitmqctl is installed")
    done = subprocess.run(["rabbitmqctl", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        cannot_run(f"RabbitMQ cannot be asked: {_last(done.stderr.splitlines())}")


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "it says nothing")
