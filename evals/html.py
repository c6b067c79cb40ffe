"""A run as one HTML page that a person reads in two minutes: figures, plots, then every question, misses first.

Self-contained: styles and plots are in the page, and nothing is fetched from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from evals.figures import FIGURES, figures_of, groups_of, is_missed, median_seconds
from evals.runner import CUTOFFS, Row
from evals.runs import Run
from evals.statistics import Estimate, mean_with_interval

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #b3261e; --good: #1b6e3c; --bar: #3b6ea8; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff9a91; --good: #8fdcab; --bar: #7fb0e8; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem; }
tr { border-bottom: 1px solid var(--line); } td.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; overflow-x: auto; } figcaption { font-weight: 600; } svg { max-width: 100%; height: auto; }
svg text { font: 13px system-ui, sans-serif; fill: currentColor; } .bar { fill: var(--bar); }
.whisker { stroke: currentColor; } details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
.miss summary { color: var(--bad); } .hit summary { color: var(--good); } summary { cursor: pointer; }
.answer { white-space: pre-wrap; padding-left: 1rem; } dl { display: grid; grid-template-columns: max-content 1fr; }
dt { padding-right: 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
"""


def page_of(run: Run) -> str:
    """The page. Everything that people or models wrote is escaped."""
    rows = run.rows
    missed, others = (
        [row for row in run.all_rows if is_missed(row)],
        [row for row in run.all_rows if not is_missed(row)],
    )
    summary = (
        f"<p>{escape(run.started)}. {len(rows)} questions and {len(run.turns)} turns of dialogues; "
        f"{len(missed)} to look at, listed first.</p>"
    )
    body = [
        f"<h1>Evaluation: {escape(run.questions)}</h1>",
        summary,
        _figures_table(run),
        _plot("Evidence found by kind of question (first 8 passages)", _by(rows, lambda row: row.kind, "evidence@8")),
        _plot("All facts said, by kind of question", _by(rows, lambda row: row.kind, "complete")),
        _plot(
            "Evidence found by number of passages",
            [(str(k), figures_of(rows)[f"evidence@{k}"]) for k in CUTOFFS],
        ),
        _plot("Wrong refusals by language (less is better)", _by(rows, lambda row: row.language, "wrong refusals")),
        _seconds_plot(rows),
        f"<h2>To look at ({len(missed)})</h2>",
        *map(_question, missed),
        f"<h2>As they should be ({len(others)})</h2>",
        *map(_question, others),
        "<h2>What was measured</h2>",
        _about(run),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation {escape(run.id)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _figures_table(run: Run) -> str:
    of_rows, of_turns = figures_of(run.rows), figures_of(run.turns)
    head = (
        "<table><caption>Figures with their 95 % intervals</caption><thead><tr><th scope=col>Figure</th>"
        "<th scope=col>Questions</th><th scope=col>Items</th><th scope=col>Turns</th><th scope=col>Items</th>"
        "</tr></thead>"
    )
    lines = [head]
    for figure in FIGURES:
        one, other = of_rows[figure.name], of_turns[figure.name]
        lines.append(
            f"<tr><th scope=row>{escape(figure.name)}</th><td class=number>{one}</td><td class=number>{one.items}</td>"
            f"<td class=number>{other}</td><td class=number>{other.items}</td></tr>"
        )
    return "".join([*lines, "</table>"])


def _by(rows: Sequence[Row], part: Callable[[Row], str], name: str) -> list[tuple[str, Estimate]]:
    figure = next(each for each in FIGURES if each.name == name)
    groups = groups_of(rows, part)
    found = {
        label: mean_with_interval([value for value in map(figure.of, group) if value is not None])
        for label, group in groups.items()
    }
    return [(label, estimate) for label, estimate in found.items() if estimate.value is not None]


def _plot(title: str, bars: Sequence[tuple[str, Estimate]]) -> str:
    """Horizontal bars from 0 to 1, each with its interval as a whisker and its value in words."""
    height = 26 * len(bars) + 4
    parts = []
    for at, (label, estimate) in enumerate(bars):
        y = 26 * at
        value, low, high = estimate.value or 0.0, estimate.low or 0.0, estimate.high or 0.0
        left, wide = 130, 440
        parts.append(
            f'<text x="0" y="{y + 17}">{escape(label)}</text>'
            f'<rect class="bar" x="{left}" y="{y + 5}" width="{wide * value:.1f}" height="16"/>'
            f'<line class="whisker" x1="{left + wide * low:.1f}" x2="{left + wide * high:.1f}" '
            f'y1="{y + 13}" y2="{y + 13}"/>'
            f'<text x="{left + wide + 10}" y="{y + 17}">{value:.2f} ({estimate.items})</text>'
        )
    summary = "; ".join(f"{label} {estimate.value or 0:.2f}" for label, estimate in bars)
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg role="img" aria-label="{escape(title)}: {escape(summary)}" viewBox="0 0 680 {height}" width="680">'
        + "".join(parts)
        + "</svg></figure>"
    )


def _seconds_plot(rows: Sequence[Row]) -> str:
    """How long answers took: a bar a question, in order of time."""
    times = sorted(row.seconds for row in rows)
    longest = max(times, default=0.0) or 1.0
    wide = 660 / max(1, len(times))
    bars = "".join(
        f'<rect class="bar" x="{at * wide:.2f}" y="{100 - 100 * t / longest:.1f}" width="{wide:.2f}" '
        f'height="{100 * t / longest:.1f}"/>'
        for at, t in enumerate(times)
    )
    title = f"Seconds to answer: median {median_seconds(rows):.3f}, slowest {max(times, default=0.0):.3f}"
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<svg role="img" aria-label="{title}" viewBox="0 0 680 104" width="680">{bars}</svg></figure>'
    )


def _question(row: Row) -> str:
    notes = []
    if row.abstained == row.answerable:
        notes.append("wrongly refused" if row.abstained else "should have been refused")
    notes += row.faults + [f"unsupported ({each})" for each in row.unsupported]
    if row.evidence:
        notes.append(f"evidence in 8 passages {row.evidence['8']:.2f}, cited {row.cited or 0:.2f}")
    if row.nuggets is not None:
        notes.append(f"facts said {row.nuggets:.2f}")
    told = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return (
        f'<details class="{"miss" if is_missed(row) else "hit"}"><summary>{escape(row.id)} ({escape(row.kind)}): '
        f"{escape(row.question)}</summary><ul>{told}</ul><div class=answer>{escape(row.answer)}</div></details>"
    )


def _about(run: Run) -> str:
    items = "".join(f"<dt>{escape(str(key))}</dt><dd>{escape(str(value))}</dd>" for key, value in run.about.items())
    return f"<dl>{items}</dl>"
