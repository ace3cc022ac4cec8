"""Address books in vCard (.vcf): a card is a person, so it becomes a row of a table."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.segments import table_of
from piiscan.extractors.text._contentlines import ContentLine, content_lines
from piiscan.model import Part, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "vcard"
MEDIA_TYPES = ("text/vcard", "text/x-vcard")
SUFFIXES = (".vcf", ".vcard")
DOC = FormatDoc(
    description="Address books in vCard 2.1, 3 and 4",
    description_ja="アドレス帳（vCard）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=(
        "names with their reading, companies, telephones, addresses, birthdays, notes, fields of telephones' own",
        "quoted-printable Shift_JIS as old telephones write it",
        "photographs (read as files of their own)",
    ),
    sees_ja=(
        "氏名とふりがな、会社、電話番号、住所、誕生日、メモ、携帯電話独自の項目",
        "古い携帯電話が書き出すquoted-printableのShift_JIS",
        "写真（別のファイルとして読みます）",
    ),
    limitations=("a card in a card (AGENT) is read as a card of its own",),
    limitations_ja=("カードの中のカード（AGENT）は独立したカードとして読みます",),
    references=("RFC 6350", "RFC 2426", "vCard 2.1"),
)

_CARDS = 1_000
_FORMAL = frozenset({"BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "SOURCE", "KIND", "CLASS", "MAILER", "TZ", "CLIENTPIDMAP", "XML"})
_PLAIN = {
    "FN": "氏名", "NICKNAME": "ニックネーム", "TITLE": "役職", "ROLE": "職務", "BDAY": "生年月日", "ANNIVERSARY": "記念日", "URL": "URL",
    "NOTE": "備考", "CATEGORIES": "分類", "GENDER": "性別", "SORT-STRING": "フリガナ", "X-PHONETIC-LAST-NAME": "フリガナ（姓）",
    "X-PHONETIC-FIRST-NAME": "フリガナ（名）", "IMPP": "メッセージ", "RELATED": "関係者", "X-SPOUSE": "配偶者", "X-GENDER": "性別",
}  # fmt: skip
_PHONES = (("FAX", "FAX"), ("CELL", "携帯電話"), ("HOME", "自宅電話"), ("WORK", "勤務先電話"))


def extract(reading: Reading) -> Iterator[Piece]:
    """A single card as labelled lines, several as a table; then photographs and the like."""
    cards: list[dict[str, str]] = []
    tables, number = 0, 0
    card: dict[str, str] | None = None
    open_card = False
    with reading.open() as file:
        for line in content_lines(file):
            if line.name == "BEGIN":
                if card:
                    cards.append(card)
                card, number, open_card = {}, number + 1, True
            elif line.name == "END":
                if card:
                    cards.append(card)
                card, open_card = None, False
            elif line.data:
                yield reading.spool(f"{number} {line.name.lower()}", line.data)
            elif line.name not in _FORMAL:
                card = card if card is not None else {}
                _take(card, line)
            if len(cards) >= _CARDS:
                tables += 1
                yield table_of(f"連絡先{tables}", cards)
                cards = []
    if card:
        cards.append(card)
    if len(cards) == 1 and not tables:
        yield Segment(Part("card"), "\n".join(f"{label}：{value}" for label, value in cards[0].items()))
    elif cards:
        yield table_of(f"連絡先{tables + 1}", cards)
    if open_card:
        yield problem(ProblemKind.BROKEN_PART, "a card ends early")


def _take(card: dict[str, str], line: ContentLine) -> None:
    """Put a property into the card, under the name that people have for it."""
    name = line.name
    if name == "N":
        family, given = (*line.parts(), "", "")[:2]
        if not card.get("氏名"):
            _put(card, "氏名", f"{family} {given}".strip())
    elif name == "FN":
        text = line.text()
        if text:
            card["氏名"] = text  # the name as it is shown stands for its parts
    elif name == "SOUND" and "X-IRMC-N" in line.kinds:
        _put(card, "フリガナ", " ".join(part for part in line.parts() if part))
    elif name == "ORG":
        company, *units = line.parts()
        _put(card, "会社名", company)
        _put(card, "部署", " ".join(unit for unit in units if unit))
    elif name == "TEL":
        label = next((label for kind, label in _PHONES if kind in line.kinds), "電話番号")
        _put(card, label, line.text().removeprefix("tel:"))
    elif name == "EMAIL":
        _put(card, "メールアドレス", line.text().removeprefix("mailto:"))
    elif name in {"ADR", "LABEL"}:
        _address(card, line)
    elif name in _PLAIN:
        _put(card, _PLAIN[name], line.text())
    else:
        text = " ".join(part for part in line.parts() if part)
        _put(card, name.removeprefix("X-"), text)


def _address(card: dict[str, str], line: ContentLine) -> None:
    """Post office box, extra, street, city, prefecture, postal code, country: Japanese addresses go from large to small."""
    place = "勤務先" if "WORK" in line.kinds else "自宅" if "HOME" in line.kinds else ""
    if line.name == "LABEL":
        _put(card, f"{place}住所", line.text().replace("\n", " "))
        return
    box, extra, street, city, region, postal, country = (*line.parts(), *[""] * 7)[:7]
    _put(card, f"{place}郵便番号", postal)
    native = f"{region}{city}{street}{extra}{box}"
    if native.isascii():
        native = " ".join(filter(None, (box, extra, street, city, region, country)))
    _put(card, f"{place}住所", native)


def _put(card: dict[str, str], label: str, text: str) -> None:
    """Under the label, or under it with a number when it is taken."""
    if not text or text in card.values():
        return
    key, number = label, 1
    while key in card:
        number += 1
        key = f"{label}{number}"
    card[key] = text
