"""Uploads in parts that a kill or an outage left open in a bucket of S3.

Their parts are in no listing of files, are billed, and may hold pages that were erased since. Other
storages remove such parts by themselves after a while.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from models.archive.store_faults import said_by
from models.errors import StoreFault

_LOG: Final = logging.getLogger(__name__)


def abort_open_uploads(call: Callable[..., Any], bucket: str, key: str) -> None:
    """Gives up all open uploads of a file; `call` asks the storage, see `ObjectStore`.

    A bucket that lets us do so is no condition of an upload: what is in the way is one debug line.
    """
    try:
        # a longer key comes later in the listing, so that its first page holds all of this one
        found = call("call_s3", "list_multipart_uploads", Bucket=bucket, Prefix=key)
        for upload in found.get("Uploads", ()):
            if upload["Key"] == key:
                call(
                    "call_s3",
                    "abort_multipart_upload",
                    Bucket=bucket,
                    Key=key,
                    UploadId=upload["UploadId"],
                )
    except (StoreFault, FileNotFoundError, NotImplementedError) as fault:
        _LOG.debug("open uploads of %s/%s may be left: %s", bucket, key, said_by(fault))
