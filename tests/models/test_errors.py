"""Every fault stands in the tree that the module opens with, below the right root."""

import inspect

from models import errors
from models.errors import UsageError, WinnowError

FAULTS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


def test_every_fault_is_drawn_in_the_tree_and_explains_itself() -> None:
    assert errors.__doc__
    for kind in FAULTS:
        assert kind.__name__ in errors.__doc__, kind
        assert issubclass(kind, WinnowError)
        assert kind.__doc__


def test_misuse_is_what_its_author_can_mend() -> None:
    misuse = {kind.__name__ for kind in FAULTS if issubclass(kind, UsageError)}
    assert misuse == {
        "UsageError", "SiteConfigError", "SiteDisabled", "UnknownSite", "DatabaseNotReady",
    }  # fmt: skip
