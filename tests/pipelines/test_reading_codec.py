"""What workers are asked and answer comes back as it was, through JSON."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo import press
from models.archive.captures import CaptureArchive
from models.archive.reader import local_member, unread
from models.articles.extraction_codec import digest, pack
from models.errors import ArchiveError, ExtractionFailed, LeadsElsewhere, PageTooLarge, WinnowError
from models.items import (
    CaptureRef,
    Extraction,
    Hint,
    Page,
    WarcLocation,
)
from models.sites.config import ExtractionRules
from models.templates import Lesson, TemplateState
from pipelines.boilerplate.observation import observation_of
from pipelines.pool import PoolBroken, PoolCrash, PoolTimeout
from pipelines.reading import ParsedPage, reread
from pipelines.reading_codec import (
    AskedCopy,
    ChunkRefused,
    FaultElsewhere,
    answer_of,
    decode_answer,
    decode_reading,
    encode_chunk,
    encode_fault,
    parted,
    read_encoded,
)
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import NOW
from tests.support.reading_values import copies_asked_for, extractions, lessons
from tests.support.site_server import article

DEMO = {
    f"{paper.name} {text.slug}": press.article_page(paper, text, "https://a.test", NOW)
    for paper in press.papers()
    for text in paper.texts[:4]
}
BODY = article("Night ferry", [f"Sentence {n} of the night ferry." * 3 for n in range(9)]).encode()


def sent(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(st.lists(copies_asked_for, max_size=4))
def test_what_is_asked_comes_back_as_it_was(asked: list[AskedCopy]) -> None:
    chunk = sent(encode_chunk(asked))
    assert [decode_reading(*one) for one in parted(chunk)] == asked


@given(extractions, lessons, st.none() | st.sampled_from(Searched), copies_asked_for)
def test_what_is_answered_comes_back_as_it_was(
    extraction: Extraction, lesson: Lesson | None, why: Searched | None, asked: AskedCopy
) -> None:
    page = asked.page
    shown = observation_of(page.url, page.url_id, asked.copy.fetched_at, extraction)
    found = ParsedPage(extraction, pack(extraction), replace(shown, lesson=lesson), why)
    assert decode_answer(sent(answer_of(lambda: found)), asked) == found


def test_templates_and_rules_of_many_captures_are_sent_once() -> None:
    states = (TemplateState(7, 0, None, b"x" * 10_000),)
    rules = ExtractionRules(remove=("aside",))
    asked = [
        AskedCopy(ref(n), page(n), rules, templates=SiteTemplates(states, n)) for n in range(20)
    ]
    chunk = encode_chunk(asked)
    size = len(json.dumps(chunk))
    assert size < len(json.dumps(encode_chunk(asked[:1]))) + 20 * 1_000
    assert [decode_reading(*one) for one in parted(sent(chunk))] == asked


@pytest.mark.parametrize("name", DEMO)
def test_a_real_page_reads_the_same_in_a_worker(name: str, tmp_path: Path) -> None:
    one = archived(tmp_path, DEMO[name].encode())
    here = reread(
        tmp_path, one.copy, one.page, one.rules, one.known, one.parts, one.templates, one.reserved
    )
    assert here is not None and here.observation.lesson is not None
    answer = sent(read_encoded(tmp_path, *parted(sent(encode_chunk([one])))[0]))
    assert decode_answer(answer, one) == here
    again = replace(one, known=digest(here.packed))
    assert read_encoded(tmp_path, *parted(encode_chunk([again]))[0]) == {}
    assert decode_answer({}, again) is None  # it reads as before


def test_a_record_that_is_sent_along_is_read_without_a_file(tmp_path: Path) -> None:
    one = archived(tmp_path, BODY)
    file = tmp_path / one.copy.location.file
    member = local_member(one.copy, tmp_path)
    file.unlink()
    sent_along = replace(one, members={one.copy.capture_id: member})
    assert "packed" in read_encoded(tmp_path, *parted(sent(encode_chunk([sent_along])))[0])


def test_a_capture_that_is_not_there_is_an_answer(tmp_path: Path) -> None:
    one = archived(tmp_path, BODY)
    (tmp_path / one.copy.location.file).unlink()
    answer = sent(read_encoded(tmp_path, *parted(encode_chunk([one]))[0]))
    with pytest.raises(ArchiveError, match=re.escape(one.copy.location.file)):
        decode_answer(answer, one)


@pytest.mark.parametrize(
    "fault",
    [
        ArchiveError("gone"), ExtractionFailed("no text"), PageTooLarge("of 9 MB"),
        LeadsElsewhere("https://b.test/"), PoolTimeout("20 s"), PoolCrash("3 in a row"),
    ],
    ids=lambda fault: type(fault).__name__,
)  # fmt: skip
def test_a_fault_of_a_page_keeps_its_kind_and_words(fault: WinnowError) -> None:
    with pytest.raises(type(fault)) as met:
        decode_answer(sent(encode_fault(fault)), AskedCopy(ref(1), page(1)))
    assert type(met.value) is type(fault) and met.value.args == fault.args


@pytest.mark.parametrize("fault", [ValueError("no such thing"), PoolBroken("no process")])
def test_any_other_fault_is_told_with_its_traceback(fault: Exception) -> None:
    def read() -> None:
        raise fault

    with pytest.raises(FaultElsewhere, match=r"Traceback(?s:.*)in read(?s:.*): no "):
        decode_answer(sent(answer_of(read)), AskedCopy(ref(1), page(1)))


def test_what_needs_more_memory_is_no_answer() -> None:
    def read() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        answer_of(read)


@pytest.mark.parametrize("chunk", [None, [], {"form": 0, "shared": [], "captures": []}])
def test_a_chunk_of_another_form_is_refused(chunk: Any) -> None:
    with pytest.raises(ChunkRefused, match="another version"):
        parted(chunk)


@pytest.mark.parametrize("capture", [{}, {"copy": 1}, "x", None])
def test_what_is_no_capture_is_refused(capture: Any) -> None:
    common = encode_chunk([AskedCopy(ref(1), page(1))])["shared"][0]
    with pytest.raises(ChunkRefused, match="no capture"):
        decode_reading(common, capture)


def test_a_page_without_a_copy_is_refused() -> None:
    asked = AskedCopy(ref(1), page(1))
    ((common, capture),) = parted(encode_chunk([asked]))
    capture["page"]["archived"] = None
    with pytest.raises(ChunkRefused, match="no archived copy"):
        decode_reading(common, capture)


@pytest.mark.parametrize("answer", [None, [], {"how": {}}, {"packed": "eA==", "how": {}}])
def test_what_is_no_answer_is_refused(answer: Any) -> None:
    with pytest.raises(ChunkRefused):
        decode_answer(answer, AskedCopy(ref(1), page(1)))


def ref(number: int, size: int = 9) -> CaptureRef:
    place = WarcLocation("town/2026/run-000001-00001.warc.gz", 10 * number, 10)
    url = f"https://a.test/{number}"
    return CaptureRef(number, number, 1, url, 200, NOW, place, b"h" * 32, size)


def page(number: int) -> Page:
    return unread(ref(number), "town", f"https://a.test/{number}", Hint("Night ferry"), 2)


def archived(folder: Path, body: bytes) -> AskedCopy:
    """A page in an archive, as re-extraction asks for it."""
    whole_page = replace(page(1), headers=(("Content-Type", "text/html"),), body=body)
    archive = CaptureArchive(folder, 1)
    location = archive.append(whole_page)
    archive.close()
    digest_ = sha256(body).digest()
    copy = CaptureRef(1, 1, 1, whole_page.final_url, 200, NOW, location, digest_, len(body))
    templates = SiteTemplates(page_hash=1, teaches=True, searched=True)
    return AskedCopy(copy, replace(page(1), archived=copy), templates=templates)
