"""A page's three names: the URL that is fetched, the URL that it declares, and its key.

- The **fetched URL** (`request_url`) is what a source named, repaired but not rearranged: the
  order of its query is kept, because some servers depend on it.
- The **canonical URL** is what the page declares. It is stored in a column and never a key.
- The **key** (`url_key`) is what makes two URLs one page. It folds what no news site uses to
  tell two articles apart; docs/decisions/0010-what-makes-two-urls-one-page.md has the reasons.
"""

import hashlib
import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, unquote, urlsplit

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from tldextract import TLDExtract

_PORTS: Final = {"http": 80, "https": 443}
# Parameters for where a reader came from, never for what the page is. Only names that mean this
# everywhere: `ref`, `source`, `cid` and their like name the page itself on some sites.
TRACKERS: Final = frozenset(
    """
    fbclid fb_action_ids fb_action_types fb_comment_id fb_ref fb_source gclid gclsrc dclid gbraid
    wbraid srsltid msclkid yclid ysclid twclid ttclid rdt_cid scclid igsh igshid li_fat_id epik
    mc_cid mc_eid mkt_tok oly_anon_id oly_enc_id vero_conv vero_id wickedid dm_i ml_subscriber
    ml_subscriber_hash ck_subscriber_id s_kwcid ef_id irclickid rb_clickid cmpid xtor xtref wt_mc
    wt.mc_id wt_zmc ocid icid ns_mchannel ns_source ns_campaign ns_linkname ns_fee guccounter
    guce_referrer guce_referrer_sig _ga _gl _ke _kx _hsenc _hsmi __hssc __hstc __hsfp hsctatracking
    __twitter_impression _openstat usqp amp_js_v amp_gsa amp_ct at_medium at_campaign at_format
    at_link_id at_link_type at_link_origin at_ptr_name at_bbc_team at_custom1 at_custom2
    at_custom3 at_custom4 phpsessid jsessionid
    """.split()  # noqa: SIM905 - a list that is read, not computed
)
TRACKER_PREFIXES: Final = ("utm_", "mtm_", "matomo_", "piwik_", "pk_", "hsa_")
_AMP_FLAGS: Final = frozenset({"", "1", "true", "amp"})  # ?amp, ?amp=1
_AMP_SWITCHES: Final = frozenset({"outputtype", "output", "view", "format", "type"})  # ?view=amp
_AMP_TAIL: Final = re.compile(r"/amp(?:\.html?)?/*$", re.IGNORECASE)  # /story/amp, /story/amp.html
_AMP_INFIX: Final = re.compile(r"\.amp(?=(?:\.html?)?/*$)", re.IGNORECASE)  # /story.amp.html
_AMP_HEAD: Final = re.compile(r"^/amp(?=/[^/])", re.IGNORECASE)  # /amp/story

_HOME: Final = re.compile(
    r"(?:/[a-z]{2}(?:[-_][a-z]{2})?)?/?(?:(?:index|home|default)(?:\.\w{2,5})?)?/?", re.IGNORECASE
)
_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._~:/?@!$&()*+,;=%]*")  # nothing to quote
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid)=[^/?;]*", re.IGNORECASE)
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


def request_url(url: str) -> str:
    """The URL to ask a server for: quoted, host in lower case and punycode, no fragment.

    Default ports, dot segments, user names, session ids and trackers are removed; the query
    keeps its order. Fragments are removed, `#!` too: no server sees them. Raises ValueError if
    it is no http or https URL with a host.
    """
    parts = _split(url)
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracker(pair))
    return _join(parts.scheme, _netloc(parts), _path(parts.path), _percent(query))


def normalise(url: str) -> str:
    """`request_url` with its query sorted: one spelling of one URL.

    The scheme, `www.` and AMP are left as they are. Raises ValueError as `request_url` does.
    """
    parts = urlsplit(request_url(url))
    return _join(parts.scheme, parts.netloc, parts.path, "&".join(_sorted_query(parts.query)))


def key_text(url: str) -> str:
    """The text that `url_key` hashes: `normalise` without what tells no two articles apart.

    Folded: http and https, leading `www.` and `amp.`, AMP paths and switches, the trailing slash.
    """
    parts = urlsplit(request_url(url))
    path = _AMP_INFIX.sub("", _AMP_TAIL.sub("", _AMP_HEAD.sub("", parts.path)))
    query = "&".join(pair for pair in _sorted_query(parts.query) if not _is_amp(pair))
    return f"//{bare_host(parts.netloc)}{path.rstrip('/')}/" + (f"?{query}" if query else "")


