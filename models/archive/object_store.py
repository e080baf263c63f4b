"""WARC files on object storage: the only module that loads fsspec.

Where the storage is and who we are, the storage's own library is told by its own environment, such
as AWS_ENDPOINT_URL and AWS_ACCESS_KEY_ID, or by fsspec's configuration (FSSPEC_…).
"""

import inspect
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from models.archive.open_uploads import abort_open_uploads
from models.archive.store_faults import OutOfRange, said_by, tell_cuts_once, translated
from models.archive.stores import require_same, safe_name, without_secret
from models.errors import ArchiveError, StoreAway, StoreFault, StoreRefused

# A call that waits for longer is given up: the spool keeps what was not uploaded, and a page whose
# copy was not read keeps waiting, so that patience gains nothing.
_CONNECT, _READ, _TRIES = 5, 15, 2  # seconds, seconds, attempts of each of two libraries
_CALL: Final = 60.0  # seconds, all attempts together
_SLOWEST: Final = 250_000  # bytes a second: an upload may take so much longer than _CALL
_PART: Final = 8 << 20  # bytes of an upload that are in memory, twice if it has only one part

_EXTRAS: Final = {
    **dict.fromkeys(("s3", "s3a"), "s3"),
    **dict.fromkeys(("gs", "gcs"), "gcs"),
    **dict.fromkeys(("az", "abfs", "abfss", "adl"), "azure"),
}
_OF_S3: Final = ("s3", "s3a")
_HAS_CONTAINERS: Final = (*_EXTRAS,)


