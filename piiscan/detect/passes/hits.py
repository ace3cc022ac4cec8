"""From a recognizer's result to a hit at its place in the document."""

from __future__ import annotations

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import norm_of, why_of
from piiscan.detect.normalize import compact
from piiscan.model import Hit, Segment

__all__ = ["hit_of", "norm_in"]


def hit_of(result: RecognizerResult, segment: Segment) -> Hit:
    """The hit that a result in the text of a segment is; one that was put together of parts has its value with it."""
    location, start = segment.locate(result.start)
    value = segment.text[result.start : result.end]
    metadata = result.recognition_metadata or {}
    return Hit(
        entity=result.entity_type,
        location=location,
        start=start,
        end=start + len(value),
        score=round(float(result.score), 4),
        recognizer=str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "")),
        value=str(metadata.get("value", value)),
        norm=norm_in(result, segment.text),
        why=why_of(result),
    )


def norm_in(result: RecognizerResult, text: str) -> str:
    """The compared form of what was found."""
    return norm_of(result) or compact(text[result.start : result.end])
