"""An extraction comes back from the database as it was, and one of another form is refused."""

import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles.extraction_codec import digest, pack, unpack
from models.blocks import RemovedRun
from models.items import Metadata
from tests.factories import NOW, make_block, make_extraction, make_metadata

WHOLE = make_extraction(
    blocks=(
        make_block(features=(1.5, 0.0), hint="advert", loose_key=7),
        make_block("Two", position=1, dom_path="main>p", kept=False),
    ),
    metadata=make_metadata(modified_at=NOW, paywalled=False, description="ä"),
    removed=(RemovedRun(2, 5, "navigation", -6.0, "Home"), RemovedRun(9, 1, "related", -4.2, "")),
    agreement=0.75, interstitial="login", is_article=False,
)  # fmt: skip


def test_all_comes_back_but_by_what_it_was_read() -> None:
    assert unpack(pack(replace(WHOLE, basis="winnow/1"))) == WHOLE
    bare = make_extraction(blocks=(), metadata=Metadata())
    assert unpack(pack(bare)) == bare


def test_a_digest_is_of_what_was_found_and_not_by_what() -> None:
    same = digest(pack(replace(WHOLE, basis="other")))
    assert same == digest(pack(WHOLE)) and len(same) == 32
    assert same != digest(pack(replace(WHOLE, template_key=8)))


def test_another_form_is_refused() -> None:
    form = json.loads(zlib.decompress(pack(WHOLE)))
    packed = zlib.compress(json.dumps({**form, "form": 3}).encode())
    with pytest.raises(ValueError, match="form 3, where 2 is the newest known"):
        unpack(packed)


def test_form_1_is_read_which_has_every_block_and_no_runs() -> None:
    form = json.loads(zlib.decompress(pack(WHOLE)))
    del form["removed"]
    first = zlib.compress(json.dumps({**form, "form": 1}).encode())
    assert unpack(first) == replace(WHOLE, removed=())


def test_a_field_that_an_earlier_version_did_not_write_has_its_default() -> None:
    form = json.loads(zlib.decompress(pack(WHOLE)))
    del form["interstitial"], form["is_article"]
    found = unpack(zlib.compress(json.dumps(form).encode()))
    assert found == replace(WHOLE, interstitial=None, is_article=True)


def test_blocks_with_other_fields_or_in_another_order_are_read_by_name() -> None:
    form = json.loads(zlib.decompress(pack(WHOLE)))
    form["fields"] = form["fields"][-2::-1]  # without the last, hint
    form["blocks"] = [values[-2::-1] for values in form["blocks"]]
    blocks = tuple(replace(block, hint="") for block in WHOLE.blocks)
    assert unpack(zlib.compress(json.dumps(form).encode())) == replace(WHOLE, blocks=blocks)


@pytest.mark.parametrize("values", [slice(-1), slice(-2)])
def test_a_block_that_lacks_values_is_corrupt(values: slice) -> None:
    form = json.loads(zlib.decompress(pack(WHOLE)))
    form["blocks"][0] = form["blocks"][0][values]
    with pytest.raises(ValueError, match="not enough values"):
        unpack(zlib.compress(json.dumps(form).encode()))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=5))
def test_any_text_comes_back_clean(texts: list[str]) -> None:
    blocks = tuple(make_block(text, position=n) for n, text in enumerate(texts))
    packed = pack(make_extraction(blocks=blocks))
    assert pack(unpack(packed)) == packed
