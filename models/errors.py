"""All exceptions of this project, as one tree.

WinnowError
├── UsageError           the user can correct it: exit 2, one line
│   ├── SiteConfigError  a NAME.toml: which file, which key, the nearest right key
│   ├── UnknownSite      no such site; names the nearest
│   ├── SiteDisabled     its file says that nothing is fetched; names the command to type
│   └── DatabaseNotReady not at head, or missing; names the command to type
├── SiteBusy             another run holds the site: exit 4
│   ├── HostBusy         another worker holds a host that several sites share
│   └── BatchBusy        a worker that lives works on the batch
├── DatabaseAway         the database cannot be reached or refuses us: exit 1
├── BrokerFault          the fleet's broker cannot be reached or refuses us: exit 1
├── MissingExtra         a library of an extra is not installed; names the extra: exit 1
├── StoppedAtOnce        SIGINT or SIGTERM ended a crawl without waiting for its pages: exit 1
├── OwnFault             of this machine or installation, not of a page or a site: ends the run
│   ├── ArchiveUnwritable the archive's disk is full, or it may not be written
│   ├── ProxyFailed      the proxy of WINNOW_PROXY is down, or does not know us
│   └── ClockDiffers     this machine's clock is not the database's, as a fleet needs it
├── ArchiveError         a capture cannot be read again: missing, cut, or not gzip
│   ├── ArchiveElsewhere its file is still in the spool of another host
│   └── StoreFault       of an archive on object storage
│       ├── StoreRefused credentials, no such bucket, a missing library: a person must mend it
│       └── StoreAway    it does not answer, or not whole: it passes by itself
└── ExtractionFailed     no extractor could read the page (raised in a worker, so picklable)
    ├── PageTooLarge     far more text or elements than any article has
    └── LeadsElsewhere   the page sends its readers to another address
"""


class WinnowError(Exception):
    """The root of all errors that we raise."""


class UsageError(WinnowError):
    """Wrong usage that the user can correct; commands exit with 2."""


class SiteConfigError(UsageError):
    """A site's TOML file is wrong; the message names the file, the key and what to write."""


class UnknownSite(UsageError):
    """No site has this name."""


class SiteDisabled(UsageError):
    """The site's file says `enabled = false`; the message names the command to type."""


class DatabaseNotReady(UsageError):
    """The database is not at head; the message names the command to type."""


class SiteBusy(WinnowError):
    """Another run holds the site; commands exit with 4."""


class HostBusy(SiteBusy):
    """Another worker holds a host that the site shares with others."""


class BatchBusy(SiteBusy):
    """A worker that lives works on the batch."""


class DatabaseAway(WinnowError):
    """The database cannot be reached, is none, or refuses us; commands exit with 1."""


class BrokerFault(WinnowError):
    """The fleet's broker cannot be reached, is none, or refuses us; commands exit with 1."""


class MissingExtra(WinnowError):
    """A library of an extra is not installed; the message names the extra and what to type."""


class StoppedAtOnce(WinnowError):
    """SIGINT or SIGTERM ended a crawl without waiting for its pages; exit 1."""


class OwnFault(WinnowError):
    """A fault of this machine or installation; the message says what to do.

    It would meet every page alike, so the run that meets it stops, and its pages keep waiting.
    """


class ArchiveUnwritable(OwnFault):
    """The archive takes no record: its disk is full, or it may not be written."""


class ProxyFailed(OwnFault):
    """The proxy that WINNOW_PROXY names takes no connection, or refuses our credentials."""


class ClockDiffers(OwnFault):
    """This machine's clock and the database's differ by more than leases of a fleet bear."""


class ArchiveError(WinnowError):
    """A capture cannot be read: its file is missing, cut, or holds something else."""


class ArchiveElsewhere(ArchiveError):
    """The file of a capture was not uploaded yet: it is in the spool of another host."""


class StoreFault(ArchiveError):
    """The object storage of an archive does not do what is asked of it."""


class StoreRefused(StoreFault):
    """It will not until a person mends it: credentials, no such bucket, a missing library."""


class StoreAway(StoreFault):
    """It passes by itself: no connection, no answer in time, an answer that was cut, a 503."""


class ExtractionFailed(WinnowError):
    """No extractor could read the page; the message says why."""


class PageTooLarge(ExtractionFailed):
    """The page has far more text or elements than any article; the message says how many."""


class LeadsElsewhere(ExtractionFailed):
    """The page sends its readers on by itself, and has no article; the message is the address."""

    @property
    def target(self) -> str:
        """The address, absolute."""
        return str(self.args[0])
