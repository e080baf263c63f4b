"""An archived copy read again: only what reads otherwise is sent back."""

from hashlib import sha256
from pathlib import Path

import pytest

from models.archive.captures import CaptureArchive
from models.articles.extraction_codec import digest, pack
from models.errors import ArchiveError
from models.items import CaptureRef, Hint
from models.sites.config import ExtractionRules
from pipelines.reread import reread
from tests.factories import NOW, make_page
from tests.support.site_server import article

LINES = [f"Sentence {n} of the night ferry tells what happened in the harbour." for n in range(9)]


@pytest.fixture
def ref(tmp_path: Path) -> CaptureRef:
    page = make_page(body=article("Night ferry", LINES).encode())
    archive = CaptureArchive(tmp_path, 1)
    location = archive.append(page)
    archive.close()
    digest_ = sha256(page.body).digest()
    return CaptureRef(1, 1, 1, page.final_url, 200, NOW, location, digest_, len(page.body))


def test_a_copy_that_reads_as_it_did_is_none(ref: CaptureRef, tmp_path: Path) -> None:
    found = reread(tmp_path, ref, Hint(), None)
    assert found is not None
    assert set(LINES) <= {block.text for block in found.blocks}
    known = digest(pack(found))
    assert reread(tmp_path, ref, Hint(), None, known) is None
    rules = ExtractionRules(remove=("p",))
    assert reread(tmp_path, ref, Hint(), rules, known) is not None


def test_a_copy_that_is_gone_is_told(ref: CaptureRef, tmp_path: Path) -> None:
    (tmp_path / ref.location.file).unlink()
    with pytest.raises(ArchiveError):
        reread(tmp_path, ref, Hint(), None)
