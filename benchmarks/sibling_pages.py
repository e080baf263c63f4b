"""Pages of a model's template that tell other stories, with the text they should give."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Final

import lxml.html
from lxml.html import HtmlElement

from benchmarks.pages import Sample
from benchmarks.sibling_drafts import Draft, Told, copies, holds, set_text
from benchmarks.sibling_model import Model
from benchmarks.sibling_own import add_own
from benchmarks.sibling_patches import AUTHOR, CLOCK, DAY, LEAD, TEXT, TITLE, URL
from benchmarks.sibling_plans import Plan

Sibling = Sample  # of the set "siblings", its text known by construction
_LEAD: Final = 155  # characters of a description
_LINKED: Final = 0.4  # share of paragraphs with a link, where the model has some
_LISTED: Final = 0.25  # of stories that have a list where the model has one
_HEADED: Final = 0.6  # of stories with headings of their parts, the same
_PICTURED: Final = 0.6  # of the pictures that stay


def draft(model: Model, plan: Plan, language: str) -> Draft:
    """The model's page with what is planned in the place of its story."""
    draw = random.Random(f"draft {plan.seed}")
    root = deepcopy(model.root)
    nodes = list(root.iter())
    _patch(model, plan, nodes)
    for (number, is_title), title, said in zip(
        model.teasers, plan.teasers, plan.said, strict=False
    ):
        set_text(nodes[number], title if is_title else said, None)
    for number, caption in zip(model.captions, plan.captions, strict=True):
        set_text(nodes[number], caption, None)
    page = Draft(plan, language, root, nodes[model.body], [])
    page.told = list(_tell(model, plan, nodes, draw))
    for figure in dict.fromkeys(_figures(model, nodes)):
        if draw.random() > _PICTURED and not holds(figure, page.told):
            figure.drop_tree()
    add_own(page, draw)
    return page


def sibling(page: Draft, model: Model) -> Sample:
    """The page as a sample of the set "siblings"."""
    name = f"{model.sample.set}/{model.sample.id}"
    return Sample(
        set="siblings",
        id=f"{page.plan.seed} {page.plan.kind}",
        url=page.plan.url,
        site=name,
        text="\n".join(told.text for told in page.told if told.true),
        body=lxml.html.tostring(
            page.root, encoding="utf-8", doctype="<!doctype html>", include_meta_content_type=True
        ),
        title=page.plan.title,
    )


def _figures(model: Model, nodes: list[HtmlElement]) -> Iterator[HtmlElement]:
    """The outermost figures of the model's captions."""
    for number in model.captions:
        yield from list(nodes[number].iterancestors("figure"))[-1:]


def _patch(model: Model, plan: Plan, nodes: list[HtmlElement]) -> None:
    """Title, byline, date and address, wherever the page names them."""
    values = {
        TITLE: plan.title,
        AUTHOR: plan.author,
        URL: plan.url,
        DAY: f"{plan.day:02}",
        CLOCK: plan.clock,
        LEAD: (plan.leads or plan.paragraphs)[0][:_LEAD],
        TEXT: "\n\n".join(plan.paragraphs),
    }
    plain = {ord(sign): value for sign, value in values.items()}
    quoted = {
        ord(sign): json.dumps(value, ensure_ascii=False)[1:-1].replace("</", "<\\/")
        for sign, value in values.items()
    }
    for patch in model.patches:
        text = patch.form.translate(quoted if patch.is_json else plain)
        element = nodes[patch.element]
        if patch.place == "text":
            element.text = text
        elif patch.place == "tail":
            element.tail = text
        else:
            element.set(patch.place[1:], text)


def _tell(
    model: Model, plan: Plan, nodes: list[HtmlElement], draw: random.Random
) -> Iterator[Told]:
    leads, headings, items = iter(plan.leads), iter(plan.headings), iter(plan.items)
    short = plan.kind in {"brief", "interview"}
    headed = not short and draw.random() < _HEADED
    listed = plan.kind == "list" or (not short and draw.random() < _LISTED)
    paragraphs = iter(plan.paragraphs)
    times = _times(model, len(plan.paragraphs), nodes, draw)
    for slot in model.slots:
        element, unit = nodes[slot.element], nodes[slot.unit]
        if slot.kind == "paragraph" and slot.inside:
            count = next(times)
            given = [next(paragraphs) for _ in range(count)]
            told = Told("paragraph", element, unit, "", True)
            yield from _told(told, given, draw)
            continue
        kept = not slot.inside or (listed if slot.kind in {"item", "table"} else headed)
        if slot.kind == "title":
            text = plan.title
        elif not kept:
            unit.drop_tree()
            continue
        else:
            text = next(
                leads if slot.kind == "paragraph" else headings if slot.kind == "heading" else items
            )
        set_text(element, text, None)
        yield Told(slot.kind, element, unit, text, slot.inside, slot.true)


def _times(
    model: Model, count: int, nodes: list[HtmlElement], draw: random.Random
) -> Iterator[int]:
    """How many of `count` paragraphs are made after each of the model's own; the first has one."""
    slots = [slot for slot in model.slots if slot.kind == "paragraph" and slot.inside]
    if count <= len(slots):
        chosen = {0, *draw.sample(range(1, len(slots)), count - 1)}
        return iter([int(n in chosen) for n in range(len(slots))])
    looks = [(nodes[slot.element].tag, nodes[slot.element].get("class")) for slot in slots]
    usual = max(looks, key=looks.count)
    cloned = [n for n, look in enumerate(looks) if look == usual]
    times = [1] * len(slots)
    for n in draw.choices(cloned, k=count - len(slots)):
        times[n] += 1
    return iter(times)


def _told(told: Told, texts: list[str], draw: random.Random) -> Iterator[Told]:
    """A paragraph, and copies of it behind, with a text each; without texts it goes."""
    if not texts:
        told.unit.drop_tree()
        return
    places = [(told.unit, told.element), *copies(told, len(texts) - 1)]
    for text, (unit, element) in zip(texts, places, strict=True):
        set_text(element, text, draw)
        yield replace(told, element=element, unit=unit, text=text)
