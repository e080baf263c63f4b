"""A page read whole, from its bytes or from the archive: only what reads otherwise comes back."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import trafilatura.utils

from models.archive.captures import CaptureArchive
from models.archive.reader import local_member
from models.articles.extraction_codec import digest, pack
from models.errors import ArchiveError
from models.items import CaptureRef
from models.sites.config import ExtractionRules
from pipelines.reading import read, reread
from tests.factories import NOW, make_page
from tests.support.site_server import article

LINES = [f"Sentence {n} of the night ferry tells what happened in the harbour." for n in range(9)]

BODY = article("Night ferry", LINES).encode()
BARE = make_page(body=b"")


@pytest.fixture
def ref(tmp_path: Path) -> CaptureRef:
    page = make_page(body=BODY)
    archive = CaptureArchive(tmp_path, 1)
    location = archive.append(page)
    archive.close()
    digest_ = sha256(page.body).digest()
    return CaptureRef(1, 1, 1, page.final_url, 200, NOW, location, digest_, len(page.body))


def test_a_copy_that_reads_as_it_did_is_none(ref: CaptureRef, tmp_path: Path) -> None:
    found = reread(tmp_path, ref, BARE, None)
    assert found is not None
    assert found == read(make_page(body=BODY), None)
    assert found.packed == pack(found.extraction)
    assert set(LINES) <= {block.text for block in found.extraction.blocks}
    known = digest(found.packed)
    assert reread(tmp_path, ref, BARE, None, known) is None
    rules = ExtractionRules(remove=("p",))
    assert reread(tmp_path, ref, BARE, rules, known) is not None


def test_a_copy_that_is_gone_is_told(ref: CaptureRef, tmp_path: Path) -> None:
    (tmp_path / ref.location.file).unlink()
    with pytest.raises(ArchiveError):
        reread(tmp_path, ref, BARE, None)


def test_a_copy_that_is_not_local_is_read_from_its_record(ref: CaptureRef, tmp_path: Path) -> None:
    here = reread(tmp_path, ref, BARE, None)
    member = local_member(ref, tmp_path)
    nowhere = tmp_path / "nowhere"
    assert reread(nowhere, ref, BARE, None, members={1: member}) == here
    with pytest.raises(ArchiveError, match="not one whole gzip member"):
        reread(nowhere, ref, BARE, None, members={1: member[:-9]})


def test_a_page_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(module: Any, name: str) -> None:
        parse = getattr(module, name)

        def call(*args: Any, **words: Any) -> Any:
            parsed.append(f"{module.__name__}.{name}")
            return parse(*args, **words)

        monkeypatch.setattr(module, name, call)

    counted(lxml.html, "document_fromstring")
    for name in ("fromstring", "fromstring_bytes"):
        counted(trafilatura.utils, name)
    read(make_page(body=BODY), None)
    assert parsed == ["lxml.html.document_fromstring"]
