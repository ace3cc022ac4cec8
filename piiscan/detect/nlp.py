"""Presidio's NLP engine for us: SudachiPy tokens, no model, so nothing heavy loads.

Presidio asks its engine for tokens and lemmas (for its context words). Our own
recognizers do not need them, but other people's recognizers in the same
registry do, and get real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

__all__ = ["SudachiNlpEngine"]

#: SudachiPy refuses more than 49,149 bytes; four bytes a character is the worst case.
_MAX_CHARS = 12_000


class SudachiNlpEngine(NlpEngine):
    """Tokens, dictionary forms as lemmas; no named entities. Language ``ja`` only."""

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._vocab: Any = None

    def load(self) -> None:
        """Open the Sudachi dictionary (0.2 s)."""
        import sudachipy
        from spacy.vocab import Vocab

        self._tokenizer = sudachipy.Dictionary().create(mode=sudachipy.SplitMode.C)
        self._vocab = Vocab()

    def is_loaded(self) -> bool:
        """Whether :meth:`load` was called."""
        return self._tokenizer is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Tokenise ``text`` of any length.

        :raises ValueError: for another language than ``ja``.
        """
        from spacy.tokens import Doc

        if language != "ja":
            raise ValueError(f"piiscan's engine reads Japanese ('ja'), not {language!r}")
        words: list[str] = []
        lemmas: list[str] = []
        indices: list[int] = []
        for start in range(0, len(text), _MAX_CHARS):
            for morpheme in self._tokenizer.tokenize(text[start : start + _MAX_CHARS]):
                surface = morpheme.surface()
                if not surface.strip():
                    continue
                words.append(surface)
                lemmas.append(morpheme.dictionary_form())
                indices.append(start + morpheme.begin())
        document = Doc(self._vocab, words=words, spaces=[False] * len(words))
        return NlpArtifacts([], document, indices, lemmas, self, language)

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,  # noqa: ARG002 -- Presidio's signature
        n_process: int = 1,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """One after the other."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 -- Presidio's signature
        """Single hiragana are particles and endings."""
        return len(word) == 1 and "ぁ" <= word <= "ん"

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002 -- Presidio's signature
        """No letter and no digit in it."""
        return not any(ch.isalnum() for ch in word)

    def get_supported_entities(self) -> list[str]:
        """None: names come from our own recognizer."""
        return []

    def get_supported_languages(self) -> list[str]:
        """``["ja"]``."""
        return ["ja"]
