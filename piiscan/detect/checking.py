"""Runs the examples of every rule through the code that scans use (``piiscan recognizers check``).

Each rule carries examples that must be found and counter-examples that must
not. A person who changes a rule sees at once what the change broke.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from piiscan.catalogue import Catalogue, Rule, load_catalogue
from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.normalize import compact
from piiscan.model import Hit, Part, Role, Segment
from piiscan.settings import Detection

__all__ = ["Fault", "check_rules"]


@dataclass(frozen=True, slots=True)
class Fault:
    """An example that does not hold.

    :ivar entity: the rule.
    :ivar number: which example of its list, from 1.
    :ivar list_name: ``match`` or ``no_match``.
    :ivar what: what happened instead. Example texts are invented, so they may be quoted.
    """

    entity: str
    list_name: str
    number: int
    what: str

    def __str__(self) -> str:
        """In one sentence."""
        return f"{self.entity}: examples.{self.list_name}[{self.number}]: {self.what}"


def check_rules(folders: Sequence[Path] = (), entities: Sequence[str] = ()) -> list[Fault]:
    """The faults of all rules (none: all examples hold).

    :param folders: further folders with rules.
    :param entities: only these; all by default.
    :raises CatalogueError: when a rule cannot be read.
    """
    catalogue = load_catalogue(folders)
    kit = Kit(Detection(recognizers=tuple(folders), financial_sensitive=True), catalogue)
    return [fault for rule in _chosen(catalogue, entities) for fault in _check(kit, rule)]


def _chosen(catalogue: Catalogue, entities: Sequence[str]) -> Iterator[Rule]:
    return (rule for rule in catalogue.rules.values() if not entities or rule.entity in entities)


def _check(kit: Kit, rule: Rule) -> Iterator[Fault]:
    for number, example in enumerate(rule.examples.match, 1):
        hits = [hit for hit in _hits(kit, example.text, rule) if hit.entity == rule.entity]
        if not hits:
            yield Fault(rule.entity, "match", number, f"nothing is found in {example.text!r}; widen the rule or remove the example")
        elif example.value and not any(compact(hit.value) == compact(example.value) for hit in hits):
            found = ", ".join(repr(hit.value) for hit in hits)
            yield Fault(
                rule.entity,
                "match",
                number,
                f"{found} is found in {example.text!r}, not {example.value!r}; correct the rule or the example",
            )
    for number, example in enumerate(rule.examples.no_match, 1):
        wrong = [hit.value for hit in _hits(kit, example.text, rule) if hit.entity == rule.entity]
        if wrong:
            found = ", ".join(repr(value) for value in wrong)
            yield Fault(
                rule.entity,
                "no_match",
                number,
                f"{found} is found in {example.text!r}; narrow the rule (look-arounds, against words, check) or remove the example",
            )


def _hits(kit: Kit, text: str, rule: Rule) -> Iterator[Hit]:
    document = Document(kit)
    role = Role.OCR if rule.engine == "cards" else Role.BODY
    for record in document.feed(Segment(Part("text"), text, role)):
        yield from record.hits
    for record in document.finish():
        yield from record.hits
