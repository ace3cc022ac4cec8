"""What several readers make of what they read: segments of a size that detection works best on, and tables of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from piiscan.model import Location, Paragraph, Part, Role, Segment, Table

__all__ = ["BLOCK", "cut", "paragraphs", "table_of"]

BLOCK = 8_000  # characters of a segment; detection works best on some thousands


def cut(location: Location, text: str, role: Role = Role.BODY) -> Iterator[Segment]:
    """A text of any length at one location, in segments of some thousand characters cut at line ends or spaces."""
    if not text.strip():
        return
    start = 0
    while start < len(text):
        end = min(start + BLOCK, len(text))
        if end < len(text):
            for sign in ("\n", "\x0b", "。", " ", "\t"):
                at = text.rfind(sign, start + BLOCK // 2, end)
                if at > 0:
                    end = at + 1
                    break
        yield Segment(location, text[start:end], role, offset=start)
        start = end


def paragraphs(number: int, lines: list[str]) -> Iterator[Segment]:
    """Paragraphs from ``number`` on; one that is longer than a segment should be is cut."""
    group: list[str] = []
    for i, line in enumerate(lines):
        if len(line) > 2 * BLOCK:
            if any(group):
                yield Segment(Paragraph(number + i - len(group)), "\n".join(group))
            for piece in cut(Part(""), line):
                yield Segment(Paragraph(number + i), piece.text, offset=piece.offset)
            group = []
        else:
            group.append(line)
    if any(line.strip() for line in group):
        yield Segment(Paragraph(number + len(lines) - len(group)), "\n".join(group))


def table_of(name: str, records: Sequence[Mapping[str, str]], order: Iterable[str] = ()) -> Table:
    """Records as rows under a header of all their labels: those of ``order`` in this order, the others as they come."""
    used = dict.fromkeys(label for record in records for label in record)
    labels = tuple(dict.fromkeys([*(label for label in order if label in used), *used]))
    return Table(name, (labels, *(tuple(record.get(label, "") for label in labels) for record in records)))
