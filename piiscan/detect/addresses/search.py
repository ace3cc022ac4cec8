"""Where an address may begin in raw text: names of prefectures and municipalities, labels that stand alone, 〒.

The search goes by the last character, which is one of few, then by the last two: ten times faster than an automaton.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["Search"]


class Search:
    """The names and labels to be found, in all spellings.

    :param names: of prefectures and municipalities.
    :param labels: below which a town without municipality is an address.
    """

    def __init__(self, names: Iterable[str], labels: Iterable[str]) -> None:
        self._is_label = dict.fromkeys(names, False) | dict.fromkeys(labels, True)
        lengths: dict[str, set[int]] = {}
        for word in self._is_label:
            lengths.setdefault(word[-2:], set()).add(len(word))
        self._lengths = {tail: tuple(sorted(found, reverse=True)) for tail, found in lengths.items()}
        self._last = re.compile(f"[〒{''.join(sorted({tail[-1] for tail in lengths}))}]")

    def starts(self, text: str) -> Iterator[tuple[int, bool]]:
        """``(start, is a label)`` of each name in the text; of names that overlap the one that begins first, then the longest."""
        pending: tuple[int, int, bool] | None = None
        for start, end, alone in self._words(text):
            if pending is not None:
                if start <= pending[0]:
                    pending = (start, end, alone)
                    continue
                if alone == pending[2] and start < pending[1]:
                    continue
                yield pending[0], pending[2]
            pending = (start, end, alone)
        if pending is not None:
            yield pending[0], pending[2]

    def _words(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """``(start, end, is a label)`` of the longest name, label or 〒 that ends at each place, by end."""
        lengths, is_label = self._lengths, self._is_label
        for match in self._last.finditer(text):
            end = match.end()
            for length in lengths.get(text[end - 2 : end], ()):
                if length <= end and (alone := is_label.get(text[end - length : end])) is not None:
                    yield end - length, end, alone
                    break
            else:
                if text[end - 1] == "〒":
                    yield end - 1, end, True
