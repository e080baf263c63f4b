"""Every setting, in the order a page meets it; the only reader of the environment but the clock.

A setting for users is named WINNOW_… and taken from the environment or `-s WINNOW_…=…`. What
belongs to one site is in its TOML file; what nobody should change is a constant where it is used.
"""

import os
from importlib.metadata import version
from pathlib import Path

from scrapy.settings import default_settings

from crawler.home import home_of, require_own_packages, where_one_stands

require_own_packages()

BOT_NAME = "winnow"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"
TEMPLATES_DIR = str(Path(__file__).parent / "templates")  # of `scrapy genspider`

# ---------------------------------------------------------------- settings for users

_HOME = home_of(os.environ, where_one_stands())
WINNOW_HOME = str(_HOME.folder)  # relative paths are resolved against it
WINNOW_DATABASE_URL = _HOME.url(os.environ.get("WINNOW_DATABASE_URL", "sqlite:///winnow.db"))
WINNOW_SITES_DIR = _HOME.path(os.environ.get("WINNOW_SITES_DIR", _HOME.sites))
WINNOW_ARCHIVE_DIR = _HOME.path(os.environ.get("WINNOW_ARCHIVE_DIR", "archive"))
# Where pages are kept until they are uploaded, if WINNOW_ARCHIVE_DIR is object storage
WINNOW_ARCHIVE_SPOOL = _HOME.path(os.environ.get("WINNOW_ARCHIVE_SPOOL", "archive"))
WINNOW_WORKERS = os.environ.get("WINNOW_WORKERS", os.cpu_count() or 1)
WINNOW_CONTACT = os.environ.get("WINNOW_CONTACT", "")
WINNOW_CHROMIUM = os.environ.get("WINNOW_CHROMIUM", "")  # for [fetch] browser; else from the PATH
WINNOW_NOTIFY = os.environ.get("WINNOW_NOTIFY", "")  # addresses of Apprise: who hears of alerts
# http://[USER:PASSWORD@]HOST:PORT, through which all is fetched; empty: none
WINNOW_PROXY = os.environ.get("WINNOW_PROXY", "")
# redis://HOST/0 or amqp://USER:PASSWORD@HOST/VHOST, by which a fleet's work is handed out
WINNOW_BROKER_URL = os.environ.get("WINNOW_BROKER_URL", "")

WINNOW_SEARCH = os.environ.get("WINNOW_SEARCH", "on")  # off: no words are indexed

# What publishers reserve and is obeyed: noarchive, tdm; [rights] obey overrules
WINNOW_OBEY_RIGHTS = os.environ.get("WINNOW_OBEY_RIGHTS", "")
# Shortest and longest time between two visits of a site; [schedule] every overrules
WINNOW_VISIT_SHORTEST = os.environ.get("WINNOW_VISIT_SHORTEST", "5m")
WINNOW_VISIT_LONGEST = os.environ.get("WINNOW_VISIT_LONGEST", "1d")
# Age after which `db prune` removes; "all": never
WINNOW_KEEP_CAPTURES = os.environ.get("WINNOW_KEEP_CAPTURES", "all")
WINNOW_KEEP_OUTCOMES = os.environ.get("WINNOW_KEEP_OUTCOMES", "180d")
WINNOW_KEEP_REVISIONS = os.environ.get("WINNOW_KEEP_REVISIONS", "all")
WINNOW_KEEP_RUNS = os.environ.get("WINNOW_KEEP_RUNS", "180d")

# ---------------------------------------------------------------- user agent and robots.txt

# A missing contact is shown as such: a site's owner can tell that nobody signed.
USER_AGENT = f"winnow/{version('winnow')} (+{WINNOW_CONTACT or 'no contact given'})"
ROBOTSTXT_USER_AGENT = "winnow"
ROBOTSTXT_OBEY = True

# ---------------------------------------------------------------- politeness

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # a site's TOML may say otherwise
DOWNLOAD_DELAY = 1.0  # seconds; a site's TOML and its robots.txt may say otherwise
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is what the site's file promises, never half of it
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # each URL has a row in v1_outcomes
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}

# ---------------------------------------------------------------- limits on servers and requests

