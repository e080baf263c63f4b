"""Every setting, in the order a page meets it; the only reader of the environment.

What a user turns is named WINNOW_… and taken from the environment or `-s WINNOW_…=…`. What
belongs to one site stands in its TOML; what nobody should turn is a constant where it is used.
"""

import os
from importlib.metadata import version

BOT_NAME = "winnow"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"

# ---------------------------------------------------------------- what a user turns

WINNOW_DATABASE_URL = os.environ.get("WINNOW_DATABASE_URL", "sqlite:///winnow.db")
WINNOW_SITES_DIR = os.environ.get("WINNOW_SITES_DIR", "crawler/sites")
WINNOW_ARCHIVE_DIR = os.environ.get("WINNOW_ARCHIVE_DIR", "archive")
WINNOW_WORKERS = os.environ.get("WINNOW_WORKERS", os.cpu_count() or 1)
WINNOW_CONTACT = os.environ.get("WINNOW_CONTACT", "")

# How often `visit` looks at a site, at most and at least; [schedule] every overrules
WINNOW_VISIT_SHORTEST = os.environ.get("WINNOW_VISIT_SHORTEST", "5m")
WINNOW_VISIT_LONGEST = os.environ.get("WINNOW_VISIT_LONGEST", "1d")
# What `db prune` keeps, by age; "all": nothing is removed
WINNOW_KEEP_CAPTURES = os.environ.get("WINNOW_KEEP_CAPTURES", "all")
WINNOW_KEEP_OUTCOMES = os.environ.get("WINNOW_KEEP_OUTCOMES", "180d")
WINNOW_KEEP_REVISIONS = os.environ.get("WINNOW_KEEP_REVISIONS", "all")

# ---------------------------------------------------------------- who we say we are

# An empty contact is said as it is: a site's owner must be able to tell that nobody signed.
USER_AGENT = f"winnow/{version('winnow')} (+{WINNOW_CONTACT or 'no contact given'})"
ROBOTSTXT_USER_AGENT = "winnow"
ROBOTSTXT_OBEY = True

# ---------------------------------------------------------------- how gently we ask

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # a site's TOML may say otherwise
DOWNLOAD_DELAY = 1.0  # seconds; a site's TOML and its robots.txt may say otherwise
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is what was promised, not half of it
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # what came of a URL stands in the ledger
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}

# ---------------------------------------------------------------- what a stranger may send

DOWNLOAD_TIMEOUT = 30.0  # seconds, in all: it ends a slow drip too
DOWNLOAD_MAXSIZE = 10 << 20  # bytes, decompressed too; a site's TOML may say otherwise
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawler.middlewares.guard.PublicOnlyResolver"
HTTPPROXY_ENABLED = False  # a proxy would connect for us, past the guard
REDIRECT_MAX_TIMES = 8
URLLENGTH_LIMIT = 0  # a longer one would be dropped without an outcome, and claimed by every run
METAREFRESH_ENABLED = False  # it decodes and parses every page in the crawl's own loop
COOKIES_ENABLED = False  # the first cookie would fetch a suffix list from the network
REFERRER_POLICY = "no-referrer"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # it runs any Python it is sent
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 2048

DOWNLOADER_MIDDLEWARES = {
    # Scrapy's lets a request through once it was retried; ours does not
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.guard.GuardMiddleware": 40,
    "crawler.middlewares.scope.ScopeMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # nearer to the network than Scrapy's Retry (550), which ignores Retry-After
    "crawler.middlewares.slowdown.SlowdownMiddleware": 560,
}

# ---------------------------------------------------------------- the river

ITEM_PIPELINES = {
    "pipelines.archive.ArchivePipeline": 100,  # Page -> Page        the raw copy is safe first
    "pipelines.extract.ExtractPipeline": 200,  # Page -> Article     in a process of its own
    "pipelines.strip.StripPipeline": 300,  # Article -> Article  without the site's boilerplate
    "pipelines.accept.AcceptPipeline": 400,  # Article -> Article  unless what is stored is better
    "pipelines.store.StorePipeline": 500,  # Article -> Article  kept as a revision
    "pipelines.dedup.DedupPipeline": 600,  # Article -> Article  with its cluster
    "pipelines.finish.FinishPipeline": 700,  # at the end: pages are classified again
}
CONCURRENT_ITEMS = 16
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 << 20  # bytes of pages in the river; the brake on fetching

# ---------------------------------------------------------------- what is said of a run

EXTENSIONS = {
    "crawler.extensions.history.History": 100,
    "crawler.extensions.progress.Progress": 200,
    "scrapy.extensions.logstats.LogStats": None,  # progress says it better
    "scrapy.extensions.corestats.CoreStats": 0,
}
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.extensions.log.OneLine"
STATS_DUMP = False
