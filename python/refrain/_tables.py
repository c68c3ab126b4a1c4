"""Rows of results as text for a terminal and as HTML for a notebook."""

import html
import unicodedata

__all__ = ["html_table", "score_text", "text_table", "wrapped"]

_COLUMNS = 100


def score_text(score, points=3):
    """"0.938  (95 % interval 0.870 to 0.981)"."""
    if score is None or score.value is None or score.value != score.value:
        return "not scored"
    if score.low is None or score.low != score.low:
        return f"{score.value:.{points}f}  (no interval)"
    return (
        f"{score.value:.{points}f}  (95 % interval {score.low:.{points}f} to "
        f"{score.high:.{points}f})"
    )


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def text_table(names, rows):
    """Columns with two blanks between; `rows` are lists of text."""
    lines = [list(names), *rows]
    widths = [max(_width(line[k]) for line in lines) for k in range(len(names))]
    out = []
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths))
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def html_table(names, rows, title=""):
    """The same as an HTML table."""
    head = "".join(f"<th style='text-align:left'>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{html.escape(c)}</td>" for c in row) + "</tr>"
        for row in rows
    )
    caption = f"<div><b>{html.escape(title)}</b></div>" if title else ""
    return f"{caption}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def wrapped(text):
    """Lines of at most a hundred columns, cut between words."""
    out = []
    for line in text.split("\n"):
        while len(line) > _COLUMNS and " " in line[1:_COLUMNS]:
            cut = line.rindex(" ", 1, _COLUMNS + 1)
            out.append(line[:cut].rstrip())
            line = "  " + line[cut:].strip()
        out.append(line)
    return "\n".join(out)
