"""Lists read from a picture: where cells lie near one another the reader takes some of them for one, so that the lines have tabs here and blanks there."""

from __future__ import annotations

from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import LABEL, TOKEN, line_blocks

__all__ = ["level"]

_LEAST_LABELS: Final = 3
_LEAST_ROWS: Final = 3


def level(text: str, words: Words) -> str:
    """The text with blanks for the tabs of a list under a header whose lines have different numbers of them; its length stays."""
    if "\t" not in text:
        return text
    for block in line_blocks(text, ()):
        for at, head in enumerate(block[:-_LEAST_ROWS]):
            tokens = [match[0] for match in TOKEN.finditer(head.text)]
            if len(tokens) < _LEAST_LABELS or words.labels(tokens, LABEL) < 0.7 * len(tokens):
                continue
            rows = [line for line in block[at:] if len(TOKEN.findall(line.text)) >= len(tokens) - 1]
            if len(rows) > _LEAST_ROWS and len({line.text.count("\t") for line in rows}) > 1:
                start, end = head.start, block[-1].span[1]
                text = text[:start] + text[start:end].replace("\t", " ") + text[end:]
            break
    return text
