"""The benchmark of whole crawls: its report has all figures, and what it counts is true."""

import gzip
import http.client
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.pages import Sample
from benchmarks.throughput import bodies, profile, report
from benchmarks.throughput.__main__ import main
from benchmarks.throughput.server import serving
from benchmarks.throughput.tree import ROOT, Failed, measure

PAGES, MORE, SITES, FEW = 4, 2, 2, 1
_BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
# a child that is killed at its work, one that outlives its parent, and the command itself
_FAMILY = f"""
import os, signal, subprocess, sys
burn = {_BURN!r}
killed = subprocess.Popen([sys.executable, "-c", burn + "print(flush=True); time.sleep(60)"],
                          stdout=subprocess.PIPE)
killed.stdout.readline()
killed.send_signal(signal.SIGKILL)
subprocess.run([sys.executable, "-c",
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', " + repr(burn) + "])"])
exec(burn)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The JSON of one round over a handful of generated pages."""
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    words = f"--cases cold,warm,visit,idle,b,c,d --pages {PAGES} --warm {MORE} --generated"
    words += f" --repeat 1 --workers 0 --sites {SITES} --few {FEW} --json {file}"
    assert main(words.split()) == 0
    return json.loads(file.read_text("utf-8"))


def median(made: Any, case: str, name: str) -> float:
    return float(made["cases"][case][name]["median"])


@pytest.mark.slow
def test_every_page_is_counted_once_in_every_case(made: Any) -> None:
    pages = {case: found["pages"]["median"] for case, found in made["cases"].items()}
    assert pages == {
        "cold": PAGES, "warm": MORE, "visit": SITES * 3, "idle-few": FEW, "idle": SITES,
        "b": PAGES, "c": PAGES, "d": PAGES,
    }  # fmt: skip
    stored = {case: found["stored"] for case, found in made["outcomes"].items()}
    assert stored == {"cold": PAGES, "warm": MORE, "visit": SITES * 3}


@pytest.mark.slow
def test_statements_and_commits_are_those_that_were_made(made: Any) -> None:
    assert median(made, "b", "commits/page") * PAGES == PAGES + 1  # and one for the table
    assert PAGES < median(made, "b", "statements/page") * PAGES <= PAGES + 3
    assert median(made, "d", "statements/page") == 0
    for case in ("cold", "warm"):  # with its outcome at least
        assert median(made, case, "statements/page") > median(made, case, "commits/page") > 0


@pytest.mark.slow
def test_parts_add_up_to_the_whole(made: Any) -> None:
    for case in ("cold", "b", "d"):
        whole, pages = median(made, case, "CPU s"), median(made, case, "pages")
        own = median(made, case, "own CPU ms/page") * pages / 1e3
        rest = median(made, case, "workers and exit, CPU ms/page") * pages / 1e3
        assert 0 < own < whole
        assert own + median(made, case, "start-up CPU s") + rest == pytest.approx(whole)
        assert rest >= 0
    groups = [n for n in made["cases"]["cold"] if n.startswith("SQL KB/page, ")]
    assert {name.split(", ")[1] for name in groups} >= {"memory", "text", "blocks"}
    kilobytes = sum(median(made, "cold", name) for name in groups)
    assert kilobytes == pytest.approx(median(made, "cold", "SQL KB/page"))
    assert kilobytes * PAGES * 1e3 == pytest.approx(sum(made["tables"]["cold"].values()))


@pytest.mark.slow
def test_the_ratios_that_are_asked_for_are_there(made: Any) -> None:
    names = {ratio.name for ratio in report.RATIOS}
    assert names - set(made["ratios"]) == {"PostgreSQL against SQLite"}
    against_b = made["ratios"]["cold against (b)"]
    assert against_b["median"] == median(made, "cold", "pages/s") / median(made, "b", "pages/s")
    text = "\n".join(report.lines(made))
    assert all(name in text for name in made["ratios"])
    assert median(made, "cold", "peak MB") > 30


@pytest.mark.slow
def test_cpu_of_killed_and_orphaned_processes_counts(tmp_path: Path) -> None:
    cost = measure([sys.executable, "-c", _FAMILY], {}, tmp_path, "family")
    assert cost.cpu_seconds >= 0.9
    assert (cost.code, cost.left) == (0, 0)


