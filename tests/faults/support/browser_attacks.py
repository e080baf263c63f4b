"""Pages whose scripts try, each in a way of its own, to reach an address that nobody may reach.

`{own}` is the page's own origin, `{bad}` the host and port of the forbidden one; `{udp}` a port of
its host that listens for UDP.
"""

import socket
import threading
from typing import Final

from tests.support.listener import Listener, shut

_STORY: Final = "".join(
    f"<p>{line}</p>"
    for line in (
        "The council of the island met on Monday to speak about the old mill and its wheel.",
        "Nobody had asked the miller, who has lived there for thirty years with two dogs.",
        "He said that the wheel would turn again in spring, whatever the council decided.",
        "The next meeting is in a fortnight, and the school has been asked to sing at it.",
    )
)

# by kind: what stands in the page
BY_MARKUP: Final = {
    "picture": '<img src="http://{bad}/1.png">',
    "responsive picture": '<picture><source srcset="http://{bad}/2.png"><img alt=""></picture>',
    "script": '<script src="http://{bad}/1.js"></script>',
    "script over TLS": '<script src="https://{bad}/2.js"></script>',
    "module": '<script type="module">import "http://{bad}/3.js"</script>',
    "style": '<link rel="stylesheet" href="http://{bad}/1.css">',
    "style's import": "<style>@import url(http://{bad}/2.css);</style>",
    "font": (
        "<style>@font-face{{font-family:F;src:url(http://{bad}/1.woff)}}body{{font-family:F}}"
        "</style>"
    ),
    "frame": '<iframe src="http://{bad}/1"></iframe>',
    "frame of a frame": (
        '<iframe srcdoc="<iframe src=http://{bad}/2></iframe><img src=http://{bad}/3>"></iframe>'
    ),
    "object": '<object data="http://{bad}/4"></object><embed src="http://{bad}/5">',
    "video": '<video src="http://{bad}/1.mp4" autoplay poster="http://{bad}/p.png"></video>',
    "prefetch": (
        '<link rel="prefetch" href="http://{bad}/6"><link rel="preload" as="script"'
        ' href="http://{bad}/7"><link rel="modulepreload" href="http://{bad}/8">'
    ),
    "preconnect": (
        '<link rel="preconnect" href="http://{bad}"><link rel="dns-prefetch" href="//{bad}">'
    ),
    "speculation rules": (
        '<script type="speculationrules">{{"prefetch":[{{"urls":["http://{bad}/9"],"eagerness":'
        '"immediate"}}],"prerender":[{{"urls":["http://{bad}/10"],"eagerness":"immediate"}}]}}'
        "</script>"
    ),
    "icon and manifest": (
        '<link rel="icon" href="http://{bad}/i.ico"><link rel="manifest" href="http://{bad}/m">'
    ),
    "meta refresh": '<meta http-equiv="refresh" content="0;url=http://{bad}/11">',
    "redirected script": '<script src="{own}/away.js"></script>',
    "redirected picture": '<img src="{own}/away.png">',
    "redirected frame": '<iframe src="{own}/away"></iframe>',
    "other spellings": (
        '<script src="http://2130706433:{port}/1.js"></script>'
        '<script src="http://0x7f.1:{port}/2.js"></script>'
        '<script src="http://localhost:{port}/3.js"></script>'
        '<script src="http://a.localhost:{port}/4.js"></script>'
        '<script src="http://[::ffff:127.0.0.1]:{port}/5.js"></script>'
        '<script src="http://0.0.0.0:{port}/6.js"></script>'
    ),
}
BY_SCRIPT: Final = {
    "fetch": "fetch('http://{bad}/f').catch(e => 0); fetch('http://{bad}/n', {{mode: 'no-cors'}})",
    "redirected fetch": "fetch('{own}/away', {{mode: 'no-cors'}})",
    "XMLHttpRequest": "x = new XMLHttpRequest(); x.open('GET', 'http://{bad}/x'); x.send()",
    "WebSocket": "new WebSocket('ws://{bad}/w'); new WebSocket('wss://{bad}/w')",
    "EventSource": "new EventSource('http://{bad}/e')",
    "sendBeacon": "navigator.sendBeacon('http://{bad}/b', 'x')",
    "keepalive": "fetch('http://{bad}/k', {{keepalive: true, mode: 'no-cors', method: 'POST'}})",
    "window": (
        "window.open('http://{bad}/o'); window.open('about:blank').location = 'http://{bad}/p'"
    ),
    "location": "location.href = 'http://{bad}/l'",
    "form": (
        "f = document.createElement('form'); f.action = 'http://{bad}/form'; f.method = 'post';"
        " document.body.append(f); f.submit()"
    ),
    "link with a ping": (
        "a = document.createElement('a'); a.href = '#x'; a.ping = 'http://{bad}/ping';"
        " document.body.append(a); a.click()"
    ),
    "download": (
        "a = document.createElement('a'); a.href = 'http://{bad}/d'; a.download = 'd';"
        " document.body.append(a); a.click()"
    ),
    "worker": (
        "new Worker(URL.createObjectURL(new Blob(["
        "\"fetch('http://{bad}/t', {{mode: 'no-cors'}}); importScripts('http://{bad}/s.js')\"])))"
    ),
    "shared worker": (
        "new SharedWorker(URL.createObjectURL(new Blob(["
        "\"fetch('http://{bad}/t', {{mode: 'no-cors'}})\"])))"
    ),
    "service worker": "navigator.serviceWorker.register('/worker.js')",
    "WebRTC": (
        "c = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{udp}'}}, {{urls: ["
        "'turn:{udp}', 'turn:{bad}?transport=tcp', 'turns:{bad}?transport=tcp'],"
        " username: 'u', credential: 'c'}}], iceTransportPolicy: 'all'}});"
        " c.createDataChannel('d'); c.createOffer().then(o => c.setLocalDescription(o))"
    ),
    "WebTransport": "new WebTransport('https://{udp}/')",
    "late": "setTimeout(() => fetch('http://{bad}/late', {{mode: 'no-cors'}}), 700)",
}


def pages(own: str, bad: str, udp: str) -> dict[str, str]:
    """The pages by kind; each has a story as well, so that it is shown to its end."""
    names = {"own": own, "bad": bad, "port": bad.rpartition(":")[2], "udp": udp}
    made = {kind: markup.format(**names) for kind, markup in BY_MARKUP.items()}
    for kind, script in BY_SCRIPT.items():
        # first the site's own: from then on the browser knows how to pass the proxy
        begin = f"fetch('{own}/', {{mode: 'no-cors'}}).finally(() => {{{script.format(**names)}}})"
        made[kind] = f"<script>addEventListener('load', () => {begin})</script>"
    return {
        kind: f"<!doctype html><html><head><title>{kind}</title></head><body>"
        f"<article><h1>The mill and the {kind}</h1>{_STORY}</article>{part}</body></html>"
        for kind, part in made.items()
    }


class Forbidden(Listener):
    """Counts who connects to it, and which datagrams come."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[bytes] = []
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    @property
    def bad(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def udp(self) -> str:
        """Its host, and the port for UDP."""
        return f"127.0.0.1:{self._udp.getsockname()[1]}"

    def answer(self, connection: socket.socket) -> None:
        """Keeps what came first."""
        with connection:
            connection.settimeout(1)
            try:
                self.came.append(connection.recv(200) or b"(a connection)")
            except OSError:
                self.came.append(b"(a connection)")
            shut(connection)

    def _hear(self) -> None:
        while True:
            self.came.append(self._udp.recvfrom(200)[0])
