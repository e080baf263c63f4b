"""Which articles end in one cluster, whatever the order they come in."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from benchmarks.newsroom import place, sweep
from models.db.database import Database
from pipelines.duplicates.rebuild import rebuild
from tests.support.stories import (
    DAY,
    clustered,
    clusters,
    edited,
    rows,
    tell,
    tell_and_place,
    wire_copy,
)


def test_an_edited_copy_on_another_site_joins_its_story(database: Database) -> None:
    first = tell_and_place(database, wire_copy(1))
    other = tell_and_place(database, wire_copy(2), site="other")
    copy = tell_and_place(database, edited(wire_copy(1), 7), site="other", title="Elsewhere")
    assert clusters(database) == {frozenset({first, copy})}
    assert other not in {row.article_id for row in rows(database)}
    original, near = rows(database)
    assert (original.is_original, original.similarity) == (1, 1.0)
    assert 0.6 < near.similarity < 1
    assert near.reason == "near-duplicate"


def test_views_name_the_original_of_a_duplicate(database: Database) -> None:
    first = tell_and_place(database, wire_copy(1))
    copy = tell_and_place(database, wire_copy(1), site="other")
    single = tell_and_place(database, wire_copy(2), site="other")
    with database.reading() as conn:
        found = conn.execute(
            text("select article_id, duplicate_of, cluster_id from v1_articles order by article_id")
        )
        told = [tuple(row) for row in found]
    assert told == [(first, None, first), (copy, first, first), (single, None, single)]


def test_equal_texts_are_one_story_though_short(sqlite: Database) -> None:
    one = tell_and_place(sqlite, "The harbour is open again.")
    two = tell_and_place(sqlite, "The harbour is open — again!", site="other")
    tell_and_place(sqlite, "The harbour is closed again.", site="third")
    assert clusters(sqlite) == {frozenset({one, two})}
    assert rows(sqlite)[1].reason == "equal text"


def test_texts_without_words_are_never_one_story(sqlite: Database) -> None:
    for site in ("a1", "b1", "c1"):
        tell_and_place(sqlite, "—", site=site)
    assert clusters(sqlite) == set()


def test_a_cut_down_copy_is_linked_and_not_merged(database: Database) -> None:
    part = tell_and_place(database, "\n\n".join(wire_copy(1, 600).split("\n\n")[:4]))
    whole = tell_and_place(database, wire_copy(1, 600), site="other")
    later = tell_and_place(
        database, "\n\n".join(wire_copy(1, 600).split("\n\n")[9:13]), site="third"
    )
    with database.reading() as conn:
        linked = conn.execute(text("select * from v1_excerpts order by article_id")).all()
    assert [tuple(row) for row in linked] == [(part, whole, 1.0), (later, whole, 1.0)]
    assert clusters(database) == set()


def test_readers_hear_of_newcomers_and_of_a_new_original_only(sqlite: Database) -> None:
    late = tell_and_place(sqlite, wire_copy(1), at=DAY + timedelta(hours=3))
    assert clustered(sqlite) == []
    later = tell_and_place(sqlite, wire_copy(1), site="b1", at=DAY + timedelta(hours=5))
    assert clustered(sqlite) == [late, later]
    third = tell_and_place(sqlite, wire_copy(1), site="c1", at=DAY + timedelta(hours=6))
    assert clustered(sqlite) == [late, later, third]
    first = tell_and_place(sqlite, wire_copy(1), site="d1", at=DAY)
    assert clustered(sqlite)[3:] == sorted([late, later, third, first])
    assert [row.article_id for row in rows(sqlite) if row.is_original] == [first]
    assert [row.reason for row in rows(sqlite) if row.is_original] == ["published first"]


def test_a_revision_leaves_one_story_and_joins_another(database: Database) -> None:
    ones = [tell_and_place(database, wire_copy(1), site=s, path="x") for s in ("a1", "b1", "c1")]
    two = tell_and_place(database, wire_copy(2), site="d1")
    tell_and_place(database, wire_copy(2), site="a1", path="x")
    assert clusters(database) == {frozenset(ones[1:]), frozenset({ones[0], two})}
    tell_and_place(database, wire_copy(3), site="a1", path="x")
    assert clusters(database) == {frozenset(ones[1:])}
    tell_and_place(database, wire_copy(1), site="a1", path="x")
    assert clusters(database) == {frozenset(ones)}


def test_a_bridge_that_falls_parts_its_cluster(sqlite: Database) -> None:
    copy = wire_copy(1, 600).split("\n\n")
    left = tell_and_place(sqlite, "\n\n".join(copy[:9]), site="a1")
    right = tell_and_place(sqlite, "\n\n".join(copy[6:]), site="b1")
    assert clusters(sqlite) == set()
    bridge = tell_and_place(sqlite, "\n\n".join(copy), site="c1", path="x")
    assert clusters(sqlite) == {frozenset({left, right, bridge})}
    tell_and_place(sqlite, wire_copy(5), site="c1", path="x")
    sweep(sqlite)
    assert clusters(sqlite) == set()
    with sqlite.reading() as conn:
        assert conn.execute(text("select count(*) from clusters")).scalar_one() == 0


@pytest.mark.slow  # for its size
def test_any_order_of_arrival_ends_in_the_same_clusters(sqlite: Database) -> None:
    chance, seen = random.Random(4), set()
    told = [(story, n) for story in range(6) for n in range(4)]
    for turn in range(20):
        chance.shuffle(told)
        names = {}
        for story, n in told:
            copy = wire_copy(100 * turn + story)
            copy = copy if n == 0 else edited(copy, n)
            names[tell_and_place(sqlite, copy, site=f"s{n}", path=f"{turn}-{story}")] = story, n
        found = {frozenset(names[a] for a in c if a in names) for c in clusters(sqlite)}
        seen.add(frozenset(found - {frozenset()}))
    assert seen == {frozenset(frozenset((story, n) for n in range(4)) for story in range(6))}


def test_a_rebuild_from_nothing_finds_the_same(database: Database) -> None:
    for story in range(3):
        tell_and_place(database, wire_copy(story), site="a1")
        for n in range(3):
            tell_and_place(database, edited(wire_copy(story), n), site=f"b{n}")
    before, told = rows(database), clustered(database)
    assert len(before) == 12
    rebuild(database, lambda _done, _last: None)
    assert (rows(database), clustered(database)) == (before, told)
    with database.transaction() as conn:
        for table in ("sketch_keys", "duplicate_pairs", "clusters", "cluster_members"):
            conn.execute(text(f"delete from {table}"))
    counts = rebuild(database, lambda _done, _last: None)
    assert counts == (12, 3)
    assert rows(database) == before


def test_a_rebuild_goes_on_where_it_was_stopped(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.duplicates.rebuild.BATCH", 2)
    for n in range(6):
        tell_and_place(sqlite, wire_copy(1), site=f"s{n}")

    def stop(done: int, _last: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(sqlite, stop)
    assert rebuild(sqlite, lambda _done, _last: None) == (2, 1)
    assert len(rows(sqlite)) == 6


def test_what_a_kill_left_between_storing_and_clustering_is_swept_up(database: Database) -> None:
    ids = [tell(database, wire_copy(1), site=site) for site in ("a1", "b1")]
    sweep(database)
    assert clusters(database) == {frozenset(ids)}


@pytest.mark.slow  # for its size
def test_many_equal_texts_cost_each_newcomer_the_same(sqlite: Database) -> None:
    ids = [tell(sqlite, wire_copy(1), path=str(n)) for n in range(150)]
    place(sqlite, ids)
    assert clusters(sqlite) == {frozenset(ids)}
    with sqlite.reading() as conn:
        assert conn.execute(text("select count(*) from duplicate_pairs")).scalar_one() == 0
        assert conn.execute(text("select due from clusters")).scalar_one() == 1
    sweep(sqlite)
    with sqlite.reading() as conn:
        assert conn.execute(text("select due from clusters")).scalar_one() == 0


@pytest.mark.parametrize("order", ["xyb", "xby", "ybx", "bxy"])
def test_a_page_of_two_stories_does_not_join_them(sqlite: Database, order: str) -> None:
    texts = {"x": wire_copy(1, 200), "y": wire_copy(2, 200)}
    texts["b"] = f"{texts['x']}\n\n{texts['y']}"
    found = {name: tell_and_place(sqlite, texts[name], site=f"{name}1") for name in order}
    assert not any({found["x"], found["y"]} <= members for members in clusters(sqlite))
    with sqlite.reading() as conn:
        linked = conn.execute(text("select article_id, excerpt_of from v1_excerpts")).all()
    assert (found["y"], found["b"]) in [tuple(row) for row in linked]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_original_is_the_same_whoever_was_crawled_first(
    sqlite: Database, order: tuple[int, ...]
) -> None:
    sites, years = ("aa", "ab", "ac"), (2003, 2026, 2026)
    for index in order:
        at = DAY.replace(year=years[index])
        tell_and_place(sqlite, wire_copy(1), site=sites[index], path="ferry", at=at)
    with sqlite.reading() as conn:
        query = "select a.site from v1_clusters c join v1_articles a using (article_id)"
        originals = conn.execute(text(f"{query} where c.is_original = 1")).scalars().all()
    assert originals == ["ab"]
