"""Records of the banks' files of transfers as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from piiscan.detect.text_tables.lines import TextTable

__all__ = ["transfers"]

_TRANSFER_FIELDS: Final = {"bank": "銀行名", "branch": "支店名", "kind": "預金種目", "account": "口座番号", "holder": "口座名義"}
_TRANSFER_TEXT = r"[ｦ-ﾟA-Z0-9()｢｣.,/\\ -]"
#: source: 全国銀行協会 レコード・フォーマット (総合振込, 給与振込, 預金口座振替), data record: the first 90 of its 120 characters.
_TRANSFER = re.compile(
    rf"(?m)^2[0-9]{{4}}(?P<bank>{_TRANSFER_TEXT}{{15}})[0-9]{{3}}(?P<branch>{_TRANSFER_TEXT}{{15}})[0-9 ]{{4}}(?P<kind>[1249])(?P<account>[0-9]{{7}})"
    rf"(?P<holder>{_TRANSFER_TEXT}{{30}})[0-9]{{10}}"
)
#: The same fields with blanks or commas between: 2 0001 001 1 5769085 ｵｵﾂｶ ﾘｮｳ
_TRANSFER_LIST = re.compile(
    rf"(?m)^2[ ,]?[0-9]{{4}}[ ,]?[0-9]{{3}}[ ,]?(?P<kind>[1249])[ ,]?(?P<account>[0-9]{{7}})[ ,]?(?P<holder>[ｦ-ﾟA-Z]{_TRANSFER_TEXT}{{2,29}}?)(?=[ ,]*[0-9]{{4}}|[ ,]*$)"
)
_TRANSFER_GATE = re.compile(r"(?m)^2[ ,]?[0-9]{4}[ ,]?(?:[ｦ-ﾟA-Z]|[0-9]{3}[ ,]?[1249][ ,]?[0-9]{7}[ ,]?[ｦ-ﾟA-Z])")


def transfers(text: str) -> Iterator[TextTable]:
    """Data records of the Japanese Bankers Association's files of transfers and debits (全銀協規定形式), and of lists made after them.

    Their fields have fixed places, or single blanks between, and no header; a record of another kind (header, trailer, end) parts nothing.
    """
    for layout in (_TRANSFER, _TRANSFER_LIST) if _TRANSFER_GATE.search(text) else ():
        matches = list(layout.finditer(text))
        if matches:
            head = tuple(_TRANSFER_FIELDS[name] for name in layout.groupindex)
            fields = [[(match.start(name), match[name].rstrip()) for name in layout.groupindex] for match in matches]
            rows = tuple(tuple(cell for _, cell in row) for row in fields)
            places = tuple(tuple(place for place, _ in row) for row in fields)
            yield TextTable(tuple(match.span() for match in matches), (head, *rows), ((-1,) * len(head), *places))
            return