DOWNLOAD_TIMEOUT = 30.0  # seconds in all, so a slow drip ends too
DOWNLOAD_MAXSIZE = 10 << 20  # bytes, decompressed too; a site's TOML may say otherwise
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # what came is archived, marked as cut
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.proxy_handler.ProxyHandler",
    "https": "crawler.middlewares.proxy_handler.ProxyHandler",
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}
TWISTED_DNS_RESOLVER = "crawler.middlewares.guard.PublicOnlyResolver"
HTTPPROXY_ENABLED = False  # the proxy is WINNOW_PROXY's: http_proxy and no_proxy are ignored
REDIRECT_MAX_TIMES = 8
URLLENGTH_LIMIT = 0  # a longer URL would be dropped without an outcome, and leased by every run
COOKIES_ENABLED = True  # only where [fetch] cookies says so or a redirect needs them; False: never
METAREFRESH_ENABLED = False  # it decodes and parses every page in the crawl's own loop
REFERRER_POLICY = "no-referrer"
TELNETCONSOLE_ENABLED = False
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 2048

# Scrapy loads what is switched off too, and these load libraries for 130 ms of each crawl: one runs
# any Python that it is sent, the other would fetch a list of suffixes at the first cookie.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if name != "scrapy.extensions.remote_control.RemoteControl"
}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: order
    for name, order in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items()
    if name != "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"
}

DOWNLOADER_MIDDLEWARES = {
    # Scrapy's lets a retried request through; crawler.middlewares.scope does not
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.stored.StoredMiddleware": 10,
    # Scrapy's takes a stream that is cut for a whole body
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.erased.ErasedMiddleware": 30,
    "crawler.middlewares.guard.GuardMiddleware": 40,
    "crawler.middlewares.scope.ScopeMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.tdm_file.TdmFileMiddleware": 110,
    # what has passed the retries and redirects below
    "crawler.browser.rendering_middleware.RenderingMiddleware": 530,
    # nearer to the network than Scrapy's Retry (550), which ignores Retry-After
    "crawler.middlewares.slowdown.SlowdownMiddleware": 560,
    "crawler.middlewares.whole_bodies.WholeBodiesMiddleware": 590,
    # nearer to the network than Scrapy's Redirect (600), whose answers set what it comes back for
    "crawler.middlewares.cookies.CookiesMiddleware": 700,
    "crawler.middlewares.archived_first.ArchivedFirstMiddleware": 595,
    "crawler.middlewares.page_budget.PageBudgetMiddleware": 597,
}

# ---------------------------------------------------------------- the stages in their order

ITEM_PIPELINES = {
    "pipelines.archive.ArchivePipeline": 100,  # Page -> Page        the raw copy is safe first
    "pipelines.extract.ExtractPipeline": 200,  # Page -> Article     in a process of its own
    "pipelines.parts.PartsPipeline": 250,  # Article -> Article  with its further pages
    "pipelines.strip.StripPipeline": 300,  # Article -> Article  without the site's boilerplate
    "pipelines.moves.MovesPipeline": 350,  # Article -> Article  at its new address, if it moved
    "pipelines.accept.AcceptPipeline": 400,  # Article -> Article  unless what is stored is better
    "pipelines.store.StorePipeline": 500,  # Article -> Article  kept as a revision
    "pipelines.dedup.DedupPipeline": 600,  # Article -> Article  with its cluster
    "pipelines.finish.FinishPipeline": 700,  # at the end: pages are classified again
}
CONCURRENT_ITEMS = 16
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 8 << 20  # bytes of pages in the pipeline; then fetching waits

# ---------------------------------------------------------------- records, progress, logs, feeds

EXTENSIONS = {
    "crawler.extensions.history.History": 100,
    "crawler.extensions.progress.Progress": 200,
    "scrapy.extensions.logstats.LogStats": None,  # Progress prints more
    "scrapy.extensions.corestats.CoreStats": 0,
}
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.extensions.log.OneLine"
STATS_DUMP = False
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "jsonl": "crawler.reports.feed.JsonLines",
    "jsonlines": "crawler.reports.feed.JsonLines",
    "jl": "crawler.reports.feed.JsonLines",
    "json": "crawler.reports.feed.Json",
    "csv": "crawler.reports.feed.Csv",
    "xml": "crawler.reports.feed.Xml",
}
