"""Calendars (.ics): an event or task is a row, with its organiser and attendees."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.segments import table_of
from piiscan.extractors.text._contentlines import ContentLine, content_lines
from piiscan.model import Part, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "icalendar"
MEDIA_TYPES = ("text/calendar",)
SUFFIXES = (".ics", ".ical", ".vcs")
DOC = FormatDoc(
    description="Calendars (iCalendar, vCalendar)",
    description_ja="カレンダー（iCalendar）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("subject, place, description, organiser, attendees, contacts, comments, links", "attached files that lie inside"),
    sees_ja=(
        "件名、場所、説明、主催者、出席者、連絡先、コメント、リンク",
        "中に収められた添付ファイル",
    ),
    limitations=("repetitions and time zones are not worked out",),
    limitations_ja=("繰り返しとタイムゾーンは計算しません",),
    references=("RFC 5545", "vCalendar 1.0"),
)

_EVENTS = 1_000
_KINDS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_LABELS = {
    "SUMMARY": "件名", "DTSTART": "開始", "LOCATION": "場所", "ORGANIZER": "主催者", "ATTENDEE": "参加者", "CONTACT": "連絡先", "DESCRIPTION": "説明",
    "COMMENT": "コメント", "URL": "URL", "X-ALT-DESC": "説明（HTML）", "RELATED-TO": "", "CATEGORIES": "分類",
}  # fmt: skip


def extract(reading: Reading) -> Iterator[Piece]:
    """The calendar's own name, then its events as a table."""
    events: list[dict[str, str]] = []
    tables, files = 0, 0
    event: dict[str, str] | None = None
    depth = 0
    with reading.open() as file:
        for line in content_lines(file):
            kind = line.value.strip().upper()
            depth += (line.name == "BEGIN") - (line.name == "END")
            if line.name == "BEGIN" and kind in _KINDS:
                event = {}
            elif line.name == "END" and kind in _KINDS:
                if event:
                    events.append(event)
                event = None
            elif line.data:
                files += 1
                yield reading.spool(line.params.get("X-FILENAME") or line.params.get("FILENAME") or f"attachment {files}", line.data)
            elif event is None and line.name in {"X-WR-CALNAME", "X-WR-CALDESC", "NAME", "DESCRIPTION"}:
                yield Segment(Part("calendar"), line.text())
            elif event is not None and _LABELS.get(line.name):
                label, text = _LABELS[line.name], _told(line)
                event[label] = f"{event[label]}, {text}" if label in event else text
            if len(events) >= _EVENTS:
                tables += 1
                yield table_of(f"予定{tables}", events, _LABELS.values())
                events = []
    if event:
        events.append(event)
    if events:
        yield table_of(f"予定{tables + 1}", events, _LABELS.values())
    if depth > 0:
        yield problem(ProblemKind.BROKEN_PART, "the calendar ends early")


def _told(line: ContentLine) -> str:
    """A person as ``name <address>``; anything else as its text."""
    text = line.text()
    if line.name in {"ORGANIZER", "ATTENDEE"}:
        address = text[7:] if text.lower().startswith("mailto:") else text
        name = line.params.get("CN", "")
        return f"{name} <{address}>" if name and address and name != address else name or address
    return text
