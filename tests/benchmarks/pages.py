"""A made-up page that can be a model, and words for its siblings."""

from benchmarks.pages import Sample
from benchmarks.sibling_pool import Donor

LINES = [
    f"The harbour office counted {n} boats on the day, which was more than in any year before."
    for n in ("twelve", "thirty", "forty", "fifty")
]
SAMPLE = Sample(
    set="made",
    id="harbour",
    url="https://paper.example/2026/11/20/harbour-counts-its-boats-48213.html",
    site="paper.example",
    text="\n".join([LINES[0], LINES[1], "How they count", LINES[2], LINES[3]]),
    body=f"""<!doctype html><html lang=en><head><title>Harbour counts its boats | Paper</title>
<meta property="og:title" content="Harbour counts its boats">
<meta property="og:url" content="https://paper.example/2026/11/20/harbour-counts-its-boats-48213.html">
<meta property="article:published_time" content="2026-11-20T07:30:00Z">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Harbour counts its boats",
"datePublished": "2026-11-20T07:30:00Z", "author": {{"@type": "Person", "name": "Ann Arbour"}},
"articleBody": "{LINES[0]}"}}</script>
<script>var story = "{LINES[1]}"</script></head>
<body><nav><a href="/a">News</a> <a href="/b">Sport</a></nav>
<main class="page"><article class="story"><h1>Harbour counts its boats</h1>
<p class="by">By Ann Arbour, <time datetime="2026-11-20T07:30">20 November 2026, 07:30</time></p>
<div class="text">
<p>{LINES[0]}</p> <p>{LINES[1]} <a class="in" href="/x">More</a></p> <h2>How they count</h2>
<figure><img src="b"><figcaption>The harbour office, as seen from a pier</figcaption></figure>
<div class="wrap"><p>{LINES[2]}</p></div> <p>{LINES[3]}</p></div></article>
<aside class="more"><ul>
<li><a href="/1">Old pier must stay, says the owner of it</a></li>
<li><a href="/2">Ferry fares rise again in the first week of spring</a></li></ul></aside></main>
<footer><p>Copyright 2026 Paper</p></footer></body></html>""".encode(),
    title="Harbour counts its boats",
)
_TOWNS = (
    "Ash",
    "Birk",
    "Corn",
    "Dale",
    "Elm",
    "Fern",
    "Glen",
    "Holt",
    "Inch",
    "Kirk",
    "Lund",
    "Moor",
)
DONORS = [
    Donor(
        f"{town}ford council votes on a bridge no {n}",
        tuple(
            f"The council of {town}ford heard {n} speakers on point {k}. "
            f"The bridge will cost {k} million. Nobody was against it."
            for k in range(14)
        ),
        (f"What {town}ford wants {n}", f"The cost for {town}ford {n}"),
    )
    for town in _TOWNS
    for n in range(4)
]
