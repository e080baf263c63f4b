"""What kind of text a piece is."""

from pipelines.extraction.blocks import outline
from pipelines.extraction.kinds import kind
from pipelines.extraction.tree import parse


def test_kinds() -> None:
    html = (
        "<h2>h</h2><p>p</p><ul><li><p>l</p></ul><blockquote><p>q</p></blockquote>"
        "<figure><figcaption>c</figcaption></figure><table><tr><td>t</table>"
    )
    page = outline(parse(html.encode(), None))
    found = [kind(page.containers, piece.container) for piece in page.pieces]
    assert found == ["heading", "paragraph", "list", "quote", "caption", "table"]
