"""A worker process: what it loads, and how it stands back."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.pool import Pool
from pipelines.reading import WARM
from pipelines.worker_process import NICE


def modules(*names: str) -> list[str]:
    """Those of the modules that this process has loaded."""
    return [name for name in names if name in sys.modules]


def ask(function: Any, *args: object, warm: str = "pipelines.worker_process") -> Any:
    async def once() -> Any:
        pool = Pool(1, 5.0, warm)
        try:
            return await pool.run(function, *args)
        finally:
            pool.close()

    return asyncio.run(once())


def test_a_worker_gives_way_to_the_process_that_asks() -> None:
    assert ask(os.nice, 0) == min(os.nice(0) + NICE, 19)


def test_a_worker_that_reads_pages_loads_no_scrapy_and_no_driver() -> None:
    loaded = ask(modules, "scrapy", "twisted", "sqlite3", "trafilatura", warm=WARM)
    assert loaded == ["trafilatura"]


def test_a_worker_does_not_run_the_script_that_began_the_crawl(tmp_path: Path) -> None:
    script = tmp_path / "scrapy"  # as the command is a script of that name
    script.write_text(
        "import asyncio, os\n"
        "print('the script is run', flush=True)\n"
        "if __name__ == '__main__':\n"
        "    from pipelines.pool import Pool\n"
        "    pool = Pool(2, 5.0, 'pipelines.worker_process')\n"
        "    assert asyncio.run(pool.run(os.getpid)) != os.getpid()\n"
        "    pool.close()\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "the script is run\n"
