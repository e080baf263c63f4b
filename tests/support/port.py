"""A desk whose archive is a bucket of the S3 server on the loopback."""

from pathlib import Path
from typing import Any

from tests.support.desk import Desk
from tests.support.object_storage import S3Server


class Port(Desk):
    """A desk whose archive is a bucket."""

    def __init__(self, folder: Path, url: str, s3: S3Server, bucket: str | None = None) -> None:
        super().__init__(folder, url)
        self.s3, self.bucket = s3, bucket or s3.bucket()
        self.spool = folder / "spool"
        self.environment |= {
            **s3.environment,
            "WINNOW_ARCHIVE_DIR": f"s3://{self.bucket}/winnow",
            "WINNOW_ARCHIVE_SPOOL": str(self.spool),
        }

    def objects(self) -> list[str]:
        """Names of the WARC files in the bucket."""
        return [name.removeprefix("winnow/") for name in self.s3.objects(self.bucket)]

    def spooled(self) -> list[str]:
        """Names of the WARC files in the spool."""
        found = self.spool.rglob("*.warc.gz")
        return sorted(path.relative_to(self.spool).as_posix() for path in found)

    def texts(self) -> list[Any]:
        """What readers see."""
        return self.tuples("select url, text from v1_articles order by url")