@pytest.mark.slow
def test_the_sampler_puts_the_cpu_of_every_thread_in_its_place(tmp_path: Path) -> None:
    threads = f"""
import threading
from models.text import words
def burn():
    import time
    while time.thread_time() < 0.8: words("a word " * 500)
thread = threading.Thread(target=burn)
thread.start()
{_BURN}
thread.join()
"""
    samples = tmp_path / "samples"
    samples.mkdir()
    cost = measure([sys.executable, "-c", threads], profile.environment(samples), tmp_path, "two")
    kinds = profile.read(samples)
    assert sum(kinds["other"].values()) <= cost.cpu_seconds
    assert kinds["other"]["models.text:words"] > 0.15
    text = "\n".join(profile.lines("two", kinds, 2, cost.cpu_seconds))
    assert "models.text  words" in text


@pytest.mark.slow
def test_a_command_that_fails_gives_no_figures(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3:\nwoe"):
        measure([sys.executable, "-c", "print('woe'); exit(3)"], {}, tmp_path, "failing")


@pytest.mark.slow
def test_a_measurement_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(300)"
    command = [sys.executable, "-c", f"import subprocess; subprocess.run({['x', '-c', sleeper]!r},"
               " executable=__import__('sys').executable)"]  # fmt: skip
    watcher = [sys.executable, "-m", "benchmarks.throughput.tree", str(tmp_path / "c"), *command]
    with subprocess.Popen(watcher, stdout=subprocess.PIPE, cwd=ROOT, text=True) as watching:
        assert watching.stdout is not None
        below = int(watching.stdout.readline())
        watching.terminate()
        assert watching.wait(60) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{below}").exists()
    assert not (tmp_path / "c").exists()


@pytest.mark.slow
def test_the_server_knows_validators_and_gzip(tmp_path: Path) -> None:
    pages = bodies.small_site(1, 3)
    with serving([pages], tmp_path) as served:
        parts = urlsplit(served.origins[0])
        client = http.client.HTTPConnection(str(parts.hostname), parts.port or 0)

        def get(path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            client.request("GET", path, headers=given)
            response = client.getresponse()
            return response, response.read()

        plain, body = get(pages[0].path)
        packed, small = get(pages[0].path, Accept_Encoding="gzip")
        assert gzip.decompress(small) == body
        assert body == pages[0].html.replace(bodies.ORIGIN.encode(), served.origins[0].encode())
        assert packed.headers["Content-Encoding"] == "gzip"
        again, nothing = get(pages[0].path, If_None_Match=plain.headers["ETag"])
        assert (again.status, nothing) == (304, b"")
        assert get("/elsewhere")[0].status == 404
        served.show(2)
        assert get("/sitemap.xml")[1].count(b"<loc>") == 2
        served.show(3)
        assert get("/sitemap.xml")[1].count(b"<loc>") == 3
        assert served.asked() == {"200": 4, "304": 1, "404": 1}


def test_an_edition_says_other_words_and_keeps_what_pages_share() -> None:
    shared = "Subscribe to our newsletter and never miss another story from us."
    own = "The harbour council postponed the railway decision until another session."
    data = json.dumps({"@type": "NewsArticle", "articleBody": own + " " + own})
    html = (
        '<link rel="canonical" href="https://paper.test/{0}">'
        f'<script type="application/ld+json">{data}</script><p>{shared}</p><p>{own} {{0}}</p>'
    )
    pages = [
        Sample("sites", str(n), f"https://paper.test/{n}", "Paper", "", _filled(html, n))
        for n in range(2)
    ]
    said = bodies.texts_of(pages)
    first, second = (bodies.edition(pages[0], number, said) for number in range(2))
    assert (first.path, second.path) == ("/paper/0/0", "/paper/1/0")
    text = second.html.decode()
    assert own in first.html.decode() and own not in text
    assert shared in text
    assert f'href="{bodies.ORIGIN}{second.path}"' in text
    (paragraph,) = [part.split("</p>")[0] for part in text.split("<p>")[2:]]
    assert sorted(paragraph.lower().split()) == sorted(f"{own} 0".lower().split())
    assert paragraph.removesuffix(" 0").lower() in text.split("</script>")[0].lower()


def _filled(html: str, number: int) -> bytes:
    """The number in every place but those of the JSON-LD, which differ by page all the same."""
    return html.replace("{0}", str(number)).replace('"}</', f' {number}"}}</').encode()
