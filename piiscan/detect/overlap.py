"""Two recognizers claim the same characters: who keeps them.

The order is simple enough to explain to a person: an address keeps its span
against names and numbers inside it; then the higher score wins; then the longer
span; then the kind that says more. Some pairs are no conflict (a postal code
inside an address), and sensitive words never conflict with anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from presidio_analyzer import RecognizerResult

__all__ = ["resolve"]

#: (inner, outer): the inner one may lie inside the outer one, both are kept.
_NESTS = frozenset(
    {
        ("JP_POSTAL_CODE", "JP_ADDRESS"),
        ("EMAIL_ADDRESS", "PERSONAL_URL"),
    }
)

#: When score and length are equal, the earlier kind wins.
_ORDER = (
    "JP_ADDRESS",
    "EMAIL_ADDRESS",
    "CREDENTIAL",
    "JP_MY_NUMBER",
    "CREDIT_CARD",
    "JP_CORPORATE_NUMBER",
    "JP_DRIVER_LICENSE",
    "JP_PASSPORT",
    "JP_RESIDENCE_CARD",
    "JP_BASIC_PENSION_NUMBER",
    "JP_RESIDENT_CODE",
    "JP_HEALTH_INSURANCE",
    "JP_EMPLOYMENT_INSURANCE",
    "JP_BANK_ACCOUNT",
    "PHONE_NUMBER",
    "DATE_OF_BIRTH",
    "JP_POSTAL_CODE",
    "PERSON",
)
_RANK = {entity: rank for rank, entity in enumerate(_ORDER)}
#: Spans that, once likely, keep names and numbers out whatever those score.
_STRONG_OUTER = {"JP_ADDRESS": 0.5, "EMAIL_ADDRESS": 0.5}


def _key(found: RecognizerResult) -> tuple[float, float, int, int, int]:
    strong = found.score >= _STRONG_OUTER.get(found.entity_type, 2.0)
    return (
        0.0 if strong else 1.0,
        -round(found.score, 2),
        -(found.end - found.start),
        _RANK.get(found.entity_type, len(_RANK)),
        found.start,
    )


def _compatible(a: RecognizerResult, b: RecognizerResult) -> bool:
    if a.entity_type.startswith("JP_SENSITIVE") or b.entity_type.startswith("JP_SENSITIVE"):
        return bool(a.entity_type != b.entity_type)
    for inner, outer in ((a, b), (b, a)):
        if (inner.entity_type, outer.entity_type) in _NESTS and outer.start <= inner.start and inner.end <= outer.end:
            return True
    return False


def resolve(found: Iterable[RecognizerResult]) -> list[RecognizerResult]:
    """The results that stay, in text order.

    :param found: results of any recognizers over one text.
    """
    by_start: list[RecognizerResult] = sorted(found, key=lambda r: (r.start, r.end))
    kept: list[RecognizerResult] = []
    # Conflicts are only possible inside a run of touching spans; runs are short, so the square inside is cheap.
    run: list[RecognizerResult] = []
    run_end = -1
    for result in by_start:
        if result.start >= run_end:
            kept.extend(_resolve_run(run))
            run, run_end = [], result.end
        run.append(result)
        run_end = max(run_end, result.end)
    kept.extend(_resolve_run(run))
    kept.sort(key=lambda r: (r.start, r.end))
    return kept


def _resolve_run(run: list[RecognizerResult]) -> list[RecognizerResult]:
    if len(run) < 2:
        return run
    kept: list[RecognizerResult] = []
    for result in sorted(run, key=_key):
        if all(result.end <= other.start or other.end <= result.start or _compatible(result, other) for other in kept):
            kept.append(result)
    return kept
