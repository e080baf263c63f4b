"""The page of a cluster."""

import re

from crawler.look.cluster_page import COPIES
from tests.support.look_data import CLUSTER
from tests.support.look_server import LookServer


def test_the_original_and_why(filled: LookServer) -> None:
    text = filled.get("/cluster/1").text
    assert f"{CLUSTER} articles are one story" in text
    assert "it was published before the others" in text
    assert f"The {COPIES} that are most similar, of {CLUSTER - 1}" in text


def test_one_copy_stands_beside_it_with_what_differs(filled: LookServer) -> None:
    text = filled.get("/cluster/1?copy=10").text
    beside = text.partition('id="beside"')[2]
    assert "<del>" in beside
    assert "<ins>" in beside
    assert 'href="/page/10"' in beside
    assert "shown above" in text


def test_equal_texts_are_said_to_be_equal(filled: LookServer) -> None:
    text = filled.get("/cluster/1?copy=9").text
    assert "The texts are the same, word for word" in text
    assert "<ins>" not in text


def test_a_pair_is_shown_whole(filled: LookServer) -> None:
    text = filled.get("/cluster/70").text
    assert "2 articles are one story" in text
    assert re.search(r'href="/page/71"', text)
    assert "most similar, of" not in text


def test_what_is_no_cluster_or_no_copy_of_it(filled: LookServer) -> None:
    assert "there is no cluster 75" in filled.get("/cluster/75").text
    answer = filled.get("/cluster/1?copy=200")
    assert (answer.status, "no copy &#39;200&#39;" in answer.text) == (404, True)
