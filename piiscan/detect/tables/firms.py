"""Tables of organisations: the number of a switchboard, info@ and the postal code of an office are no person's.

Only where a column is of organisations and none is of persons, and in a row
that names nobody. What reaches one person all the same stays: a mobile number,
an address that is no role's. So does where the office is, which ranks low by
itself. An account is nobody's where its holder, or whoever the row names, has a firm's form: ｶ)ｱｵﾊﾞｼｽﾃﾑｽﾞ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.checks import is_role_address
from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.plans import ColumnPlan, Mode
from piiscan.detect.tables.words import TableKit, Words, plain
from piiscan.model import Hit

__all__ = ["Firms"]

#: What a table of organisations may hold.
_OF_FIRMS: Final = frozenset({"PHONE_NUMBER", "EMAIL_ADDRESS", "JP_ADDRESS", "JP_POSTAL_CODE", "JP_CORPORATE_NUMBER", "JP_BANK_ACCOUNT"})
#: Who holds an account: a person or a firm, as the values say.
_HOLDERS: Final = frozenset(
    {
        "口座名義",
        "口座名義人",
        "口座名義(カナ)",
        "口座名義カナ",
        "名義",
        "名義人",
        "名義(カナ)",
        "振込先名義",
        "受取人",
        "受取人名",
        "預金者名",
    }
)
#: A firm among the holders of accounts, as banks write it.
_LEGAL_FORM: Final = re.compile(
    r"^(?:カ|ユ|ド|シヤ|ザイ|フク|イ|ガク|トク|エヌピーオー)\)|\((?:カ|ユ|ド|シヤ|ザイ|フク|イ|ガク)\)?|\((?:カ|ユ)$"
)
_MOBILE: Final = ("070", "080", "090", "060")
#: A cell that is a name with this probability may be somebody's who works alone.
_A_NAME: Final = 0.8


class Firms:
    """The rows of one table, if it is one of organisations."""

    def __init__(self, plans: Sequence[ColumnPlan], words: Words, kit: TableKit) -> None:
        self._kit = kit
        rules = words.rules
        texts = [(plan, plain(plan.raw_header)) for plan in plans]
        self._named = [plan.index for plan, text in texts if text in rules.organisations]
        self._called = [plan.index for plan, text in texts if text in rules.named_so]
        self._holders = [plan.index for plan, text in texts if text in _HOLDERS]
        self._forms = rules.organisation_forms
        self._seen: dict[str, bool] = {}
        self._idle = not (self._named or self._called) or any(_of_person(plan, words) for plan in plans)

    def of_nobody(self, hits: Sequence[tuple[int, Hit]], row: Sequence[str]) -> bool:
        """Whether a row is an organisation's and names no person."""
        if self._idle or any(hit.entity not in _OF_FIRMS for _, hit in hits):
            return False
        return any(cell and not self._may_be_name(cell) for cell in (cell_of(row, i) for i in self._named)) or any(
            self._has_form(cell_of(row, i)) for i in self._called
        )

    def kept(self, hits: Sequence[tuple[int, Hit]], row: Sequence[str]) -> list[tuple[int, Hit]]:
        """The hits of such a row without those that are nobody's."""
        firms_own = any(self._has_form(cell_of(row, i)) for i in (*self._named, *self._called)) or any(
            _LEGAL_FORM.search(nfkc(cell_of(row, i))) for i in self._holders
        )
        return [(i, hit) for i, hit in hits if not (_is_offices(hit) or (firms_own and hit.entity == "JP_BANK_ACCOUNT"))]

    def _has_form(self, cell: str) -> bool:
        text = "".join(nfkc(cell).lower().split())
        return bool(text) and (text.startswith(self._forms) or text.endswith(self._forms))

    def _may_be_name(self, cell: str) -> bool:
        known = self._seen.get(cell)
        if known is None:
            match = None if self._has_form(cell) else self._kit.value("PERSON", cell)
            known = match is not None and match.score >= _A_NAME and match.end - match.start == len(cell)
            self._seen[cell] = known
        return known


def _of_person(plan: ColumnPlan, words: Words) -> bool:
    """Whether a column is of persons, or of what only persons have."""
    if plan.surely or (plan.entity in {"", "PERSON"} and plain(plan.raw_header) in _HOLDERS):
        return False  # firms and people: each row says which
    if plan.name_part >= 0 or (plan.mode is Mode.VALUE and plan.entity and plan.entity not in _OF_FIRMS) or plan.inside:
        return True
    header = plan.raw_header
    if not header or plan.entity or plain(header) in words.rules.organisations | words.rules.named_so:
        return False
    return any(entity == "PERSON" for entity, _ in words.label(header).kinds) and not words.against("PERSON", header)


def _is_offices(hit: Hit) -> bool:
    if hit.entity == "PHONE_NUMBER":
        return not "".join(filter(str.isdigit, nfkc(hit.value))).removeprefix("81").startswith((*_MOBILE, "70", "80", "90"))
    return hit.entity == "JP_POSTAL_CODE" or (hit.entity == "EMAIL_ADDRESS" and is_role_address(nfkc(hit.value)))
