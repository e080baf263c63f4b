"""Terms and queries as each database has them; nothing in them can be a mistake of syntax.

Terms consist of letters, marks and digits alone, and are quoted wherever a language has operators.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from models.articles.search_query import Phrase, Query

# PostgreSQL keeps so much of a word's places in a text, and of a text's words
_LAST_PLACE: Final = 16_383
_MOST_PLACES: Final = 255
_MOST_BYTES: Final = 1_000_000  # a tsvector ends at 2^20
_INCOMPLETE: Final = "_"  # behind a term: not all of its places are stored
# MariaDB's words are 3 to 84 characters long, and none of these, unless its owner says so
_SHORTEST: Final = 3
_LONGEST: Final = 80
_STOP_WORDS: Final = frozenset(
    (
        "a", "about", "an", "are", "as", "at", "be", "by", "com", "de", "en", "for", "from", "how",
        "i", "in", "is", "it", "la", "of", "on", "or", "that", "the", "this", "to", "und", "was",
        "what", "when", "where", "who", "will", "with", "www",
    )
)  # fmt: skip
# Letters that every MariaDB takes for parts of words; others are written as their number
_ITS_LETTERS: Final = (
    "0-9a-z\u00df-\u00f6\u00f8-\u0233\u03b1-\u03ce\u0430-\u045f\u05d0-\u05ea\u0621-\u063a"
    "\u0641-\u064a\u0e01-\u0e3a\u0e40-\u0e4e\u3041-\u3094\u30a1-\u30fa\u30fc-\u30fe"
    "\u4e00-\u9fa5\uac00-\ud7a3"
)
_FOREIGN: Final = re.compile(f"[^{_ITS_LETTERS}]")


class Parts(NamedTuple):
    """A query as parts of ` words `, the stored words with a space before and behind them."""

    wanted: tuple[str, ...]  # all of them are there
    excluded: tuple[tuple[str, ...], ...]  # of each of these, not all are there


def stored(dialect: str, terms: Iterable[str]) -> str:
    """What `v1_search.words` holds on 'sqlite', 'postgresql' or 'mysql' (MariaDB too)."""
    return _STORED[dialect](terms)


def asked(dialect: str, query: Query) -> str:
    """What a query is compared by: FTS5's MATCH, a tsquery, or AGAINST in boolean mode."""
    return _ASKED[dialect](query)


def parts(query: Query) -> Parts:
    """What MariaDB finds by its index, to look for in one article."""
    wanted = (part for phrase in query.wanted for part in _parts_of(phrase))
    return Parts(tuple(wanted), tuple(map(_parts_of, query.excluded)))


def words(query: Query) -> dict[str, str]:
    """Each word that is wanted, as MariaDB's AGAINST has it, and as a part of ` words `."""
    found: dict[str, str] = {}
    for phrase in query.wanted:
        *first, last = phrase.terms
        found |= {_word(term): f" {_word(term)} " for term in first}
        if phrase.is_prefix:
            found[f"{_spelled(last)}*"] = f" {_spelled(last)}"
        else:
            found[_word(last)] = f" {_word(last)} "
    return found


def as_sql(dialect: str, query: Query) -> str:
    """A statement for readers: the newest articles of a query, with nothing to fill in."""
    words = asked(dialect, query).replace("'", "''")
    return _SQL[dialect].format(f"'{words}'")


