"""Real documents, damaged: cut, flipped, doubled, nested, in another encoding, with odd values."""

import re

from hypothesis import strategies as st

_OPENS, _CLOSES = re.compile(rb'[>"]|: '), re.compile(rb'[<"]')
ODD = (
    b"http://[",
    b"http://[::1",
    b"//[x]/",
    b"http://a:b/",
    b"https://\xff/",
    b"http:\\\\x\\y",
    b"%",
    b"&#xD800;",
    b"&#0;",
    b"&#99999999999;",
    b"&bogus;",
    b"&",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<?xml version='1.0' encoding='utf-7'?>",
    b"\x00",
    b"\xed\xa0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\\ud800",
    b"1e999",
    b"-1",
    b"9" * 5000,
    b"NaN",
    b"Infinity",
    b"null",
    b"[]",
    b"{}",
    b'"@graph":',
    b"0000-00-00",
    b"9999-12-31T23:59:59+14:00",
    b"0001-01-01T00:00:00+14:00",
    b"99999999999999",
    b"\xd9\xa3\xd9\xa3",
    b"\xc2\xb2",
    b"\xe2\x91\xa0",
)
CODECS = ("utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "shift_jis", "utf-7", "cp037")
CHARSETS = st.sampled_from((None, *CODECS, "nonsense", "base64", "idna", "\x00", "utf-8\ud800"))


@st.composite
def damaged(draw: st.DrawFn, *documents: bytes) -> bytes:
    """One of the documents after up to six mishaps; at most some 100 KB."""
    body = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(0, 6))):
        body = _damage(draw, body)[:100_000]
    return body


def _damage(draw: st.DrawFn, body: bytes) -> bytes:  # noqa: PLR0911 - one return a mishap
    at = draw(st.integers(0, len(body)))
    end = min(len(body), at + draw(st.integers(0, 60)))
    kind = draw(st.sampled_from(("cut", "flip", "odd", "noise", "part", "nest", "codec", "value")))
    if kind == "cut":
        return body[:at] if draw(st.booleans()) else body[at:]
    if kind == "flip":
        bit = 1 << draw(st.integers(0, 7))
        return body[:at] + bytes(b ^ bit for b in body[at : at + 1]) + body[at + 1 :]
    if kind == "odd":
        return body[:at] + draw(st.sampled_from(ODD)) + body[end:]
    if kind == "noise":
        return body[:at] + draw(st.binary(max_size=20)) + body[end:]
    if kind == "part":
        return body[:at] + body[at:end] * draw(st.integers(2, 300)) + body[end:]
    if kind == "nest":
        times = draw(st.sampled_from((3, 300, 3000)))
        opening, closing = draw(
            st.sampled_from(((b"<a>", b"</a>"), (b"[", b"]"), (b'{"a":', b"}")))
        )
        return body[:at] + opening * times + body[at:] + closing * times
    if kind == "codec":
        codec = draw(st.sampled_from(CODECS))
        return body.decode("utf-8", "replace").encode(codec, "replace")
    return _other_value(draw, body, at)


def _other_value(draw: st.DrawFn, body: bytes, at: int) -> bytes:
    """Another value between the next two marks: a tag's content, an attribute, a JSON string."""
    opening = min(
        (n for n in (body.find(m, at) for m in (b">", b'"', b": ")) if n >= 0), default=-1
    )
    closing = min(
        (n for n in (body.find(m, opening + 1) for m in (b"<", b'"')) if n >= 0), default=-1
    )
    if opening < 0 or closing < 0:
        return body
    return body[: opening + 1] + draw(st.sampled_from(ODD)) + body[closing:]
