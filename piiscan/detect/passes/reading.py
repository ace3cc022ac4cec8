"""The first pass: what stands in a text, weighed by what is around it and by what the document is."""

from __future__ import annotations

import re
from collections.abc import Callable

from presidio_analyzer import RecognizerResult

from piiscan.detect.around import weigh
from piiscan.detect.births import born_beside
from piiscan.detect.kit import Kit
from piiscan.detect.passes.echoes import Echoes
from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.sensitive import SensitiveWords
from piiscan.detect.passes.subject import Subject

__all__ = ["Reading"]

_POSTAL = re.compile(r"〒?[ \u3000]?[0-9０-９]{3}[-‐‑–—−－ー]?[0-9０-９]{4}[\s,、]*")


class Reading:
    """The prose pipeline over one document, and what its tables are read with (:class:`~piiscan.detect.tables.words.TableKit`).

    :param threshold: of the score from which on a result counts.
    :param whole_addresses: leave a postal code in the span of the address behind it.
    :param check: called for every text; raises when the file's time is up.
    """

    def __init__(
        self,
        kit: Kit,
        profile: Profile,
        subject: Subject,
        threshold: float,
        *,
        whole_addresses: bool,
        check: Callable[[], None],
    ) -> None:
        self._kit = kit
        self._profile = profile
        self._subject = subject
        self._echoes = Echoes()
        self._whole_addresses = whole_addresses
        self._check = check
        self._sensitive_words = SensitiveWords(kit, profile, threshold)
        self.catalogue = kit.catalogue
        self.sensitive = kit.sensitive
        self.value = kit.value

    def spot(self, text: str) -> list[RecognizerResult]:
        """Everything in cells of a table that are read as text."""
        return self.read(text, cells=True)

    def read(self, text: str, *, cells: bool = False, table_waits: bool = False) -> list[RecognizerResult]:
        """Everything in a text, with the sensitive words that are about a person.

        :param cells: whether it is the text of cells of a table.
        :param table_waits: whether a table above it is not read yet.
        """
        self._check()
        found = self._kit.spot(text)
        if not self._whole_addresses:
            for result in found:
                if result.entity_type == "JP_ADDRESS" and (code := _POSTAL.match(text, result.start, result.end)):
                    result.start = code.end()
        found += self._echoes.of(text, found)
        numbered = any(result.entity_type == "JP_MY_NUMBER" for result in found)
        weigh(found, text, of_my_number=numbered and self._profile.about_my_numbers(), cells=cells)
        found += born_beside(text, found)
        self._subject.note(found, text)
        self._sensitive_words.note_names(found, text)
        # a personal form names whom it is about, though the table that does so may not be read yet
        named = self._subject.is_named or (not cells and table_waits and bool(self._profile.form()))
        return found + self._sensitive_words.about_persons(text, found, subject_named=named)
