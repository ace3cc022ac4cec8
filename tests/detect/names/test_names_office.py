"""Office texts written by hand: what is found in them must not become less."""

from __future__ import annotations

import re
from pathlib import Path

from piiscan.detect.names import NameRecognizer

TEXTS = [
    line.replace("⏎", "\n").replace("⇥", "\t")
    for line in (Path(__file__).parent / "office.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_MARKED = re.compile(r"\[([^\[\]]*)\]")


def test_names_in_office_texts_are_found() -> None:
    names = NameRecognizer()
    right = found = wanted = 0
    for marked in TEXTS:
        text, gold, last = "", set(), 0
        for match in _MARKED.finditer(marked):
            text += marked[last : match.start()]
            gold.add((len(text), len(text) + len(match[1])))
            text += match[1]
            last = match.end()
        text += marked[last:]
        spans = {(r.start, r.end) for r in names.analyze(text) if r.score >= 0.5}
        right += len(spans & gold)
        found += len(spans)
        wanted += len(gold)
    assert right / found >= 0.92
    assert right / wanted >= 0.93
