"""The model of many sites: its formulas, its simulation, and what both say of a few sites."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from benchmarks.scaling.__main__ import main
from benchmarks.scaling.check import ABOUT, Case, Pair, compared, overloaded
from benchmarks.scaling.fit import fit
from benchmarks.scaling.fleet import Fleet
from benchmarks.scaling.model import load
from benchmarks.scaling.needs import SCENARIOS, load_of, needs
from benchmarks.scaling.start import measured
from benchmarks.scaling.stations import Station
from benchmarks.scaling.storage import bytes_after
from benchmarks.scaling.workload import HOURS, SECONDS_A_DAY, publications, sites

FEW = Case("few", 80, 80 * 33.3, Fleet(1, at_once=8, cores=1, writes=20.0))


@pytest.mark.slow
def test_the_formulas_say_what_the_simulation_counts() -> None:
    apart = [pair for pair in compared(FEW) if not pair.agrees]
    assert not apart, "\n".join(pair.line() for pair in apart)


@pytest.mark.slow
def test_where_more_than_all_slots_are_needed_the_queue_grows() -> None:
    slow = replace(FEW.fleet, tick=60.0, cores=1, speed=0.01)  # a page takes ten seconds
    sites_ = sites(FEW.sites, FEW.per_day)
    assert load(sites_, slow).cpu(slow) > 1
    _, found = overloaded(FEW._replace(fleet=slow))
    assert found.cpu > 0.95
    assert found.latency > 2 * load(sites_, slow).latency


@pytest.mark.parametrize(
    ("model", "simulated", "agrees"), [(109, 100, True), (112, 100, False), (88, 100, False)]
)
def test_a_tolerance_is_kept_to_both_sides(model: float, simulated: float, agrees: bool) -> None:
    assert Pair("visits a day", model, simulated).agrees is agrees


def test_a_queue_of_some_seconds_is_none() -> None:
    most = ABOUT["queue age, s"]
    assert Pair("queue age, s", most - 1, 0.0).agrees
    assert not Pair("queue age, s", most + 1, 0.0).agrees


def test_a_station_serves_in_turn_and_counts_waits() -> None:
    station = Station(2)
    assert [station.serve(now, 10.0) for now in (0.0, 1.0, 2.0, 30.0)] == [10.0, 11.0, 20.0, 40.0]
    assert (station.busy, station.waited, station.served) == (40.0, 8.0, 4)


def test_what_is_published_follows_pace_and_hours() -> None:
    rng = Random(1)
    moments = [at % SECONDS_A_DAY for day in range(400) for at in publications(rng, 10.0, day)]
    assert len(moments) == pytest.approx(4_000, rel=0.05)
    share = sum(at // 3600 == 16 for at in moments) / len(moments)
    assert share == pytest.approx(HOURS[16] / sum(HOURS), rel=0.15)


def test_the_sites_bring_together_what_is_asked_for() -> None:
    some = sites(1_000, 33_000.0)
    paces = sorted(site.per_day for site in some)
    assert sum(paces) == pytest.approx(33_000)
    assert sum(paces[-100:]) > 0.5 * sum(paces)  # a tenth brings most


def test_sizes_are_fitted_by_their_logarithms() -> None:
    assert fit([100, 100_000]).mu == pytest.approx(8.059, abs=0.01)  # of 3,162


@pytest.mark.slow
def test_needs_grow_with_articles_and_with_sites() -> None:
    small, many, most = (dict(needs(load_of(one, 300.0), 300.0)) for one in SCENARIOS)
    for name in ("visits a day", "cores of workers, mean", "SQL after a year, GB"):
        assert small[name] < many[name] < most[name] * 1.1, name
    assert many["articles a day"] == pytest.approx(most["articles a day"])


def test_only_what_is_pruned_stops_growing() -> None:
    one = load_of(SCENARIOS[0], 300.0)
    year, two = bytes_after(one, 365), bytes_after(one, 730)
    assert [name for name in two if two[name] == year[name]] == ["outcomes", "runs"]


def test_the_steps_of_a_start_are_timed(tmp_path: Path) -> None:
    steps = measured(tmp_path / "sites", f"sqlite:///{tmp_path}/start.db", 200)
    assert [step.name for step in steps][:2] == ["read all files", "ask the database for all sites"]
    assert all(step.wall > 0 for step in steps)


@pytest.mark.slow
def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tick", "1m"]) == 0
    assert "cores of workers, mean" in capsys.readouterr().out
