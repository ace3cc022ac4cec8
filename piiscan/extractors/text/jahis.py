"""Medication notebooks (電子版お薬手帳, JAHISTC…): a patient's records of different kinds, which become the lines of one notebook."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.plain import open_text
from piiscan.model import Part, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "jahis"
MEDIA_TYPES = ("text/x-jahis",)
SUFFIXES = ()
DOC = FormatDoc(
    description="Medication notebooks of pharmacies (JAHISTC01 to 08)",
    description_ja="電子版お薬手帳データ（JAHISTC01～08）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("the patient, past illnesses and allergies, drugs with dose and use, physicians, pharmacists, institutions, notes",),
    sees_ja=("患者、既往歴・アレルギー歴、薬品と用量・用法、医師、薬剤師、医療機関・薬局、備考とメモ",),
    limitations=("records of kinds that are not in the specification are shown without a label",),
    limitations_ja=("仕様書にない種類のレコードは見出しなしで読みます",),
    references=("JAHIS 電子版お薬手帳データフォーマット仕様書 Ver.2.4 (JAHIS標準)",),
)

#: Fields of each kind of record by their place behind its number; those without a name are codes.
_RECORDS: dict[str, tuple[str, ...]] = {
    "1": ("患者氏名", "性別", "生年月日", "郵便番号", "住所", "電話番号", "緊急連絡先", "血液型", "体重", "フリガナ"),
    "2": ("", "特記事項"),
    "3": ("市販薬", "服用開始日", "服用終了日"),
    "4": ("メモ", "記入日"),
    "5": ("調剤日",),
    "11": ("薬局名", "", "", "", "薬局郵便番号", "薬局所在地", "薬局電話番号"),
    "15": ("薬剤師氏名", "連絡先"),
    "51": ("医療機関名",),
    "55": ("処方医師氏名", "診療科"),
    "201": ("", "薬品名", "用量", "単位"),
    "281": ("", "服用上の注意"),
    "291": ("", "服用上の注意"),
    "301": ("", "用法", "調剤数量", "単位"),
    "311": ("", "用法補足"),
    "391": ("", "処方内容の注意"),
    "401": ("服用上の注意",),
    "411": ("情報提供",),
    "421": ("残薬",),
    "501": ("備考",),
    "601": ("患者記入欄", "記入日"),
    "701": ("かかりつけ薬剤師氏名", "連絡先"),
}
_NOTED = {"1": "アレルギー歴", "2": "副作用歴", "3": "既往歴"}
_SEXES = {"1": "男", "2": "女"}
_LINES = 2_000


def extract(reading: Reading) -> Iterator[Piece]:
    """Each patient's notebook as labelled lines."""
    lines: list[str] = []
    number = records = 0
    for record in csv.reader(_lines(reading)):
        if not record or record[0].startswith("JAHISTC"):
            continue
        if record[0] == "1" or len(lines) >= _LINES:
            if lines:
                yield _notebook(number, lines)
            number += record[0] == "1"
            lines = [] if record[0] == "1" else lines[:1]
        records += 1
        lines.extend(_labelled(record))
    if lines:
        yield _notebook(number, lines)
    if not records:
        yield problem(ProblemKind.BROKEN, "no records")


def _notebook(number: int, lines: Sequence[str]) -> Segment:
    return Segment(Part(f"notebook {number}" if number > 1 else "notebook"), "\n".join(["お薬手帳", *lines]))


def _labelled(record: Sequence[str]) -> Iterator[str]:
    kind, fields = record[0], record[1:]
    names = _RECORDS.get(kind)
    if names is None:
        yield "　".join(field for field in fields if field)
        return
    told = ["" if name in {"用量", "単位", "調剤数量"} else name for name in names]
    for name, field in zip(told, fields, strict=False):
        if name and field.strip():
            value = _SEXES.get(field, field) if name == "性別" else field
            yield f"{_NOTED.get(fields[0], name) if kind == '2' else name}：{value}" + _amount(kind, name, fields)


def _amount(kind: str, name: str, fields: Sequence[str]) -> str:
    """The amount behind a drug or its use, with its unit."""
    if (kind, name) in {("201", "薬品名"), ("301", "用法")} and len(fields) > 3:
        return f"　{fields[2]}{fields[3]}"
    return ""


def _lines(reading: Reading) -> Iterator[str]:
    rest = ""
    for text in open_text(reading):
        *whole, rest = (rest + text).split("\n")
        yield from whole
    if rest:
        yield rest
