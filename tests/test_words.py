"""One word for one thing: a name that was retired does not come back."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SEARCHED = (".py", ".md", ".toml", ".yml", ".yaml", ".mako", "Makefile", ".ci/run", ".ci/release")
# Text of the demo's fictional papers, and this list itself.
LEFT_OUT = ("crawler/demo/sites/", "tests/pages/", "tests/test_words.py")
CODE = ("crawler/", "models/", "pipelines/", "migrations/")


@dataclass(frozen=True)
class Retired:
    """A pattern over the words of a line, what to use instead, and where English needs it.

    Names are parted before: `second_look` and `SecondLook` are both `second look`. `cased` looks
    at the line as it is. `within` limits the search to paths that begin so; `files` and `unless`
    (a pattern) are exempt.
    """

    pattern: str
    use: str
    cased: bool = False
    within: tuple[str, ...] = ("",)
    files: tuple[str, ...] = ()
    unless: str = r"(?!)"

    def lines(self, texts: dict[str, list[str]]) -> Iterator[str]:
        """The places where it stands, as `path:line: what`; line 0 is the file's name."""
        for path, lines in texts.items():
            if not path.startswith(self.within) or (self.files and path.startswith(self.files)):
                continue
            for number, line in enumerate([path, *lines]):
                words = line if self.cased else _words(line)
                found = re.search(self.pattern, re.sub(self.unless, " ", words))
                if found:
                    yield f"{path}:{number}: {found[0]!r} -> {self.use}: {line.strip()[:100]}"


RETIRED = (
    Retired(r"\brivers?\b", "pipeline", unless=r"\briver-pool\b|\bschool river tower\b"),
    Retired(r"\bledgers?\b", "record_outcome; the outcomes table"),
    Retired(r"\b(un)?settl\w*", "record, complete, reclassify, link or mark_indexed"),
    Retired(r"\bsecond looks?\b", "reclassify"),
    Retired(r"\bcatch(es|ing)? up\b|\bcaught up\b", "refresh"),
    Retired(r"\bstandings?\b", "cluster; label_cluster, elect_original"),
    Retired(r"\blikeness(es)?\b", "similarity; duplicate_pairs"),
    Retired(r"\benrol\w*", "index, add, mark_pending"),
    Retired(r"\bregroup\w*", "recompute_components"),
    Retired(r"\bclass \w*Stor(y|ies)\b|\bStory = |: Story\b", "Document", cased=True),
    Retired(r"\bseers?\b", "SampledPage, page"),
    Retired(r"\bsightings?\b", "occurrence"),
    Retired(r"\bwitness(es)?\b", "fingerprint; independent page"),
    Retired(r"\bcontributions?\b", "observation"),
    Retired(
        r"\brecall(s|ed|ing)?\b",
        "EvidenceCache",
        files=("benchmarks/", "docs/quality.md", "docs/duplicates.md"),  # precision and recall
    ),
    Retired(r"\blayouts?\b", "template"),
    Retired(r"\bplaces? (key|keys|samples|sightings)\b", "dom_path"),
    Retired(
        r"\bjudg(e|es|ed|ing|ement|ements|ment)\b|\bverdicts?\b",
        "classify, Classification; response_outcome; check",
        unless=r"\bnot judged yet\b",  # a value of v1_site_health.reason
    ),
    Retired(
        r"\bopinions?\b",
        "extractor_votes",
        # words that pages use
        files=("pipelines/extraction/vocabulary.py", "pipelines/metadata/credits.py"),
        unless=r"/opinion\b",
    ),
    Retired(r"\bclass \w*Claims?\b|\b[Cc]laims?: UrlLease", "UrlLease; Candidate", cased=True),
    Retired(
        r"\bwalls?\b",
        "interstitial",
        within=CODE,
        # wall time, of dates
        files=(
            "models/dates.py",
            "pipelines/metadata/instants.py",
            "pipelines/metadata/published.py",
        ),
        unless=r"\b(consent|login) walls?\b|\bwall[ -](clock|time)\b",
    ),
    Retired(r"\bhouses?\b", "site_names", unless=r"\bwhite house\b"),
    Retired(r"\bgates?\b", "acceptance"),
    Retired(r"\bclass \w*Readings?\b", "what it is: ParsedSource, Document", cased=True),
    Retired(r"\bbooks?\b", "SourceStore", within=CODE),
    Retired(r"\bintakes?\b|\btake in\b|\bclass Taken\b", "ingest, SourceResult", within=CODE),
    Retired(r"\bbur(y|ies|ied)\b", "reap dead runs", within=CODE),
    Retired(r"\bbeats?\b", "heartbeat", within=CODE),
    Retired(r"\bSILENCE\b", "timeout", cased=True),
    Retired(
        r"\bholders?\b",
        "owner",
        files=("pipelines/metadata/jsonld.py",),  # nodes that hold others
    ),
    Retired(r"\blet(s|ting)? go\b", "release"),
    Retired(r"\bearn(s|ed|ing|ings)?\b", "revisit yield", unless=r"28 crowns"),
    Retired(r"\bborn\b|\bbelieved at\b", "published_at", within=CODE),
    Retired(r"\bclass \w*Ending\b", "RunSummary", cased=True),
    Retired(r"\bpaint(s|ed|ing)?\b", "diff colours", within=CODE),
    Retired(r"\bclass \w*Verb\b", "WinnowCommand", cased=True),
)


def _words(line: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", line).lower()


def _tracked() -> list[str]:
    """Paths of the work tree: tracked files, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git work tree here")
    return listed.stdout.split("\n")


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    return {
        path: (ROOT / path).read_text("utf-8").split("\n")
        for path in _tracked()
        if path.endswith(SEARCHED) and not path.startswith(LEFT_OUT) and (ROOT / path).is_file()
    }


@pytest.mark.parametrize("retired", RETIRED, ids=lambda retired: retired.use)
def test_a_retired_word_does_not_come_back(retired: Retired, texts: dict[str, list[str]]) -> None:
    found = list(retired.lines(texts))
    if found:
        head = f"{len(found)} lines use a retired word (docs/glossary.md has ours):"
        pytest.fail("\n".join([head, *found]), pytrace=False)


def test_parts_of_names_are_words() -> None:
    look = Retired(r"\bsecond looks?\b", "reclassify")
    for line in ("class SecondLook:", "second_look = 1", "# a second look"):
        assert list(look.lines({"a.py": [line]})), line
    assert not list(look.lines({"a.py": ["a second.look()"]}))
