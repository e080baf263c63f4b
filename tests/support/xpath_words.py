"""Names, values and forms of which XPaths are made in tests, and pages that have them."""

NAMES = ("div", "p", "a", "h2")
WORDS = (
    "x",
    "X",
    "xy",
    "x y",
    " x",
    "y x ",
    "x\ty",
    "\u00a0x",
    "it's",
    'a "b"',
    "a\\b",
    "1x",
    "x]",
    "é",
)
CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' x ')"


def literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'
