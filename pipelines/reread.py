"""An archived copy read again: the part of a re-extraction that runs in a worker."""

from pathlib import Path

from models.archive.reader import load
from models.articles.extraction_codec import digest, pack
from models.items import CaptureRef, Extraction, Hint
from models.sites.config import ExtractionRules
from pipelines.page_reader import extract


def reread(
    folder: Path,
    ref: CaptureRef,
    hint: Hint,
    rules: ExtractionRules | None,
    known: bytes | None = None,
) -> Extraction | None:
    """The extraction of an archived copy; None if its digest is `known`: nothing has changed.

    The bytes stay in the worker, and of a page that reads as before nothing is sent back.
    Raises ArchiveError if the copy cannot be read, ExtractionFailed as `extract` does.
    """
    copy = load(ref, folder)
    extraction = extract(copy.body, copy.charset, copy.final_url, hint, rules, copy.fetched_at)
    if known is not None and digest(pack(extraction)) == known:
        return None
    return extraction
