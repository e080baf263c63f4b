"""What can go wrong, as one tree.

WinnowError
├── UsageError           the person who typed it can mend it: exit 2, one line
│   ├── SiteConfigError  a NAME.toml: which file, which key, the nearest right key
│   ├── UnknownSite      no such site; names the nearest
│   └── DatabaseNotReady not at head, or not there; names the command to type
├── SiteBusy             another run holds the site: exit 4
├── ArchiveError         a capture cannot be read again: gone, cut, or not gzip
└── ExtractionFailed     a page that no extractor could read (in the worker: picklable)
"""


class WinnowError(Exception):
    """The root of all faults that are ours to explain."""


class UsageError(WinnowError):
    """Misuse that the person who typed it can mend; verbs end with exit 2."""


class SiteConfigError(UsageError):
    """A site's TOML is wrong; the message names file, key and what to write."""


class UnknownSite(UsageError):
    """No site has this name."""


class DatabaseNotReady(UsageError):
    """The database is not at head; the message names the command to type."""


class SiteBusy(WinnowError):
    """Another run holds the site; verbs end with exit 4."""


class ArchiveError(WinnowError):
    """A capture cannot be read: its file is gone, cut, or not what was written."""


class ExtractionFailed(WinnowError):
    """No extractor could read the page; the message says why."""
