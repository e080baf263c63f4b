"""Values that pass between a re-extraction and its workers, for Hypothesis."""

from datetime import UTC

from hypothesis import strategies as st

from models.archive.reader import unread
from models.blocks import RemovedRun
from models.items import (
    CaptureRef,
    Extraction,
    Hint,
    Signs,
    StoryPages,
    StoryPart,
    WarcLocation,
)
from models.sites.config import ExtractionRules
from models.tdm_rules import TdmRule
from models.templates import Lesson, TemplateState
from pipelines.reading_codec import AskedCopy
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import make_block, make_metadata

texts = st.text(max_size=20)  # with NUL, controls and what is in no normal form
some = st.none() | texts
times = st.datetimes(timezones=st.just(UTC))
whole = st.integers(0, (1 << 63) - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
hints = st.builds(Hint, some, st.none() | times, some, st.none() | times, some)
places = st.builds(WarcLocation, texts, whole, whole)
copies = st.builds(
    CaptureRef, whole, whole, whole, texts, whole, times, places, st.binary(max_size=32), whole
)
blocks = st.builds(
    make_block, texts, position=whole, kind=texts, dom_path=texts, key=whole, loose_key=whole,
    kept=st.booleans(), score=floats, features=st.lists(floats, max_size=3).map(tuple), hint=texts,
)  # fmt: skip
pages = st.builds(
    StoryPages, whole, some, st.booleans(), st.lists(st.tuples(whole, texts), max_size=2).map(tuple)
)
extractions = st.builds(
    Extraction,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    metadata=st.builds(
        make_metadata, title=some, tags=st.lists(texts, max_size=2).map(tuple),
        published_at=st.none() | times, paywalled=st.none() | st.booleans(), tdm_policy=some,
    ),
    extractor=texts, template_key=whole, agreement=st.none() | floats, is_article=st.booleans(),
    interstitial=some, basis=texts,
    removed=st.lists(st.builds(RemovedRun, whole, whole, texts, floats, texts), max_size=2)
    .map(tuple),
    signs=st.builds(Signs, st.lists(texts).map(tuple), st.booleans(), st.none() | st.booleans()),
    pages=pages,
)  # fmt: skip
lessons = st.none() | st.builds(
    Lesson, st.none() | st.binary(), texts, st.none() | st.booleans(), st.none() | whole
)
copies_asked_for = st.builds(
    AskedCopy,
    copy=copies,
    page=st.builds(
        unread, copies, st.sampled_from(["a", "b"]), st.just("https://a.test/1"), hints, whole
    ),
    rules=st.none() | st.builds(ExtractionRules, remove=st.lists(texts, max_size=2).map(tuple)),
    known=st.none() | st.binary(max_size=32),
    parts=st.lists(st.builds(StoryPart, whole, st.none() | copies), max_size=2).map(tuple),
    templates=st.builds(
        SiteTemplates,
        st.lists(
            st.builds(TemplateState, whole, whole, st.none() | whole, st.none() | st.binary()),
            max_size=2,
        ).map(tuple),
        whole, st.booleans(), st.booleans(), st.booleans(), st.frozensets(whole, max_size=2),
    ),
    reserved=st.dictionaries(texts, st.builds(TdmRule, texts, st.booleans(), some), max_size=2),
    members=st.dictionaries(whole, st.binary(max_size=9), max_size=2),
)  # fmt: skip
