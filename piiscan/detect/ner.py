"""GiNZA as a second opinion on names, where the small model is unsure. Off by default (``detection.ner``).

GiNZA is some hundred times slower than the name model and no better by itself, so it is asked only about sentences in
which the model found a span with a middling probability, in batches, and within a time budget for each file. What it was not
asked for lack of time, or because it is not installed, is in :attr:`SecondOpinion.problems`: sentences that become a
``names-skipped`` row of the report, never silence.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

__all__ = ["LIMIT_BYTES", "SecondOpinion"]

#: GiNZA's tokenizer (SudachiPy) refuses longer inputs.
LIMIT_BYTES = 49_149
_PERSON = frozenset({"Person", "PERSON", "Name_Other"})
_BATCH = 32


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    """The GiNZA pipeline of this process, tokenizer and entities only.

    :raises ImportError, OSError: when spaCy, GiNZA or its model is missing.
    """
    import spacy

    return spacy.load("ja_ginza", exclude=["parser", "compound_splitter", "bunsetu_recognizer", "morphologizer"])


class SecondOpinion:
    """Asks GiNZA for persons in sentences, under a budget of seconds that :meth:`reset` renews for each file.

    :ivar problems: what could not be asked and why, one sentence each, without text of the document.
    """

    def __init__(self, budget_seconds: float = 20.0) -> None:
        self.budget = budget_seconds
        self.problems: list[str] = []
        self._left = budget_seconds
        self._missing = ""

    def reset(self) -> None:
        """A new file: the whole budget, no problems."""
        self._left = self.budget
        self.problems = []

    def persons(self, sentences: Sequence[str]) -> list[set[tuple[int, int]] | None]:
        """Character spans of the persons in each sentence; ``None`` for a sentence that was not asked."""
        answers: list[set[tuple[int, int]] | None] = [None] * len(sentences)
        if not sentences:
            return answers
        if self._missing or self._left <= 0:
            self._report(self._missing or f"GiNZA's budget of {self.budget:g} seconds is used up")
            return answers
        try:
            pipeline = _pipeline()
        except (ImportError, OSError) as error:
            self._missing = f"GiNZA is not installed ({type(error).__name__})"
            self._report(self._missing)
            return answers
        asked = [i for i, sentence in enumerate(sentences) if len(sentence.encode("utf-8", "replace")) <= LIMIT_BYTES]
        if len(asked) < len(sentences):
            self._report(f"a sentence is longer than the {LIMIT_BYTES} bytes that GiNZA reads")
        for at in range(0, len(asked), _BATCH):
            if self._left <= 0:
                self._report(f"GiNZA's budget of {self.budget:g} seconds is used up")
                break
            began = time.perf_counter()
            batch = asked[at : at + _BATCH]
            for i, doc in zip(batch, pipeline.pipe([sentences[i] for i in batch], batch_size=_BATCH), strict=True):
                answers[i] = {(span.start_char, span.end_char) for span in doc.ents if span.label_ in _PERSON}
            self._left -= time.perf_counter() - began
        return answers

    def _report(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)