class ObjectStore:
    """A bucket or a folder of one, at an address such as s3://bucket/prefix; see `Store`."""

    def __init__(self, address: str) -> None:
        """Raises StoreRefused if a library is missing or knows no such address; asks nothing."""
        scheme, _, rest = address.partition("://")
        self._scheme = scheme.lower()  # fsspec knows them in no other spelling
        address = f"{self._scheme}://{rest}"
        self.address = without_secret(address)
        self._fs = self._opened()
        self._root = str(self._fs._strip_protocol(address)).rstrip("/")

    def check(self) -> None:
        """See `Store`."""
        try:
            if self._scheme in _HAS_CONTAINERS:
                self._call("info", self._container)
            else:
                self._call("exists", self._root)
        except FileNotFoundError as missing:
            raise self._no_bucket() from missing

    def read_range(self, name: str, offset: int, length: int) -> bytes:
        """See `Store`."""
        where = f"{self.address}/{name} at {offset}"
        path = self._path(name)
        try:
            found = self._call("cat_file", path, start=offset, end=offset + length)
        except FileNotFoundError as missing:
            raise ArchiveError(f"{self.address}/{name}: no such file") from missing
        except OutOfRange as short:
            raise ArchiveError(f"{where}: cut, the file ends before") from short
        if len(found) != length:
            raise ArchiveError(f"{where}: cut, {len(found)} of {length} bytes are left")
        return bytes(found)

    def size(self, name: str) -> int | None:
        """See `Store`."""
        try:
            found = self._call("info", self._path(name))
        except FileNotFoundError:
            return None
        return int(found["size"]) if found["type"] == "file" else None

    def put(self, name: str, path: Path) -> None:
        """See `Store`."""
        if self.size(name) is not None:
            require_same(self, name, path)
            return
        try:
            self._upload(name, path, mode="create")
        except FileExistsError:  # since a moment ago
            require_same(self, name, path)
        self._require_whole(name, path)

    def replace(self, name: str, path: Path) -> None:
        """See `Store`."""
        self._upload(name, path)
        self._require_whole(name, path)

    def delete(self, name: str) -> None:
        """See `Store`."""
        try:
            self._call("rm_file", self._path(name))
        except FileNotFoundError:
            return

    def names(self, below: str = "") -> Iterator[str]:
        """See `Store`."""
        folder = self._path(below) if below else self._root
        try:
            found = sorted(self._call("find", folder))
        except FileNotFoundError as missing:
            raise self._no_bucket() from missing
        for path in found:
            if str(path).endswith(".warc.gz"):
                yield str(path)[len(self._root) :].lstrip("/")

    def _path(self, name: str) -> str:
        return f"{self._root}/{safe_name(name)}"

    @property
    def _container(self) -> str:
        return self._root.partition("/")[0]

    def _no_bucket(self) -> StoreRefused:
        return StoreRefused(
            f"the archive {self.address}: there is no bucket {self._container}, or not for us;"
            " make it, or see WINNOW_ARCHIVE_DIR"
        )

    # ------------------------------------------------------------ uploads

    def _upload(self, name: str, path: Path, **options: Any) -> None:
        """Uploads a file; in S3 nothing is left open of it, nor of uploads of it before."""
        if self._scheme not in _OF_S3 or path.stat().st_size < 2 * _PART:  # s3fs makes no parts
            self._send(name, path, **options)
            return
        self._abort_open(name)
        try:
            self._send(name, path, **options)
        except StoreFault:
            self._abort_open(name)  # s3fs leaves it where time is up, or nothing answers
            raise

    def _abort_open(self, name: str) -> None:
        bucket, key, _ = self._fs.split_path(self._path(name))
        abort_open_uploads(partial(self._call, seconds=_READ), bucket, key)

    def _send(self, name: str, path: Path, **options: Any) -> None:
        target, put = self._path(name), "put_file"
        if not self._is_async:
            self._call("makedirs", target.rpartition("/")[0], exist_ok=True)
        else:
            # one part at a time: another one could arrive after the upload was given up
            options |= {"chunksize": _PART, "max_concurrency": 1}
        known = inspect.signature(getattr(self._fs, f"_{put}" if self._is_async else put))
        options = {word: value for word, value in options.items() if word in known.parameters}
        seconds = _CALL + path.stat().st_size / _SLOWEST
        try:
            try:
                self._ask(put, str(path), target, seconds=seconds, **options)
            except NotImplementedError:
                # no conditional uploads here; `put` has checked that the file is absent
                options.pop("mode", None)
                self._call(put, str(path), target, seconds=seconds, **options)
        except FileNotFoundError as missing:
            if not path.exists():
                raise
            raise self._no_bucket() from missing

    def _require_whole(self, name: str, path: Path) -> None:
        arrived, size = self.size(name), path.stat().st_size
        if arrived != size:
            raise StoreAway(
                f"the archive {self.address}: {arrived or 0} of {size} bytes of {name} arrived"
            )

    # ------------------------------------------------------------ fsspec

    def _opened(self) -> Any:
        try:
            fsspec = import_module("fsspec")
            made = fsspec.filesystem(self._scheme, **self._options())
        except ImportError as missing:
            raise StoreRefused(self._missing(missing)) from missing
        except (ValueError, TypeError) as unknown:  # no such scheme, or it needs other settings
            raise StoreRefused(
                f"the archive {self.address}: {said_by(unknown)}; is WINNOW_ARCHIVE_DIR right?"
            ) from unknown
        if self._scheme in _OF_S3:
            made.retries = _TRIES
        if made.async_impl:
            tell_cuts_once(made.loop)
        return made

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"use_listings_cache": False}
        if self._scheme in _OF_S3:
            theirs = import_module("fsspec.config").conf.get(self._scheme, {})
            options["config_kwargs"] = {
                "connect_timeout": _CONNECT,
                "read_timeout": _READ,
                "retries": {"total_max_attempts": _TRIES, "mode": "standard"},
                **theirs.get("config_kwargs", {}),
            }
        return options

    def _missing(self, fault: ImportError) -> str:
        extra = _EXTRAS.get(self._scheme)
        if extra is None:
            return f"the archive {self.address}: a library is missing: {said_by(fault)}"
        return (
            f"the archive {self.address} needs the extra winnow[{extra}];"
            f" type: uv sync --extra {extra}, or: pip install 'winnow[{extra}]'"
        )

    @property
    def _is_async(self) -> bool:
        return bool(self._fs.async_impl)

    def _call(self, method: str, *words: Any, seconds: float | None = None, **options: Any) -> Any:
        """One call of the file system.

        Raises FileNotFoundError, FileExistsError, OutOfRange, StoreFault.
        """
        try:
            return self._ask(method, *words, seconds=seconds, **options)
        except NotImplementedError as unknown:
            raise StoreRefused(
                f"the archive {self.address} cannot do what an archive needs: {said_by(unknown)};"
                " is the address right, and the endpoint in the environment?"
            ) from unknown

    def _ask(self, method: str, *words: Any, seconds: float | None = None, **options: Any) -> Any:
        """As `_call`, which raises NotImplementedError for what the storage does not know."""
        try:
            if not self._is_async:
                return getattr(self._fs, method)(*words, **options)
            asyn = import_module("fsspec.asyn")
            work = getattr(self._fs, f"_{method}")
            return asyn.sync(self._fs.loop, work, *words, timeout=seconds or _CALL, **options)
        except (FileNotFoundError, FileExistsError):
            raise
        except Exception as fault:
            raise translated(fault, self.address) from fault
