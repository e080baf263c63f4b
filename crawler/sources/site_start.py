"""The site that an address leads to, which may be a page's, a feed's or a sitemap's. Pure."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final
from urllib.parse import unquote, urlsplit

from models.urls import bare_host, netloc_of, request_url

_LOOKED_AT: Final = 200  # links whose host counts


def start_of_page(asked: str, answered: str) -> str:
    """Where the site starts whose page `asked` answered from `answered`.

    On the same host, the address as it was asked for, with the scheme and host that answered.
    """
    there = urlsplit(answered)
    if bare_host(netloc_of(asked)) != bare_host(netloc_of(answered)):
        if netloc_of(asked) in unquote(there.query):  # consent, a login: it leads back
            return request_url(asked)
        return request_url(there._replace(query="").geturl())
    mine = urlsplit(asked)
    return request_url(mine._replace(scheme=there.scheme, netloc=there.netloc).geturl())


def start_of_source(home: str | None, links: Iterable[str]) -> str | None:
    """The front page of the site whose pages a feed or sitemap names; None if it names none.

    `home` is the page that the feed says it is of. The site is on the host of most links. A site
    below a path starts at `home` if all its pages are below that too, else at the host's root.
    """
    named = list(islice(filter(_is_web, links), _LOOKED_AT))
    if home is not None and not _is_web(home):
        home = None
    if not named:
        return None if home is None else _root(home)
    host = _most(bare_host(netloc_of(link)) for link in named)
    own = [link for link in named if bare_host(netloc_of(link)) == host]
    if home is not None and bare_host(netloc_of(home)) == host:
        path = urlsplit(home).path.rstrip("/") + "/"
        if all(urlsplit(link).path.startswith(path) for link in own):
            return request_url(home)
        return _root(home)
    return _root(own[0])


def _most(hosts: Iterable[str]) -> str:
    return Counter(hosts).most_common(1)[0][0]


def _root(url: str) -> str:
    parts = urlsplit(request_url(url))
    return f"{parts.scheme}://{parts.netloc}/"


def _is_web(url: str) -> bool:
    try:
        return bool(netloc_of(url))
    except ValueError:
        return False