def _vector(terms: Iterable[str]) -> str:
    """A tsvector: each term once, with its places."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms, start=1):
        places[term].append(place)
    size, made = 0, []
    for term, found in places.items():
        kept = [place for place in found[:_MOST_PLACES] if place <= _LAST_PLACE]
        size += len(term.encode()) + 2 * len(kept) + 8
        if size > _MOST_BYTES:
            break
        made.append(f"'{term}':{','.join(map(str, kept))}" if kept else f"'{term}'")
        if len(kept) < len(found):
            size += len(term.encode()) + 8
            made.append(f"'{term}{_INCOMPLETE}'")
    return " ".join(made)


def _fts5(query: Query) -> str:
    wanted = " AND ".join(map(_of_fts5, query.wanted))
    return f"({wanted})" + "".join(f" NOT {_of_fts5(one)}" for one in query.excluded)


def _of_fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.terms)}"{" *" if phrase.is_prefix else ""}'


def _tsquery(query: Query) -> str:
    excluded = [f"!{_of_tsquery(one)}" for one in query.excluded]
    return " & ".join([*map(_of_tsquery, query.wanted), *excluded])


def _of_tsquery(phrase: Phrase) -> str:
    """Where some places of a term are not stored, the words of the phrase are enough."""
    terms = [f"'{term}'" for term in phrase.terms]
    last = f"{terms[-1]}:*" if phrase.is_prefix else terms[-1]
    if len(terms) == 1:
        return last
    names = [*terms[:-1], last]
    incomplete = sorted({f"'{term}{_INCOMPLETE}'" for term in phrase.terms})
    return f"({' <-> '.join(names)} | ({' & '.join(names)} & ({' | '.join(incomplete)})))"


def _boolean(query: Query) -> str:
    wanted = (f"+{one}" for phrase in query.wanted for one in _of_boolean(phrase))
    return " ".join([*wanted, *map(_without, query.excluded)])


def _without(phrase: Phrase) -> str:
    parts = _of_boolean(phrase)
    return f"-{parts[0]}" if len(parts) == 1 else f"-(+{' +'.join(parts)})"


def _of_boolean(phrase: Phrase) -> list[str]:
    """A phrase that ends with a beginning is not known there: that is asked for besides."""
    *first, last = phrase.terms
    if not phrase.is_prefix:
        return [_in_order(phrase.terms)]
    return [*([_in_order(first)] if first else []), f"{_spelled(last)}*"]


def _parts_of(phrase: Phrase) -> tuple[str, ...]:
    parts = (part.strip('"') for part in _of_boolean(phrase))
    return tuple(f" {part[:-1]}" if part.endswith("*") else f" {part} " for part in parts)


def _in_order(terms: Sequence[str]) -> str:
    words = " ".join(map(_word, terms))
    return f'"{words}"' if len(terms) > 1 else words


def _word(term: str) -> str:
    """A term that is neither too short nor one that MariaDB leaves out."""
    spelled = _spelled(term)
    return (f"{spelled}_" if spelled in _STOP_WORDS else spelled).ljust(_SHORTEST, "_")


def _spelled(term: str) -> str:
    if term.isascii():
        return term
    return _FOREIGN.sub(lambda letter: f"_{ord(letter[0]):x}", term)[:_LONGEST]


_STORED: Final[dict[str, Callable[[Iterable[str]], str]]] = {
    "sqlite": " ".join,
    "postgresql": _vector,
    "mysql": lambda terms: " ".join(map(_word, terms)),
}
_ASKED: Final[dict[str, Callable[[Query], str]]] = {
    "sqlite": _fts5,
    "postgresql": _tsquery,
    "mysql": _boolean,
}
# what is read of an article is wide: it is read of those alone that have the words
_SQL: Final = {
    "sqlite": (
        "select a.published_at, a.site, a.title, a.url\n"
        "from (select article_id from v1_search where words match {}\n"
        "  order by rowid desc limit 10000) s\n"
        "join v1_articles a on a.article_id = s.article_id\n"
        "order by a.published_at desc limit 20;"
    ),
    "postgresql": (
        "with s as materialized (\n"
        "  select article_id from v1_search where words @@ cast({} as tsquery))\n"
        "select a.published_at, a.site, a.title, a.url\n"
        "from s join v1_articles a on a.article_id = s.article_id\n"
        "order by a.published_at desc limit 20;"
    ),
    "mysql": (
        "select a.published_at, a.site, a.title, a.url\n"
        "from v1_search s join v1_articles a on a.article_id = s.article_id\n"
        "where match (s.words) against ({} in boolean mode)\n"
        "order by a.published_at desc limit 20;"
    ),
}
