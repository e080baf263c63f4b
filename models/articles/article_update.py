"""One stored article under its lock: refreshed, confirmed or revised by a copy of its page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.articles import classifications, corrections, extractions, former_urls, revisions, rows
from models.articles.article_columns import entry_of, observed_digest, said_columns, same, source_of
from models.articles.change_kind import change_between
from models.articles.revisions import REPORTED, Source
from models.blocks import Classification
from models.db import changes
from models.db.changes import Change
from models.duplicates import index
from models.duplicates.index import IndexEntry
from models.items import Article, Extraction, KnownPage, Refresh, Sketch


class ArticleUpdate:
    """One stored article under its lock, and what becomes of it."""

    def __init__(
        self, conn: Connection, known: KnownPage, highest: int, now: datetime, *, reextracted: bool
    ) -> None:
        self.known = known
        self._conn, self._id, self._now = conn, known.article_id, now
        self._highest, self._reextracted = highest, reextracted
        self._columns: dict[str, Any] = {}  # of the article's row
        self._kinds: list[str] = []  # what readers hear of

    def refresh(self, refresh: Refresh) -> None:
        """Brings the stored copy up to what it says today."""
        copy, extraction = self.known.copy, refresh.extraction
        earlier = revisions.first_saying(self._conn, self._id, refresh.content_hash)
        said = said_columns(refresh.title, refresh.text, refresh.classification)
        alike = earlier is None and same(self.known, refresh.title, refresh.text)
        if alike:
            self._amend(refresh.title, said)
            if refresh.reread:
                extractions.store(self._conn, self._id, extraction, self.known.observed)
        elif refresh.reread and copy is not None:
            source = Source(
                copy.final_url, copy.capture_id, copy.fetched_at, extraction.extractor,
                extraction.metadata,
            )  # fmt: skip
            self._misread(earlier)
            self._to_revision(source, said | {"change": "reextract"}, earlier)
            extractions.store(self._conn, self._id, extraction, self.known.observed)
        else:
            self._reword(said, earlier)
        classifications.replace(self._conn, self._id, extraction, refresh.classification)
        if not alike:
            self._kinds.append("revised")
        self.known = replace(
            self.known, title=refresh.title, text=refresh.text, content_hash=refresh.content_hash
        )

    def reclassify(
        self,
        text: str,
        extraction: Extraction,
        classification: Classification,
        earlier: int | None,
        entry: IndexEntry,
        stale: Collection[int],
    ) -> None:
        """The stored copy has this text by a new classification; `earlier`: who said it before.

        `entry`: of that text; `stale`: keys of the one before that leave the index.
        """
        classifications.replace(self._conn, self._id, extraction, classification)
        said = said_columns(self.known.title, text, classification)
        if said["content_hash"] == self.known.content_hash:
            revisions.amend(self._conn, self._id, self.known.revision, said)
            rows.change(self._conn, self._id, {})
            return
        alike = earlier is None and same(self.known, self.known.title, text)
        self._reword(said, earlier)
        rows.change(self._conn, self._id, self._columns | self._dated())
        index.add(self._conn, entry._replace(revision=self.known.revision), stale)
        if alike:
            return
        revised = Change(self._id, self.known.revision, "revised")
        changes.enqueue(self._conn, [revised], self._now)

    def confirm(self, article: Article) -> bool:
        """The wording is as stored: corrects its facts; whether readers hear of that."""
        # By other rules, in another template, or among other texts than before: the revision is of
        # this copy from then on, since what the site's memory holds is of pages like it. The copy
        # before, classified by that, would get back what the site used to repeat on it.
        known, extraction = self.known, article.extraction
        observed = observed_digest(article)
        rebased = (known.basis, known.template_key) != (extraction.basis, extraction.template_key)
        rebased = rebased or observed not in (None, known.observed)
        rebased = rebased or known.url_id != article.page.url_id
        fresh = revisions.facts(article.metadata)
        corrected = self._correct(
            known.revision, known.facts, fresh, article.page.capture_id, rebased=rebased
        )
        if corrected or rebased or self._reextracted:
            self._replace_reading(article)
        if corrected:
            self._columns["updated_at"] = self._now
            self.known = replace(self.known, facts={**self.known.facts, **corrected})
        return not REPORTED.isdisjoint(corrected)

    def reread(self, article: Article, digest: str, earlier: int | None) -> bool:
        """The archived copy, read again, differs in nothing that is seen; whether that is so.

        Then the current revision gets the text as it reads now, and readers hear nothing.
        """
        title, text = article.metadata.title, article.text or ""
        if not self._reextracted or earlier is not None or not same(self.known, title, text):
            return False
        self._amend(title, said_columns(title, text, article.classification))
        self.known = replace(self.known, title=title, text=text, content_hash=digest)
        return True

    def revise(self, article: Article, digest: str, earlier: int | None) -> None:
        """The wording is another: a new revision, or the earlier one that said the same."""
        known, title, text = self.known, article.metadata.title, article.text or ""
        change = change_between(known.title, known.text, title, text)
        said = said_columns(title, text, article.classification)
        said["change"] = "reextract" if self._reextracted else change
        if self._reextracted:
            self._misread(earlier)
        self._to_revision(source_of(article), said, earlier)
        self._replace_reading(article)
        self.known = replace(self.known, title=title, text=text, content_hash=digest)

    def move(self, article: Article) -> None:
        """The page is at another URL now, and the article with it."""
        page, before = article.page, self.known.url_id
        said = {"url": page.final_url, "canonical_url": article.metadata.canonical_url}
        revisions.amend(self._conn, self._id, self.known.revision, said)
        former_urls.add(self._conn, self._id, before, page.url_id, page.final_url, self._now)
        self._columns |= {"url_id": page.url_id, "updated_at": self._now}
        self._kinds.insert(0, "moved")

    def finish(self, article: Article, sketches: Sequence[Sketch], *, revised: bool) -> None:
        """The article's row, its index entry, and word to the readers."""
        known = self.known
        # a page from the archive says nothing of whether the site has it now
        if known.refused_at or (known.withdrawn_at and not self._reextracted):
            back = {} if self._reextracted else {"withdrawn_at": None}
            self._columns |= {"refused_at": None, "updated_at": self._now, **back}
            self._kinds.insert(0, "restored")
        seen = {"fetched_at": max(known.seen_at, article.page.fetched_at)}
        rows.change(self._conn, self._id, {**seen, **self._columns, **self._dated()})
        now_sketch = article.sketch or (article.refresh.sketch if article.refresh else None)
        if now_sketch is not None:
            stale = {key for one in sketches for key in one.keys}.difference(now_sketch.keys)
            index.add(self._conn, entry_of(self._id, known.revision, now_sketch), stale)
        elif revised:
            index.requeue(self._conn, [self._id])
        kinds = dict.fromkeys([*self._kinds, *["revised"] * revised])
        found = [Change(self._id, known.revision, kind) for kind in kinds]
        changes.enqueue(self._conn, found, self._now)

    def _amend(self, title: str | None, said: Mapping[str, Any]) -> None:
        """Gives the current revision a wording in which nothing that is seen is different."""
        revisions.amend(self._conn, self._id, self.known.revision, {"title": title, **said})
        self._columns["updated_at"] = self._now

    def _dated(self) -> dict[str, Any]:
        """The date that readers find the article by: that of its current revision."""
        return {"published_at": self.known.facts["published_at"]}

    def _reword(self, said: Mapping[str, Any], earlier: int | None) -> None:
        """The stored copy says this by a new classification, as `earlier` did if that is given.

        No two revisions say the same: what an earlier one says is that revision. Otherwise the
        current one gets the text, as its page did not change.
        """
        current = self.known.revision
        self._columns["updated_at"] = self._now
        if earlier is None:
            revisions.amend(self._conn, self._id, current, said)
            return
        self._misread(earlier)
        facts = {name: value for name, value in self.known.facts.items() if name != "capture_id"}
        self._return(earlier, facts, self.known.capture_id, said["certainty"])

    def _misread(self, earlier: int | None) -> None:
        """Notes that the current wording was our reading of a page that said what `earlier` says.

        So the publisher made no change there. The first revision stays the first.
        """
        if earlier is not None and self.known.revision > 1:
            marked = {"change": "reextract"}
            revisions.amend(self._conn, self._id, self.known.revision, marked)

    def _to_revision(self, source: Source, said: dict[str, Any], earlier: int | None) -> None:
        if earlier is not None:
            facts = revisions.facts(source.metadata)
            self._return(earlier, facts, source.capture_id, said["certainty"])
            return
        self._highest += 1
        facts = {**revisions.facts(source.metadata), "capture_id": source.capture_id}
        revisions.add(self._conn, self._id, self._highest, source, said, self._now)
        self.known = replace(self.known, revision=self._highest, facts=facts)
        self._columns |= {"revision": self._highest, "updated_at": self._now}

    def _return(
        self,
        revision: int,
        fresh: Mapping[str, Any],
        capture_id: int | None,
        certainty: float | None,
    ) -> None:
        """Makes an earlier revision the current one, by a copy that says the same.

        `fresh`: the facts of that copy, of which the revision is from now on: what is kept of
        the page to be classified again is of that copy too.
        """
        stored = dict(revisions.get(self._conn, self._id, revision))
        corrected = self._correct(revision, stored, fresh, capture_id, rebased=True)
        revisions.amend(self._conn, self._id, revision, {"certainty": certainty})
        facts = {**stored, **corrected, "capture_id": capture_id}
        self.known = replace(self.known, revision=revision, facts=facts)
        self._columns |= {"revision": revision, "updated_at": self._now}

    def _correct(
        self,
        revision: int,
        stored: Mapping[str, Any],
        fresh: Mapping[str, Any],
        capture_id: int | None,
        *,
        rebased: bool = False,
    ) -> dict[str, Any]:
        """Takes over what a copy of the same wording knows better.

        The revision is of that copy from then on: read again, the one before would undo it.
        """
        first_seen = self.known.first_seen_at
        corrected = corrections.corrections(stored, fresh, first_seen, wholly=self._reextracted)
        pruned = stored["capture_id"] is None  # so that it needs a copy that is kept
        if corrected or rebased or pruned:
            values = {**corrected, "capture_id": capture_id or stored["capture_id"]}
            revisions.amend(self._conn, self._id, revision, values)
        return corrected

    def _replace_reading(self, article: Article) -> None:
        observed = observed_digest(article)
        extractions.store(self._conn, self._id, article.extraction, observed, article.packed)
        classifications.replace(self._conn, self._id, article.extraction, article.classification)
