"""What `scrapy erase` prints."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from crawler.operations.erase_archive import Cleared
from crawler.reports.text_tables import format_time
from models.erasures.targets import Target
from models.erasures.tombstones import Erasure

_SHOWN: Final = 10  # addresses of copies


def describe(target: Target) -> dict[str, Any]:
    """What goes of a page, for JSON."""
    return {
        "url": target.url,
        "site": target.site,
        "article_ids": sorted(target.articles),
        "urls": sorted(target.urls.values()),
        "revisions": target.revisions,
        "captures": len(target.captures),
        "files": target.files,
        "copies_elsewhere": list(target.copies),
    }


def described(erasure: Erasure) -> dict[str, Any]:
    """A tombstone, for JSON."""
    return {name: value for name, value in asdict(erasure).items() if name != "records"}


def target_lines(target: Target, did: str) -> list[str]:
    """What goes of a page, as `did` says, and what stays elsewhere."""
    articles = ", ".join(map(str, sorted(target.articles))) or "none"
    said = [
        f"{target.url}: {did}",
        f"  articles   {articles} ({_many(target.revisions, 'revision')})",
        f"  addresses  {', '.join(sorted(target.urls.values()))}",
        f"  archive    {_many(len(target.captures), 'copy', 'copies')} in"
        f" {_many(len(target.files), 'WARC file')}",
    ]
    if target.copies:
        said.append("  stays      the same text at other addresses; erase each that is to go:")
        said += [f"             {url}" for url in target.copies[:_SHOWN]]
        if len(target.copies) > _SHOWN:
            said.append(f"             and {len(target.copies) - _SHOWN} more")
    return said


def lines(target: Target, cleared: Cleared, erasure: Erasure) -> list[str]:
    """What was done."""
    return [
        *target_lines(target, f"erased: {erasure.why}"),
        f"  taken out  {_many(cleared.records, 'record')} of {_many(cleared.files, 'WARC file')}",
        "  It is not fetched again. Backups and readers' own copies are not touched.",
        *cleared.missing_lines,
    ]


def erasure_lines(found: Sequence[Erasure]) -> list[str]:
    """Tombstones, one or two lines each."""
    if not found:
        return ["nothing was erased"]
    said = []
    for one in found:
        article = "" if one.article_id is None else f" (article {one.article_id})"
        said.append(f"{one.url}{article}: erased on {format_time(one.erased_at)}: {one.why}")
        if one.done_at is None:
            said.append(f"  the archive may still hold it; type: scrapy erase {one.url}")
    return said


def _many(number: int, what: str, several: str | None = None) -> str:
    return f"{number} {what if number == 1 else several or what + 's'}"
