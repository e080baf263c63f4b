"""Two places that are one by another spelling: nothing may be moved from one to the other."""

from pathlib import Path

import pytest

from models.archive.apart import require_apart
from models.archive.object_store import ObjectStore
from models.archive.stores import FolderStore
from models.errors import UsageError
from tests.support.object_storage import S3Server


def test_a_folder_and_another_spelling_of_it_are_one_place(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    here = FolderStore(tmp_path / "archive")
    for other in (FolderStore(tmp_path / "link"), ObjectStore(f"file://{tmp_path}/archive")):
        with pytest.raises(UsageError, match="are one place; nothing was moved"):
            require_apart(other, [FolderStore(tmp_path / "else"), here])
    assert list((tmp_path / "archive").iterdir()) == []


def test_a_bucket_is_one_place_by_each_scheme_of_it(s3: S3Server) -> None:
    bucket = s3.bucket()
    one, other = ObjectStore(f"s3://{bucket}/pages"), ObjectStore(f"s3a://{bucket}/pages")
    with pytest.raises(UsageError, match=f"s3a://{bucket}/pages and s3://{bucket}/pages"):
        require_apart(other, [one])
    require_apart(one, [ObjectStore(f"s3://{bucket}/others")])
    assert s3.objects(bucket) == {}
