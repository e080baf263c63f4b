"""Pages in a real Chromium: what their scripts make of them, and what none of them may do."""

import asyncio
import time
from functools import partial

import pytest

from crawler.browser import rendering
from crawler.browser.browsers import Browsers
from crawler.browser.documents import Document
from crawler.browser.faults import NotRendered
from crawler.browser.traffic import Traffic
from models.outcomes import Outcome
from tests.support.browsing import (
    AGENT,
    MOST,
    chromium,
    document,
    in_browser,
    only,
    render,
    render_each,
    shown,
)
from tests.support.site_server import Reply, SiteServer

LANGUAGES = {
    "en": "The mill turns again after thirty years",
    "el": "Ο μύλος γυρίζει ξανά μετά από τριάντα χρόνια",
    "ru": "Мельница снова работает спустя тридцать лет",
    "ar": "تعود الطاحونة إلى العمل بعد ثلاثين عاما",
    "hi": "तीस साल बाद चक्की फिर चलने लगी",
    "ja": "水車は三十年ぶりに再び回り始めた",
    "th": "กังหันกลับมาหมุนอีกครั้งหลังสามสิบปี",
}


def page(part: str) -> str:
    return f"<!doctype html><html><head><title>t</title></head><body>{part}</body></html>"


def test_text_that_a_script_loads_is_in_the_dom() -> None:
    load = (
        "fetch('/story-{}').then(r => r.text()).then(t => {{"
        " document.querySelector('#a').innerHTML = '<p>' + t + '</p>' }})"
    )
    pages = {
        name: page(f'<div id="a">wait</div><script>{load.format(name)}</script>')
        for name in LANGUAGES
    }
    with SiteServer() as site:
        for name, text in LANGUAGES.items():
            site.page(f"/story-{name}", text, content_type="text/plain; charset=utf-8")
        made = render_each(site.url, pages)
        for name in LANGUAGES:
            assert site.asked(f"/story-{name}")[0].headers["user-agent"] == AGENT
            assert site.asked(f"/{name}") == []  # the document is the one that was fetched
    for name, (rendered, traffic) in made.items():
        text = LANGUAGES[name]
        assert rendered.html.startswith("<!DOCTYPE html>"), name
        assert f"<p>{text}</p>" in rendered.html and "wait" not in rendered.html, name
        assert rendered.browser.startswith("Chromium ")
        assert traffic.passed > len(text), name


def test_the_page_is_read_in_the_charset_that_its_answer_names() -> None:
    async def work(browsers: Browsers) -> str:
        made = document("http://127.0.0.1:1/", "")
        told = {"content-type": "text/html; charset=windows-1251"}
        page = Document(made.url, told, "<p>Привет".encode("cp1251"), AGENT)
        resolve = partial(only, made.url)
        shown = await browsers.render(chromium(), page, Traffic(MOST), resolve, MOST)
        return shown.html

    assert "<p>Привет</p>" in in_browser(work)


def test_open_shadow_roots_are_kept_as_html_declares_them() -> None:
    script = (
        "class C extends HTMLElement { connectedCallback() {"
        " this.attachShadow({mode: 'open'}).innerHTML = '<p>Inside</p><c-c></c-c>';"
        " if (this.parentNode.host) this.shadowRoot.innerHTML = '<p>Deep</p>' } };"
        " customElements.define('c-c', C)"
    )
    rendered, _ = render("http://127.0.0.1:1/", page(f"<c-c></c-c><script>{script}</script>"))
    assert '<template shadowrootmode="open"><p>Inside</p>' in rendered.html
    assert '<template shadowrootmode="open"><p>Deep</p>' in rendered.html


def test_what_a_page_has_waited_for_is_there_and_what_it_polls_for_is_not_waited_for() -> None:
    slow = "fetch('/slow').then(r => r.text()).then(t => document.body.append(t))"
    with SiteServer() as site:
        site.pages["/slow"] = Reply([b"came ", b"late"], pause=1.0)
        site.pages["/events"] = Reply(
            iter([b"data: x\n\n"] * 400), pause=0.1, content_type="text/event-stream"
        )
        begun = time.monotonic()
        rendered, _ = render(site.url, page(f"<script>{slow}; new EventSource('/events')</script>"))
    assert "came late" in rendered.html
    assert time.monotonic() - begun < rendering.READY


def test_a_page_that_never_comes_to_rest_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "READY", 2.0)
    script = "setInterval(() => fetch('/x'), 100); document.body.append('there')"
    with SiteServer() as site:
        rendered, _ = render(site.url, page(f"<p></p><script>{script}</script>"))
    assert "there" in rendered.html


@pytest.mark.parametrize(
    "part",
    [
        "<p>a</p><script>while (true);</script>",
        "<p>a</p><script>setTimeout(() => { while (true); }, 300)</script>",
        "<p>a</p><script src='/hangs.js'></script>",
        "<p>a</p><script>addEventListener('load', () => { for (;;); })</script>",
    ],
)
def test_a_page_has_a_time_and_the_next_one_is_shown(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "LIMIT", 4.0)
    with SiteServer() as site:
        site.pages["/hangs.js"] = Reply(iter([b" "] * 400), pause=0.2)

        async def work(browsers: Browsers) -> str:
            with pytest.raises(NotRendered) as fault:
                await shown(browsers, site.url, page(part))
            assert fault.value.outcome is Outcome.TIMEOUT
            return (await shown(browsers, site.url, page("<p>next</p>")))[0].html

        begun = time.monotonic()
        assert "<p>next</p>" in in_browser(work)
        assert time.monotonic() - begun < 40


