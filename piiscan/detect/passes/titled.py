"""Lists whose title says of those listed what is sensitive: 透析ベッド配置表, 門徒名簿, 食物アレルギー児童一覧 over names and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from piiscan.detect.normalize import fold
from piiscan.detect.passes.profile import Profile
from piiscan.detect.sensitive import SensitiveRecognizer
from piiscan.model import Hit, Location, Record, RecordKind, Segment, Table

__all__ = ["TitledList"]

#: A title stands in the first lines, is no longer, and has a word that proves so much.
_FIRST: Final = 3
_CHARS: Final = 40
_PROVES: Final = 0.8
#: So many people make a list.
_LEAST: Final = 3
#: What a title of a list ends with, and what it has before that where others than those of whom the word speaks are listed.
_LIST = re.compile(r"(?P<rest>[^。:]{0,10}?)(?:[表図]|一覧表?|名簿|台帳|リスト|マップ|スケジュール)(?:[ (].*)?$")
_OTHERS = re.compile(
    r"担当|スタッフ|職員|医師|医療|機関|病院|看護師?|当番|講師|教室|講座|研修|機器|薬|物品|在庫|料金|費|点数|コード|項目|相談|予防|検診|室|統計|数|窓口|施設|会社|企業"
)


class TitledList:
    """Reports a title of a document once it is known that people are listed below it, of whom nothing else says so.

    :param sensitive: knows the words.
    :param profile: tells whether the document is a long text.
    """

    def __init__(self, sensitive: SensitiveRecognizer, profile: Profile) -> None:
        self._sensitive = sensitive
        self._profile = profile
        self._lines = 0
        self._title: Hit | None = None
        self._named: set[str] = set()
        self._told = False

    def look(self, piece: Segment | Table) -> None:
        """Look for a title in what comes first."""
        if self._lines >= _FIRST:
            return
        if isinstance(piece, Table):
            for r, row in enumerate(piece.rows):
                if self._lines >= _FIRST:
                    return
                if len(cells := [i for i, cell in enumerate(row) if cell.strip()]) == 1:
                    self._judge(row[cells[0]], piece.cell(r, cells[0]), 0)
                self._lines += bool(cells)
            return
        at = 0
        for line in piece.text.split("\n", _FIRST)[:_FIRST]:
            if line.strip() and self._lines < _FIRST:
                location, start = piece.locate(at)
                self._judge(line, location, start)
                self._lines += 1
            at += len(line) + 1

    def _judge(self, line: str, location: Location, start: int) -> None:
        if self._title is not None or len(line.strip()) > _CHARS or not _LIST.search(folded := fold(line).rstrip(" 】」』]>》")):
            return
        for word in self._sensitive.candidates(line):
            behind = _LIST.match(folded, word.end)
            if behind is None or _OTHERS.search(behind["rest"]) or word.grade < _PROVES or word.hypothetical or word.negated or word.family:
                continue
            value = line[word.start : word.end]
            why = ("listed word", "title over a list of people")
            self._title = Hit(
                word.entity, location, start + word.start, start + word.end, word.grade, "sensitive", value, word.norm, why=why
            )
            return

    def told(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records as they are, whose people are counted."""
        if self._title is None or self._told:
            yield from records
            return
        for record in records:
            for hit in record.hits:
                self._told = self._told or hit.entity.startswith("JP_SENSITIVE_")
                if hit.entity == "PERSON" and len(self._named) < _LEAST:
                    self._named.add(hit.norm)
            yield record

    def finish(self) -> Iterator[Record]:
        """The title, where people are listed and nothing sensitive was said of anybody."""
        if self._title is not None and not self._told and len(self._named) >= _LEAST and not self._profile.is_long:
            yield Record(RecordKind.LOOSE, (self._title,))
