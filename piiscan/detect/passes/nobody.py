"""Drops what is about nobody: the usual people of examples (記入例), a persona, an animal's illness, people of history; says who is dead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from piiscan.detect.around import PERSON_OF_HISTORY, SAID_TO_BE_DEAD
from piiscan.detect.passes.profile import Profile
from piiscan.detect.same_names import SameNames, is_family_of_history
from piiscan.detect.samples import instructs, is_invented, is_played, is_sure_example, is_test_person, is_usual_example, shows_how
from piiscan.model import Hit, Record, RecordKind

__all__ = ["Nobody"]


class Nobody:
    """Whom of a document's people there is not, by what its name and titles say.

    :param same: the full names of the document, and who of them is dead.
    """

    def __init__(self, profile: Profile, same: SameNames) -> None:
        self._profile = profile
        self._same = same
        # whether a person of history was named
        self._of_history = False
        self._head: str | None = None
        self._is_nobodys: Callable[[Hit], bool] = self._is_no_persons

    def left_out(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records without what is about nobody."""
        for record in records:
            unwanted = self._unwanted()
            if any(map(unwanted, record.hits)):
                record = replace(record, hits=tuple(hit for hit in record.hits if not unwanted(hit)))
            if self._same.late:  # 別府美穂名義の預金, of the late 別府美穂
                record = replace(record, hits=tuple(map(self._of_the_late, record.hits)))
            historic = [hit for hit in record.hits if PERSON_OF_HISTORY in hit.why]
            if historic or self._of_history:  # 太宰は苦手です, after 夏目漱石
                self._of_history = True
                record = replace(record, hits=tuple(map(_as_of_history, record.hits)))
                historic = [hit for hit in record.hits if PERSON_OF_HISTORY in hit.why]
            if historic and len(historic) < len(record.hits):  # 北斎 is not who answers the telephone of his exhibition
                record = replace(record, hits=tuple(hit for hit in record.hits if hit not in historic))
                yield Record(RecordKind.LOOSE, tuple(historic))
            if record.hits:
                yield record

    def _unwanted(self) -> Callable[[Hit], bool]:
        """Which hits are about nobody; asked again when the head has grown."""
        if self._head is not self._profile.head:
            self._head = self._profile.head
            titles = self._profile.titles()
            if any(map(is_invented, titles)):
                self._is_nobodys = _is_of_a_person
            elif any(map(shows_how, titles)):
                self._is_nobodys = _is_usual
            elif any(map(instructs, titles)):
                self._is_nobodys = self._is_told
            elif any(map(is_played, titles)):
                self._is_nobodys = _is_sensitive
            else:
                self._is_nobodys = self._is_no_persons
        return self._is_nobodys

    def _of_the_late(self, hit: Hit) -> Hit:
        late = hit.entity == "PERSON" and not hit.header and hit.norm in self._same.late and SAID_TO_BE_DEAD not in hit.why
        return replace(hit, why=(*hit.why, SAID_TO_BE_DEAD)) if late else hit

    def _is_told(self, hit: Hit) -> bool:
        return is_sure_example(hit.entity, hit.value) or self._is_no_persons(hit)

    def _is_no_persons(self, hit: Hit) -> bool:
        if hit.entity == "PERSON":
            return is_test_person(hit.value)
        return hit.entity.startswith("JP_SENSITIVE_") and self._profile.about_animals()


def _as_of_history(hit: Hit) -> Hit:
    of_history = hit.entity == "PERSON" and PERSON_OF_HISTORY not in hit.why and is_family_of_history(hit.norm, hit.why)
    return replace(hit, why=(*hit.why, PERSON_OF_HISTORY)) if of_history else hit


def _is_usual(hit: Hit) -> bool:
    return is_usual_example(hit.entity, hit.value)


def _is_sensitive(hit: Hit) -> bool:
    return hit.entity.startswith("JP_SENSITIVE_")


def _is_of_a_person(hit: Hit) -> bool:
    return hit.entity in {"PERSON", "AGE", "GENDER"} or _is_sensitive(hit)
