"""`health --notify-test`: sends a test message to each address and reports the results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.operations.alert_addresses import Address, addresses_of
from crawler.operations.alert_message import Message
from crawler.operations.alert_sending import Answer, mistake, require_extra, send
from models.errors import UsageError

Send = Callable[[Sequence[tuple[Address, Message | None]]], list[Answer]]

TEST: Final = Message(
    "Winnow: a test", "This is what `winnow health --notify-test` sends; all is well.", "ok"
)


@dataclass(frozen=True, slots=True)
class SentTests:
    """The results of a test: receivers by the name that may be shown, and errors."""

    sent: Sequence[str]
    failed: Sequence[tuple[str, str]]  # and why
    mistakes: Sequence[str]  # an error for each invalid address


def send_test(setting: str, sends: Send = send) -> SentTests:
    """Sends a test message to each address.

    Raises UsageError if the setting is empty, NotifyMissing.
    """
    addresses, mistakes = addresses_of(setting)
    if not addresses and not mistakes:
        raise UsageError(
            "WINNOW_NOTIFY names nobody; set it to addresses of Apprise, such as"
            " mailtos://USER:PASSWORD@HOST"
        )
    require_extra()
    looked_at = list(zip(addresses, sends([(address, None) for address in addresses]), strict=True))
    mistakes += [mistake(address, answer) for address, answer in looked_at if answer.error]
    known = [(address, str(answer.shown)) for address, answer in looked_at if not answer.error]
    answers = sends([(address, TEST) for address, _ in known])
    came = [(shown, answer.error) for (_, shown), answer in zip(known, answers, strict=True)]
    return SentTests(
        [shown for shown, error in came if not error],
        [(shown, error) for shown, error in came if error],
        mistakes,
    )
