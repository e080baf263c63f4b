"""An endpoint that is no object storage is one line, for reads and for uploads."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from models.archive.object_store import ObjectStore
from models.errors import StoreFault

if TYPE_CHECKING:
    from tests.support.object_storage import S3Server

NAME = "paper/2026/run-000001-00001.warc.gz"


@pytest.mark.slow
def test_a_server_that_answers_each_method_with_501_is_one_line(
    s3: "S3Server", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    file = tmp_path / "local.warc.gz"
    file.write_bytes(b"0123456789")
    s3fs.S3FileSystem.clear_instance_cache()  # it keeps the endpoint of whoever came first
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        store = ObjectStore("s3://elsewhere/x")
        for call in (lambda: store.size(NAME), lambda: store.replace(NAME, file)):
            with pytest.raises(StoreFault, match="s3://elsewhere/x") as refused:
                call()
            assert "\n" not in str(refused.value)
        server.shutdown()
    s3fs.S3FileSystem.clear_instance_cache()
