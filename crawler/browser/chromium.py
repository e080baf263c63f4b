"""The machine's Chromium: where it is, and how it is told to use our proxy for all that it does."""

import os
import shutil
from importlib.util import find_spec
from typing import Final

from scrapy.settings import BaseSettings

from crawler.browser.faults import BrowserMissing

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCRIPT_MEGABYTES: Final = 512  # memory of a page's scripts
_NO_EXTRA: Final = (
    "[fetch] browser = true needs the extra winnow[browser];"
    " type: uv sync --extra browser, or: pip install 'winnow[browser]'"
)
_NO_PROGRAM: Final = (
    "[fetch] browser = true needs Chromium, and none is on the PATH;"
    " install it (Debian: apt-get install chromium), or set WINNOW_CHROMIUM to its path"
)


def require_browser(settings: BaseSettings) -> str:
    """The path of Chromium. Raises BrowserMissing, which says what to install."""
    if find_spec("playwright") is None:
        raise BrowserMissing(_NO_EXTRA)
    return find_chromium(settings.get("WINNOW_CHROMIUM") or "")


def find_chromium(named: str) -> str:
    """The program that the setting names, else the first on the PATH. Raises BrowserMissing."""
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserMissing(f"WINNOW_CHROMIUM: {named!r} is no program that can be run")
        return found
    there = (found for program in PROGRAMS if (found := shutil.which(program)))
    program = next(there, None)
    if program is None:
        raise BrowserMissing(_NO_PROGRAM)
    return program


def has_sandbox() -> bool:
    """Whether Chromium can confine its processes: to root it cannot."""
    return os.geteuid() != 0


def arguments(proxy_port: int) -> list[str]:
    """What Chromium is started with, besides what Playwright gives.

    Its own traffic goes to the proxy too, which refuses it: it knows no page's secret.
    """
    return [
        f"--proxy-server=http://127.0.0.1:{proxy_port}",
        "--proxy-bypass-list=<-loopback>",  # not even for what is on this machine
        # a name that is not given to the proxy has no address
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--dns-prefetch-disable",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-blink-features=WebTransport",  # QUIC, which knows no proxy
        "--no-pings",
        "--disable-domain-reliability",
        "--disable-gpu",
        f"--js-flags=--max-old-space-size={SCRIPT_MEGABYTES}",
    ]
