"""What a run must do when the fault is ours: it ends at once, says one line, loses nothing."""

from tests.faults.support.newspaper import Newspaper
from tests.support.desk import Desk, Result

AHEAD = 32  # pages that may be on their way when the fault shows: two for each place of the stages
LINES = 4  # on stderr, whatever fails: the fault, and what follows from it


def assert_ended_honestly(done: Result, desk: Desk, paper: Newspaper, *signs: str) -> None:
    """Exit code 1, a line that names the fault (one of `signs`), and every page still waits."""
    said = done.err[-3000:]
    assert done.code == 1, said
    assert "Traceback" not in done.printed, said
    assert done.err.count("\n") <= LINES, said
    assert any(sign in done.err for sign in signs), said
    states = dict(desk.tuples("select url, state from urls"))
    stored = {url for (url,) in desk.tuples("select url from v1_articles")}
    lost = [url for url in paper.texts if url in states and url not in stored]
    assert [url for url in lost if states[url] != "found"] == []
    assert paper.asked() <= len(stored) + AHEAD
    assert desk.tuples("select run_id from v1_runs where status = 'running'") == []
