"""Commands that a page starts: followed, stopped, and never two at once for a site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.look.rule_jobs import Job, Jobs
from models.errors import SiteBusy
from tests.support.desk import wait_for


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
    environment = {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    return jobs.start(which, site, words, environment, pages=3)


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
