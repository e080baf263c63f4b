"""An archived copy whose file is in a store alone."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.items import CaptureRef
from tests.factories import NOW, make_page


def stored_copy(places: ArchivePlaces, folder: Path) -> CaptureRef:
    """A copy that was written below `folder` and moved to the store of the archive."""
    assert places.store is not None
    page = make_page()
    archive = CaptureArchive(folder, 1)
    place = replace(archive.append(page), store=places.store)
    archive.close()
    store_at(places.store).put(place.file, folder / place.file)
    hashed = sha256(page.body).digest()
    return CaptureRef(7, 1, 1, page.final_url, 200, NOW, place, hashed, len(page.body))
