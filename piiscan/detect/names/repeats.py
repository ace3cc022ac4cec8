"""Sentences that differ in their figures alone: 12件目の処理を開始します, 13件目の処理を開始します.

A log is such sentences by the thousand. The model reads some of each kind, spread over the text; where it sees nobody in any of
them, it does not read the others. What is read depends on the text alone, never on what was read before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

__all__ = ["first_look"]

_FIGURES = re.compile(r"[0-9０-９]+")
#: So many of each kind are read before the others are left out.
_SAMPLES: Final = 6
#: A kind with fewer sentences is read whole.
_LEAST: Final = 12
#: Where less than this share of a text would be left out, all of it is read: a sentence is read a little better after its neighbour.
_WORTH: Final = 0.5

Span = tuple[int, int]


def _most_alike(text: str, sentences: Sequence[Span]) -> int:
    """No kind has more sentences: so many end in the same three characters, all that have a figure there counted as one."""
    ends = [text[max(start, end - 3) : end] for start, end in sentences]
    figured = sum(_FIGURES.search(tail) is not None for tail in ends) if _FIGURES.search("".join(ends)) else 0
    return max(figured, *Counter(ends).values())


def first_look(text: str, sentences: Sequence[Span]) -> tuple[list[Span], list[tuple[list[Span], list[Span]]]]:
    """``(read, [(samples, others), …])``: the sentences to be read first, in order, and the kinds of which that leaves some.

    :param sentences: ``(start, end)`` of each, in order. The samples of every kind are among those to be read.
    """
    if len(sentences) < _LEAST or _most_alike(text, sentences) < _LEAST:
        return list(sentences), []
    kinds: dict[str, list[Span]] = {}
    for start, end in sentences:
        kinds.setdefault(_FIGURES.sub("0", text[start:end]), []).append((start, end))
    if len(kinds) > len(sentences) - _LEAST + 1:
        return list(sentences), []
    read: list[Span] = []
    left: list[tuple[list[Span], list[Span]]] = []
    for alike in kinds.values():
        if len(alike) < _LEAST:
            read += alike
            continue
        chosen = {i * (len(alike) - 1) // (_SAMPLES - 1) for i in range(_SAMPLES)}
        samples = [span for i, span in enumerate(alike) if i in chosen]
        read += samples
        left.append((samples, [span for i, span in enumerate(alike) if i not in chosen]))
    if sum(end - start for _, others in left for start, end in others) < _WORTH * len(text):
        return list(sentences), []
    return sorted(read), left
