"""A record of hits becomes rated findings: over the border, by the lists of the settings, with their levels."""

from __future__ import annotations

from piiscan.assess.levels import Levels
from piiscan.engine.listed import Listed
from piiscan.masking import Sealer
from piiscan.model import Finding, Hit, Record

__all__ = ["sealed"]


def sealed(
    record: Record, sealer: Sealer, levels: Levels, listed: Listed, *, path: str = "", member: str = "", number: int = 0
) -> list[tuple[Finding, Hit]]:
    """Each finding that stays, with the hit that it was sealed from.

    :param path: of the file, ``/``-separated, below its root; empty for a text that is no file.
    :param number: of the record in its file.
    """
    kind = record.kind
    if listed.empty:  # a large list makes a million findings: each is made once, level and all
        hits = [hit for hit in record.hits if hit.score >= listed.threshold]
        rates = levels.levels_of([(hit.entity, hit.score) for hit in hits], kind)
        return [
            (sealer.seal(hit, member=member, record=number, level=level, law=levels.law_of(hit.entity)), hit)
            for hit, level in zip(hits, rates, strict=True)
        ]
    pairs = [(sealer.seal(hit, member=member, record=number), hit) for hit in record.hits]
    pairs = [(finding, hit) for finding, hit in pairs if listed.kept(finding, hit, path)]
    rated = levels.rate([finding for finding, _ in pairs], kind)
    return [(listed.raised(finding, hit, path), hit) for finding, (_, hit) in zip(rated, pairs, strict=True)]
