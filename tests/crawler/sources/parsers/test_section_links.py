"""Which links of a front page may lead to lists of articles."""

from crawler.sources.parsers.section import read_section
from crawler.sources.parsers.section_links import MOST

URL = "https://www.example.com/"


def sections(*anchors: str) -> list[str]:
    body = "".join(anchors)
    found = read_section(f"<html><body>{body}</body></html>".encode(), URL)
    return [section.url.removeprefix(URL) for section in found.sections]


def link(path: str, text: str) -> str:
    return f'<a href="{path}">{text}</a>'


def test_menus_come_first_and_short_paths_before_long_ones() -> None:
    menu = link("/news/world", "World") + link("/sport/", "Sport") + link("/list.php?c=3", "Arts")
    found = sections(link("/local", "All local news"), f"<nav>{menu}</nav>")
    assert found == ["sport/", "news/world", "list.php?c=3", "local"]


def test_articles_services_files_other_hosts_and_front_pages_are_none() -> None:
    assert sections(
        link("/2026/05/24/ferry-line-opens-after-years", "Ferry line opens"),
        link("/local", "The council decided on Monday that the ferry sails"),
        link("/login", "Log in"), link("/about-us", "About"), link("/paper.pdf", "Paper"),
        link("https://other.example/sport/", "Sport"), link("/", "Home"), link("/en/", "English"),
        link("/a/b/c/d", "Deep"), link("/sport/", ""), link("/category/sport", "Sport"),
    ) == ["category/sport"]  # fmt: skip


def test_no_more_than_a_run_can_read_each_time() -> None:
    assert len(sections(*(link(f"/section{n}/", f"Section {n}") for n in range(90)))) == MOST
