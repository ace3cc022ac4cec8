"""How the recognizers of piiscan look: Presidio recognizers, plus two small habits.

Every recognizer is a :class:`presidio_analyzer.EntityRecognizer` for language
``ja`` whose ``analyze(text, entities, nlp_artifacts)`` takes the *original* text
(it calls :func:`piiscan.detect.normalize.fold` itself; that is cached), and
returns :class:`presidio_analyzer.RecognizerResult` made by :func:`result`. So
any Presidio user can use them one by one.

The habits: ``recognition_metadata`` carries ``why`` (a tuple of short reasons
without values) and ``norm`` (the value in its compared form); and the offsets
point into the original text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from presidio_analyzer import AnalysisExplanation, RecognizerResult

__all__ = ["ValueMatch", "is_modelled", "norm_of", "result", "why_of"]


class ValueMatch(NamedTuple):
    """A whole cell judged by itself: how probable by form and check when the column says so, and where in the cell.

    :ivar norm: the compared form.
    :ivar start: offsets of the value within the cell's text.
    :ivar whole: a name whose parts the lists have, with nothing beside it in the cell.
    """

    score: float
    norm: str
    start: int
    end: int
    whole: bool = False

    def __repr__(self) -> str:
        """Without the value."""
        return f"ValueMatch({self.score:.2f}, {self.start}:{self.end})"


def result(
    entity: str,
    start: int,
    end: int,
    score: float,
    *,
    recognizer: str,
    norm: str,
    why: Sequence[str] = (),
    **extra: Any,
) -> RecognizerResult:
    """A Presidio result in the form that the rest of piiscan understands.

    :param start: offset of the first character in the original text.
    :param end: offset after the last.
    :param score: 0 to 1, meant as a probability.
    :param norm: the value as compared and fingerprinted.
    :param why: reasons for people, without values.
    """
    score = max(0.0, min(1.0, score))
    return RecognizerResult(
        entity_type=entity,
        start=start,
        end=end,
        score=score,
        analysis_explanation=AnalysisExplanation(recognizer=recognizer, original_score=score, textual_explanation="; ".join(why)),
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer,
            "norm": norm,
            "why": tuple(why),
            **extra,
        },
    )


def norm_of(found: RecognizerResult) -> str:
    """The compared form of the value (empty when a foreign recognizer made it)."""
    return str((found.recognition_metadata or {}).get("norm", ""))


def why_of(found: RecognizerResult) -> tuple[str, ...]:
    """The reasons."""
    return tuple((found.recognition_metadata or {}).get("why", ()))


def is_modelled(why: Sequence[str]) -> bool:
    """Whether nothing but the model speaks for a name."""
    return why[0].startswith("model") if len(why) == 1 else all(reason.startswith("model") for reason in why)
