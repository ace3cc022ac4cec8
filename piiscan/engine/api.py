"""The public Python names: :func:`analyze_text`, :func:`presidio_analyzer`, :func:`scan`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piiscan.masking import FingerprintKey, Sealer
from piiscan.model import FileReport, Finding, Hit, Item, Part, Segment
from piiscan.settings import Detection, Settings

if TYPE_CHECKING:
    from piiscan.engine.analyse import Analyst
    from piiscan.engine.listed import Listed

__all__ = [
    "Revealed",
    "analyze_text",
    "analyze_with_hits",
    "check_recognizers",
    "explain_text",
    "inspect_file",
    "presidio_analyzer",
    "scan",
]

_BLOCK = 16_000


@dataclass(frozen=True, slots=True)
class Revealed:
    """A finding together with its raw value, for a person who asked to see it. Never stored."""

    finding: Finding
    value: str
    format: str = ""

    def __repr__(self) -> str:
        """Without the value."""
        return f"Revealed({self.finding!r})"


def analyze_text(text: str, *, settings: Settings | None = None) -> list[Finding]:
    """Personal data in a text.

    :param text: any length.
    :param settings: of these, ``detection`` counts; its lists too. Where a list names a value by its fingerprint, the key of the
        inventory is read (or made), else the fingerprints are those of this process.
    :raises OSError, ValueError: when that key can be neither read nor made.
    :return: findings in text order; ``start``/``end`` are character offsets in ``text``.
    """
    found: list[Finding] = []
    for pairs in _findings(text, settings or _defaults()):
        found += [finding for finding, _ in pairs]
    # two orders, each by numbers that are there: pairs of them would take as much again as the findings
    found.sort(key=attrgetter("end"))
    found.sort(key=attrgetter("start"))
    return found


def analyze_with_hits(text: str, settings: Settings) -> list[tuple[Finding, Hit]]:
    """Like :func:`analyze_text`, each finding with the hit that it was sealed from."""
    found = [pair for pairs in _findings(text, settings) for pair in pairs]
    return sorted(found, key=lambda pair: (pair[0].start, pair[0].end))


def _findings(text: str, settings: Settings) -> Iterator[list[tuple[Finding, Hit]]]:
    """What is found, a record at a time, with the hits."""
    from piiscan.assess.levels import Levels
    from piiscan.catalogue import load_catalogue
    from piiscan.detect.document import Document
    from piiscan.detect.kit import Kit
    from piiscan.engine.sealing import sealed

    listed = _listed(settings.detection)
    document = Document(Kit.of(settings.detection), threshold=listed.threshold, whole_addresses=True)
    own = settings.detection.recognizers
    levels = Levels.load(catalogue=load_catalogue(own)) if own else _levels(Levels)
    fingerprints = any(rule.fingerprint for rule in (*settings.detection.allow, *settings.detection.deny))
    sealer = Sealer(FingerprintKey.load_or_create(settings.key_path()) if fingerprints else _key())
    for start, end in _blocks(text):
        for record in document.feed(Segment(Part("text"), text[start:end], offset=start)):
            yield sealed(record, sealer, levels, listed)
    for record in document.finish():
        yield sealed(record, sealer, levels, listed)


_cache: dict[str, Any] = {}


def _defaults() -> Settings:
    if "settings" not in _cache:
        _cache["settings"] = Settings()
    settings: Settings = _cache["settings"]
    return settings


def _levels(kind: Any) -> Any:
    if "levels" not in _cache:
        _cache["levels"] = kind.load()
    return _cache["levels"]


@lru_cache(maxsize=4)
def _listed(detection: Detection) -> Listed:
    from piiscan.engine.listed import Listed

    return Listed(detection)


def _key() -> FingerprintKey:
    if "key" not in _cache:
        _cache["key"] = FingerprintKey.random()
    key: FingerprintKey = _cache["key"]
    return key


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while len(text) - start > _BLOCK:
        end = start + _BLOCK
        for mark in ("\n\n", "\n", "。", " "):
            at = text.rfind(mark, start + _BLOCK // 2, end)
            if at > 0:
                end = at + len(mark)
                break
        yield start, end
        start = end
    yield start, len(text)


def presidio_analyzer(settings: Settings | None = None) -> Any:
    """A Presidio ``AnalyzerEngine`` with piiscan's recognizers: ``.analyze(text, language="ja")``."""
    from piiscan.detect.kit import Kit

    return Kit.of((settings or Settings()).detection).presidio()


def explain_text(text: str, settings: Settings, lang: str) -> list[str]:
    """Sentences about what matched a pattern in ``text`` and was kept or dropped, and why. Values are not quoted."""
    from piiscan.detect.kit import Kit

    return [reason.sentence(lang) for reason in Kit.of(settings.detection).patterns.explain_text(text)]


def compared_form(entity: str, value: str, settings: Settings) -> tuple[str, bool]:
    """A value as findings of that kind are compared, and whether the kind's recognizer knows its form."""
    from piiscan.detect.kit import Kit
    from piiscan.detect.normalize import compact

    match = Kit.of(settings.detection).value(entity, value)
    return (match.norm, True) if match is not None else (compact(value), False)


def check_recognizers(folders: Sequence[Path] = ()) -> list[str]:
    """Run every example of every rule through the code that scans use; one sentence a fault.

    :raises CatalogueError: when a rule cannot be read.
    """
    from piiscan.detect.checking import check_rules

    return [str(fault) for fault in check_rules(tuple(folders))]


def inspect_file(
    path: Path, settings: Settings, *, analyst: Analyst | None = None, key: FingerprintKey | None = None, below: str = ""
) -> tuple[FileReport, list[Revealed]]:
    """One file in this process; every finding with its value. No inventory is touched.

    :param below: its path below the folder that is looked at, by which the lists of the settings go; its name when empty.
    """
    from piiscan.engine.analyse import Analyst

    revealed: list[Revealed] = []
    reader = analyst or Analyst(settings, key or FingerprintKey.random())
    item = Item("inspect", below or path.name, str(path), size=path.stat().st_size)
    with tempfile.TemporaryDirectory(prefix="piiscan-inspect-") as folder:
        report = reader.analyse(item, path, Path(folder), lambda finding, hit, form: revealed.append(Revealed(finding, hit.value, form)))
    return report, revealed


def scan(root: str, *, settings: Settings | None = None) -> Iterator[FileReport]:
    """Reports of everything below ``root``, one after the other, in this process; no inventory.

    :raises RootError: when the root cannot be scanned.
    """
    from piiscan.engine.stream import reports_of
    from piiscan.sources import source_for

    settings = settings or Settings()
    yield from reports_of(source_for(root, settings), settings, FingerprintKey.random(), jobs=0)
