"""The script that shows what MariaDB's index misses for a moment runs, and tidies up."""

import re

import pytest

from benchmarks import mariadb_moments
from tests.databases import server


def test_each_round_asks_and_the_database_goes(capsys: pytest.CaptureFixture[str]) -> None:
    with server("mariadb") as admin:
        url = admin.engine.url.render_as_string(hide_password=False)
        words = ["--url", url, "--rounds", "2", "--words", "5", "--seconds", "0.2"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mariadb_moments.secrets, "token_hex", lambda _: "moments")
            assert mariadb_moments.main(words) == 0
        with admin.reading() as conn:
            assert (
                "winnow_test_moments" not in conn.exec_driver_sql("show databases").scalars().all()
            )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(re.match(r"[1-9]\d* questions, missed \d+, asked again 0", line) for line in lines)