def url_key(url: str) -> bytes:
    """32 bytes, the same for all URLs of one page. Raises ValueError as `request_url` does."""
    return hashlib.sha256(key_text(url).encode("ascii")).digest()


def same_page(one: str, other: str) -> bool:
    """Whether two URLs are spellings of one page; False if one is no web address."""
    try:
        return key_text(one) == key_text(other)
    except ValueError:
        return False


def is_home_path(url: str) -> bool:
    """Whether a URL's path is that of a front page, or of one in a language: `/es/`."""
    return _HOME.fullmatch(urlsplit(url).path) is not None


def site_of(url: str) -> str:
    """The registrable domain ('example.co.uk'), or host and port if there is none.

    By the public suffix list with its private part: two tenants of one hoster are two sites.
    """
    parts = _split(url)
    return _registrable(_host(parts)) or _netloc(parts)


def host_of(url: str) -> str:
    """The host in lower case and punycode; IPv6 without brackets. Raises ValueError."""
    return _host(_split(url))


def netloc_of(url: str) -> str:
    """Host, and port if it is not the scheme's own; IPv6 in brackets. Raises ValueError."""
    return _netloc(_split(url))


def origin_of(url: str) -> tuple[str, int]:
    """Host and port, by default the scheme's own. Raises ValueError."""
    parts = _split(url)
    return _host(parts), parts.port or _PORTS[parts.scheme]


def bare_host(host: str) -> str:
    """A host, with its port if it has one, without leading `www.` and `amp.`."""
    while host.startswith(("www.", "amp.")) and "." in host[4:] and not _is_ipv4(host[4:]):
        host = host[4:]
    return host


def path_and_query(url: str) -> str:
    """The text that a site's patterns match: '/2026/story?id=5'. Raises ValueError."""
    parts = urlsplit(request_url(url))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _split(url: str) -> SplitResult:
    url = url.partition("#")[0].strip()
    # a URL of plain characters is not quoted, which would cost more than everything else
    parts = urlsplit(url if _PLAIN.fullmatch(url) else safe_url_string(url))
    if parts.scheme not in _PORTS:
        raise ValueError(f"not an http or https URL: {url[:200]!r}")
    if parts.port == 0:  # reading the port raises ValueError where it is none
        raise ValueError(f"not a port: {url[:200]!r}")
    return parts


def _host(parts: SplitResult) -> str:
    host = unquote(parts.hostname or "").lower().removesuffix(".")
    if ":" in host and "%" not in host:
        try:
            return IPv6Address(host).compressed
        except AddressValueError as wrong:
            raise ValueError(f"not an IPv6 address: {host[:200]!r}") from wrong
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    if not _HOST.fullmatch(host):
        raise ValueError(f"not a host name: {host[:200]!r}")
    return host


def _netloc(parts: SplitResult) -> str:
    host, port = _host(parts), parts.port
    written = f"[{host}]" if ":" in host else host
    return written if port is None or port == _PORTS[parts.scheme] else f"{written}:{port}"


def _join(scheme: str, netloc: str, path: str, query: str) -> str:
    return f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "")


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _SESSION.sub("", _percent(path)).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _percent(text: str) -> str:
    """Unescapes characters that need no escape; the other escapes in upper case (RFC 3986)."""
    if "%" not in text:
        return text
    return _ESCAPE.sub(_unescape, _STRAY_PERCENT.sub("%25", text))


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else f"%{match[1].upper()}"


def _sorted_query(query: str) -> list[str]:
    pairs = (pair.partition("=") for pair in query.replace("%20", "+").split("&") if pair)
    return sorted(f"{name.removeprefix('amp;')}={value}" for name, _, value in pairs)


def _name(pair: str) -> str:
    # feeds that escape twice leave `&amp;` between parameters
    return pair.partition("=")[0].removeprefix("amp;").lower()


def _is_tracker(pair: str) -> bool:
    name = _name(pair)
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def _is_amp(pair: str) -> bool:
    name, value = _name(pair), pair.partition("=")[2].lower()
    return (name == "amp" and value in _AMP_FLAGS) or (name in _AMP_SWITCHES and value == "amp")


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host.partition(":")[0])
    except AddressValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> "TLDExtract":
    """The public suffixes that come with the package: no request, no file."""
    # imported at the first use: it imports an HTTP client, and most commands need no suffix
    from tldextract import TLDExtract  # noqa: PLC0415 - as said above

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    return _suffixes().extract_str(host).top_domain_under_public_suffix
