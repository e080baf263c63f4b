"""The program `winnow`. A wheel has this file as the package `winnow`, with our packages in it.

There nothing of ours lies on Python's path by a name that others use too (models, crawler): this
puts our folder in front, for this process and those that it starts.
"""

import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Runs the verb that was typed; ends with its exit code."""
    folder = Path(__file__).resolve().parent
    if (folder / "crawler").is_dir():
        sys.path.insert(0, str(folder))
        further = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), *([further] if further else [])])
    try:
        command_line = import_module("crawler.command_line")  # found by the path set above
    except ModuleNotFoundError as missing:
        if missing.name not in {"crawler", "crawler.command_line"}:
            raise
        raise SystemExit(
            f"winnow: {missing}: Python finds another project's package `crawler`; install Winnow"
            " into an environment of its own"
        ) from missing
    command_line.run(sys.argv)
