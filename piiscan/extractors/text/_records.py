"""Plain records of an XML document, taken out before the parser sees them.

In an export nearly all elements are records: ``<row><name>…</name><tel>…</tel></row>``, one after another, without
attributes. A run of such records of one form is read by an expression and replaced by one empty element of the same name
that stands for it; where it stands is the parser's to say, and all else reaches the parser as it is. (ADR 0039)
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from piiscan.extractors._markup import NOT_XML, is_utf8, resolved

__all__ = ["PlainRecords", "Run"]

_LONGEST = 1 << 20  # bytes without the end of a tag, after which the parser gets all
_SAME = 3  # records of a form after which it has an expression of its own
_FORMS = 256  # that are counted
_FIELDS = 64  # of a record up to which forms are looked for
_TAG = r"[^\s<>/&\"'=:!?]+"
#: the beginning of a document up to its root's start tag, inclusive: a document may be one record
_ROOT = re.compile(rf"\ufeff?\s*(?:<\?[^<>]*\?>\s*)*<(?:{_TAG}:)?{_TAG}(?:\s[^<>]*)?>")
_RECORD = re.compile(rf"<({_TAG})>(?:\s*<({_TAG})(?:/>|>[^<]*</\2>))++\s*</\1>")
_FIELD = re.compile(rf"<({_TAG})(?:/>|>([^<]*)</\1>)")
_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
_NAME = re.compile(f"[{_START}][{_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*")
_Form = tuple[str, tuple[str, ...]]
_Match = Callable[..., "re.Match[str] | None"]


@dataclass(frozen=True, slots=True)
class Run:
    """Records of one form that follow each other.

    :ivar name: of the records.
    :ivar fields: names of their children, in order; a name may be there more than once.
    :ivar rows: the texts of the children, without the space around them.
    """

    name: str
    fields: tuple[str, ...]
    rows: list[list[str]]


class PlainRecords:
    """Takes runs of plain records out of the bytes of a document. What stands for a run has a child, as no leaf has."""

    def __init__(self) -> None:
        self._mark = f"records-{secrets.token_hex(8)}"  # no document can have it
        self._runs: dict[str, Run] = {}
        self._number = 0
        self._begun = False  # whether the root has
        self._looking = True
        self._seen: dict[_Form, int] = {}

    def run_at(self, node: Any) -> Run | None:
        """The run that an element stands for; ``None`` for one of the document."""
        number = node.get(self._mark)
        return self._runs.pop(number, None) if number is not None else None

    def taken_out(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes with empty elements in place of runs."""
        rest, first = b"", True
        for chunk in chunks:
            if first:
                self._looking, first = is_utf8(chunk), False
            rest += chunk
            end = rest.rfind(b">") + 1
            if self._looking and not end and len(rest) <= _LONGEST:
                continue
            if not end or (b"!" in rest and b"<!" in rest):  # what follows may be no markup
                self._looking = False
            if not self._looking:
                yield rest
                rest = b""
            else:
                block, rest = rest[:end], rest[end:]
                yield self._without(block)
        if rest:
            yield rest

    def _without(self, block: bytes) -> bytes:
        try:
            text = block.decode()
        except UnicodeDecodeError:
            return block
        if "]" in text and "]]>" in text:
            return block
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")  # as the parser does
        at = 0
        if not self._begun:
            root = _ROOT.match(text)
            if root is None:
                self._looking = False
                return block
            self._begun, at = True, root.end()
        return self._runs_out(text, at).encode()

    def _runs_out(self, text: str, at: int) -> str:
        referring = "&" in text
        out: list[str] = []
        given = 0
        while (record := _RECORD.search(text, at)) is not None:
            begun, at = record.start(), record.end()
            form, first = self._form(record)
            if form is None:
                at = begun + 1
                continue
            rows = [first]
            usual = self._usual(form)
            while usual is not None and (found := usual(text, at)) is not None:
                rows.append(list(found.groups("")))
                at = found.end()
            rows = [list(map(str.strip, row)) for row in rows]
            joined = "\n".join(map("\n".join, rows))
            if NOT_XML.search(joined):
                continue
            if referring and "&" in joined:
                if resolved(joined) is None:
                    continue
                rows = [[resolved(value) or "" for value in row] for row in rows]
            self._number += 1
            self._runs[str(self._number)] = Run(*form, rows)
            lines = "\n" * text.count("\n", begun, at)  # errors further on name their line
            out += (text[given:begun], f'<{form[0]} {self._mark}="{self._number}"{lines}><_/></{form[0]}>')
            given = at
        out.append(text[given:])
        return "".join(out)

    def _form(self, record: re.Match[str]) -> tuple[_Form | None, list[str]]:
        """The form of a record, and its texts."""
        name = record[1]
        fields = _FIELD.findall(record[0], len(name) + 2)
        names = tuple([field for field, _ in fields])
        if not all(map(_is_name, names)):
            return None, []
        return (name, names), [value for _, value in fields]

    def _usual(self, form: _Form) -> _Match | None:
        """What matches the next record of the same form, once there have been some."""
        if len(form[1]) > _FIELDS or (form not in self._seen and len(self._seen) >= _FORMS):
            return None
        seen = self._seen[form] = self._seen.get(form, 0) + 1
        return _of_form(*form) if seen >= _SAME else None


@lru_cache(maxsize=4096)
def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _of_form(name: str, fields: tuple[str, ...]) -> _Match:
    inner = "".join(rf"\s*<{field}(?:>([^<]*)</{field}>|/>)" for field in map(re.escape, fields))
    return re.compile(rf"\s*<{re.escape(name)}>{inner}\s*</{re.escape(name)}>").match
