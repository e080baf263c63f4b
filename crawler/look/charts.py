"""Charts over days, as SVG for `<img>`: no script, no request, light and dark. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, Literal

import pygal
from lxml import etree
from pygal.style import Style

Form = Literal["bars", "stacked", "lines"]
Values = Sequence[float | None]

MARK: Final = "◆"  # beside a day on which the site's template changed
COLOURS: Final = {
    "stored": "#2f855a",
    "revised": "#3182ce",
    "unchanged": "#a0aec0",
    "refused": "#c47f17",
    "errors": "#c53030",
}
_MORE: Final = ("#3182ce", "#c47f17", "#805ad5", "#2f855a", "#c53030", "#319795", "#b83280")
_FORMS: Final = {"bars": pygal.Bar, "stacked": pygal.StackedBar, "lines": pygal.Line}
_LABELS: Final = 8  # days named below a chart, about
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
# a picture cannot read the page's variables
_CSS: Final = """inline:
.axis text, .legends text, .no_data { fill: #57606a !important; }
.axis .line, .axis .guide.line { stroke: #57606a !important; stroke-opacity: .35; }
.series .bar .rect, .series .rect { stroke: none !important; fill-opacity: 1; }
@media (prefers-color-scheme: dark) {
  .axis text, .legends text, .no_data { fill: #a3abb5 !important; }
  .axis .line, .axis .guide.line { stroke: #a3abb5 !important; }
}"""


def chart(
    form: Form, days: Sequence[date], series: Mapping[str, Values], marked: Collection[date] = ()
) -> str:
    """The SVG: a value of each series for each day; None leaves a gap. `marked` days get MARK."""
    colours = [COLOURS.get(name, _MORE[n % len(_MORE)]) for n, name in enumerate(series)]
    drawn = _FORMS[form](
        width=620,
        height=250,
        js=(),
        disable_xml_declaration=True,
        css=["file://style.css", "file://graph.css", _CSS],
        style=Style(
            background="transparent",
            plot_background="transparent",
            colors=tuple(colours),
            font_family=_FONT,
            label_font_size=12,
            major_label_font_size=12,
            legend_font_size=13,
            no_data_font_size=16,
        ),
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=5,
        legend_box_size=10,
        truncate_legend=-1,
        truncate_label=-1,
        show_minor_x_labels=False,
        margin=8,
        spacing=6,
        min_scale=3,
        max_scale=6,
        include_x_axis=True,
        show_dots=form == "lines",
        dots_size=2,
        allow_interruptions=True,
        no_data_text="nothing in these days",
        value_formatter=lambda value: f"{value:,.0f}" if value >= 10 else f"{value:.3g}",
    )
    labels = [_label(day, marked) for day in days]
    drawn.x_labels = labels
    drawn.x_labels_major = [labels[place] for place in _named(days, marked)]
    for name, values in series.items():
        drawn.add(name, list(values))
    drawn.add_xml_filter(_without_scripts)
    return str(drawn.render(is_unicode=True))


def _without_scripts(root: etree._Element) -> etree._Element:
    """pygal writes its settings into a script, and comments."""
    etree.strip_elements(root, "script", etree.Comment, with_tail=False)
    return root


def _named(days: Sequence[date], marked: Collection[date]) -> list[int]:
    """The places of the days that are named: marked ones, and others that leave them room."""
    step = max(1, len(days) // _LABELS)
    marks = [place for place, day in enumerate(days) if day in marked]
    others = range((len(days) - 1) % step, len(days), step)
    free = (place for place in others if all(abs(place - mark) >= step for mark in marks))
    return sorted([*marks, *free])


def _label(day: date, marked: Collection[date]) -> str:
    return f"{day:%m-%d}{MARK if day in marked else ''}"