def test_a_dom_that_is_too_large_is_refused() -> None:
    grow = "document.body.innerHTML = '<p>' + 'x'.repeat(2000000) + '</p>'"
    wide = "document.body.innerHTML = '<p>' + '道'.repeat(400000) + '</p>'"
    for script in (grow, wide):
        with pytest.raises(NotRendered) as fault:
            render("http://127.0.0.1:1/", page(f"<script>{script}</script>"))
        assert fault.value.outcome is Outcome.TOO_LARGE


def test_what_a_page_loads_has_a_limit() -> None:
    with SiteServer() as site:
        site.page("/large", "x" * 3_000_000, content_type="text/plain")
        with pytest.raises(NotRendered) as fault:
            render(site.url, page("<script>fetch('/large')</script>"))
    assert fault.value.outcome is Outcome.TOO_LARGE


def test_scripts_that_fill_the_memory_end_their_page_alone() -> None:
    fill = "a = []; while (true) a.push(new Array(100000).fill(Math.random()))"

    async def work(browsers: Browsers) -> str:
        filling = shown(browsers, "http://127.0.0.1:1/", page(f"<script>{fill}</script>"))
        beside = shown(browsers, "http://127.0.0.1:1/", page("<p>beside</p>"))
        fault, other = await asyncio.gather(filling, beside, return_exceptions=True)
        assert isinstance(fault, NotRendered)
        assert fault.outcome in {Outcome.CONNECTION_ERROR, Outcome.TIMEOUT}
        assert not isinstance(other, BaseException)
        return other[0].html

    assert "<p>beside</p>" in in_browser(work)


MORE = [
    "alert('a'); confirm('b'); prompt('c'); print()",
    "window.open('/w'); window.open('about:blank')",
    "navigator.geolocation.getCurrentPosition(() => 0); Notification.requestPermission()",
    "addEventListener('beforeunload', e => e.preventDefault())",
    "document.documentElement.requestFullscreen().catch(() => 0)",
    "document.write('<p>written</p>')",
    "history.pushState({}, '', '/elsewhere')",
    "setTimeout(() => { location.hash = 'x'; location.reload() }, 300)",
    "Element.prototype.getHTML = String.prototype.slice = () => 'no'; window.fetch = null",
]


def test_a_page_that_asks_for_more_than_to_be_read_is_read() -> None:
    pages = {
        str(number): page(f"<p>Text.</p><script>{script}</script>")
        for number, script in enumerate(MORE)
    }
    for name, (rendered, _) in render_each("http://127.0.0.1:1", pages).items():
        assert "<p>Text.</p>" in rendered.html, MORE[int(name)]
        assert rendered.moved_to is None, MORE[int(name)]


AWAY = [
    "<script>location.href = '/there'</script>",
    "<script>setTimeout(() => location.replace('/there'), 300)</script>",
    '<meta http-equiv="refresh" content="0; url=/there">',
    '<form action="/there"></form><script>document.forms[0].submit()</script>',
]


def test_where_a_page_leads_is_told_and_not_gone_to() -> None:
    pages = {f"here-{number}": page(part) for number, part in enumerate(AWAY)}
    with SiteServer() as site:
        for name, (rendered, _) in render_each(site.url, pages).items():
            assert rendered.moved_to is not None, pages[name]
            assert rendered.moved_to.rstrip("?") == f"{site.url}/there", pages[name]
        assert site.log == []


def test_a_page_that_only_loads_itself_again_is_no_page() -> None:
    challenge = "document.cookie = 'passed=1'; location.reload()"
    with SiteServer() as site:
        with pytest.raises(NotRendered) as fault:
            render(f"{site.url}/a", page(f"<p>Wait.</p><script>{challenge}</script>"))
        assert site.log == []
    assert fault.value.outcome is Outcome.BLOCKED


def test_pictures_films_and_fonts_are_not_loaded_and_nothing_fails_for_it() -> None:
    broken = "this.replaceWith('broken')"
    part = (
        f'<p>Text.</p><img src="/a.png" onerror="{broken}"><video src="/b.mp4"></video>'
        "<style>@font-face{font-family:F;src:url(/c.woff)} p{font-family:F}</style>"
        '<iframe src="/d"></iframe>'
    )
    with SiteServer() as site:
        rendered, _ = render(site.url, page(part))
        assert site.log == []
    assert 'src="/a.png"' in rendered.html


def test_a_page_has_no_cookie_or_storage_of_another() -> None:
    keep = (
        "document.body.append(`[${document.cookie}|${localStorage.x}]`);"
        " document.cookie = 'a=b'; localStorage.x = 'kept'"
    )

    async def work(browsers: Browsers) -> list[str]:
        part = page(f"<p></p><script>{keep}</script>")
        return [(await shown(browsers, "http://127.0.0.1:1/", part))[0].html for _ in range(2)]

    for html in in_browser(work):
        assert "[|undefined]" in html
