"""Recurring texts of generated sites, a few of each kind: what is true stays, furniture goes."""

from benchmarks.recurring import fates, shares


def test_true_texts_that_recur_stay_and_furniture_in_the_body_goes() -> None:
    figures = shares(fates(every=11))  # 12 sites: all languages and kinds of series
    _, alone, together = figures["true"]
    assert together > alone - 0.05
    _, alone, together = figures["furniture"]
    assert together > 0.98
    assert alone < 0.2  # pages alone take it for text: it is the memory that is tested
