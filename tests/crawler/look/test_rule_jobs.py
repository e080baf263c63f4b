"""Commands that a page starts: followed, stopped, and never two at once for a site."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.look import rule_jobs
from crawler.look.rule_jobs import Job, Jobs
from models.errors import SiteBusy
from tests.support.desk import wait_for

SETTINGS = {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop_all()


def ended(job: Job) -> Job:
    wait_for(lambda: job.code is not None, 30)
    return job


def start(jobs: Jobs, *words: str, kind: str = "preview", site: str = "town") -> Job:
    which = "apply" if kind == "apply" else "preview"
    return jobs.start(which, site, words, SETTINGS, pages=3)


def test_a_command_that_ends_well_is_done(jobs: Jobs) -> None:
    job = ended(start(jobs, "version"))
    assert (job.state, job.reason, job.result) == ("done", None, None)
    assert job.printed[-1].startswith("Scrapy ")
    assert jobs.find(job.number) is job and jobs.find("other") is None


def test_one_that_fails_gives_its_last_line_as_the_reason(jobs: Jobs, tmp_path: Path) -> None:
    job = ended(start(jobs, "crawl", "reextract", "-a", "site=nowhere"))
    assert job.state == "failed" and job.reason is not None
    assert job.reason.startswith("scrapy crawl: no site 'nowhere'")


def test_a_new_preview_stops_the_one_before(jobs: Jobs) -> None:
    first = start(jobs, "shell", "--nolog")  # it would take long
    second = start(jobs, "version")
    assert ended(first).state == "stopped" and ended(second).state == "done"


def test_a_re_extraction_is_waited_for(jobs: Jobs) -> None:
    first = start(jobs, "version", kind="apply")
    if first.code is None:
        with pytest.raises(SiteBusy, match="town is being re-extracted"):
            start(jobs, "version")
    other = start(jobs, "version", site="other")
    assert ended(first).state == ended(other).state == "done"
    assert ended(start(jobs, "version")).state == "done"


def test_what_runs_ends_with_the_server(jobs: Jobs) -> None:
    job = start(jobs, "shell", "--nolog")
    jobs.stop_all()
    assert ended(job).state == "stopped"


def test_ctrl_c_in_the_servers_terminal_is_not_a_commands(jobs: Jobs) -> None:
    job = start(jobs, "shell", "--nolog", kind="apply")
    assert os.getpgid(job.process.pid) == job.process.pid != os.getpgid(0)


def test_the_server_waits_until_a_preview_has_tidied_up(jobs: Jobs) -> None:
    tidied: list[bool] = []
    command = ("shell", "--nolog")
    job = jobs.start(
        "preview", "town", command, SETTINGS, pages=3, done=lambda: tidied.append(True)
    )
    jobs.stop_all()
    assert tidied == [True] and job.state == "stopped"


def test_one_that_does_not_end_by_itself_is_killed(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_jobs, "_PATIENCE", 0.5)
    job = start(jobs, "shell", "--nolog")
    send = job.process.send_signal
    monkeypatch.setattr(
        job.process, "send_signal", lambda number: number == signal.SIGTERM or send(number)
    )
    jobs.stop_all()
    assert (job.code, job.state) == (-signal.SIGKILL, "stopped")


def test_a_command_that_runs_is_never_forgotten(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_jobs, "_KEPT", 1)
    first = start(jobs, "shell", "--nolog")
    second = ended(start(jobs, "version", site="other"))
    start(jobs, "version", site="third")
    assert jobs.find(first.number) is first and jobs.find(second.number) is None


def test_one_that_has_ended_is_done_though_it_is_stopped_then(jobs: Jobs) -> None:
    job = ended(start(jobs, "version"))
    job.stop()
    assert job.state == "done"
