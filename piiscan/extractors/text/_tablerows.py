"""Plain rows of an HTML page's tables, taken out before the parser sees them.

A list that was saved as a page is one long table of ``<tr><td>…</td>…</tr>``. A run of such rows is read by an expression
and replaced by one empty row that stands for it. Whether that row is one of a table is the parser's to say: where it is
not (in a comment, a script, a table that only lays out the page), the page is read again as it is. (ADR 0039)
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import lru_cache

__all__ = ["PlainRows", "tidy", "tidy_row"]

_FEWEST = 50  # rows; fewer are read sooner with the rest of the page
_SAME = 3  # rows of a form after which it has an expression of its own
_AT_ONCE = 200  # rows that are looked at
_FORMS = 256  # that are counted
_WIDEST = 64  # cells of a row that has one
#: Attributes that say nothing to a reader.
_MUTE = r"(?:\s+(?:class|style|align|valign|width|height|bgcolor|id|nowrap|lang|dir|x:str|x:num)(?:=(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+))?)*\s*"
_ROW = re.compile(rf"(<tr{_MUTE}>)(?:\s*<(?:td{_MUTE}>[^<]*</td>|th{_MUTE}>[^<]*</th>))++\s*</tr>")
_CELL = re.compile(rf"(<t[dh]{_MUTE}>)([^<]*)<")
#: Characters that the parser changes or leaves out.
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NAMED = re.compile("&(?:lt|gt|quot|nbsp|amp);")

_Match = Callable[..., "re.Match[str] | None"]
Rows = list[tuple[str, ...]]


class PlainRows:
    """A page with empty rows in place of runs.

    :ivar page: the page, as it was where that is not worth while.
    :ivar runs: the texts of the cells of each run, by its number.
    :ivar mark: the attribute of the empty rows that says which run it is.
    """

    def __init__(self, html: str) -> None:
        self.mark = f"data-rows-{secrets.token_hex(8)}"  # no page can have it
        self.runs: dict[str, Rows] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self.page = self._without(html) if html.count("</tr>") >= _FEWEST else html
        if sum(map(len, self.runs.values())) < _FEWEST:
            self.runs, self.page = {}, html

    def _without(self, html: str) -> str:
        out: list[str] = []
        given = at = 0
        while (row := _ROW.search(html, at)) is not None:
            begun, at = row.start(), row.end()
            cells = _CELL.findall(row[0])
            form = (row[1], *[tag for tag, _ in cells])
            rows = [tuple([text for _, text in cells])]
            usual = self._usual(form)
            while usual is not None and (found := usual(html, at)) is not None:
                rows.append(found.groups())
                at = found.end()
            rows_said = _said(rows)
            if rows_said is None:
                continue
            number = str(len(self.runs))
            self.runs[number] = rows_said
            out += (html[given:begun], f'<tr {self.mark}="{number}"></tr>')
            given = at
        out.append(html[given:])
        return "".join(out)

    def _usual(self, form: tuple[str, ...]) -> _Match | None:
        """What matches the next row with the same tags, once there have been some."""
        if len(form) > _WIDEST or (form not in self._seen and len(self._seen) >= _FORMS):
            return None
        seen = self._seen[form] = self._seen.get(form, 0) + 1
        return _of_form(form) if seen >= _SAME else None


def tidy(text: str) -> str:
    """With one space where the source has several of any kind, and no space around line ends."""
    return re.sub(r" *\n[ \n]*", "\n", re.sub(r"[ \t\r\f\u00a0]+", " ", text))


def tidy_row(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The same for the cells of a row."""
    joined = "|".join(texts)
    if joined.isprintable() and "  " not in joined:
        return tuple(map(str.strip, texts))
    return tuple([tidy(text.strip()) for text in texts])


def _said(rows: Rows) -> Rows | None:
    """The texts as a reader sees them; ``None`` where only the parser can tell."""
    said: Rows = []
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        joined = f"|{'|'.join(map('|'.join, some))}|"
        if "&" not in joined and joined.isprintable() and "  " not in joined and " |" not in joined and "| " not in joined:
            said += some  # nearly all: there is nothing to do
            continue
        if _STRANGE.search(joined) or joined.count("&") != len(_NAMED.findall(joined)):
            return None
        said += [tidy_row(tuple(map(_resolved, texts))) for texts in some]
    return said


def _resolved(text: str) -> str:
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&nbsp;", "\u00a0")
    return text.replace("&amp;", "&")


@lru_cache(maxsize=64)
def _of_form(tags: tuple[str, ...]) -> _Match:
    cells = "".join(rf"\s*{re.escape(tag)}([^<]*)</{tag[1:3]}>" for tag in tags[1:])
    return re.compile(rf"\s*{re.escape(tags[0])}{cells}\s*</tr>").match
