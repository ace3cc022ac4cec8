"""The labelled share of another hand: what it says is in a file stands there, and the same seed makes the same files."""

from __future__ import annotations

import base64
import dataclasses
import functools
import html
import io
import json
import quopri
import re
from typing import Any

import openpyxl
import pytest

from tools.share_maker.blind2 import make_blind2
from tools.share_maker.blind3 import Blind3Maker
from tools.share_maker.blind4 import Blind4Maker
from tools.share_maker.blind5 import Blind5Maker
from tools.share_maker.blind6 import Blind6Maker
from tools.share_maker.blind7 import Blind7Maker
from tools.share_maker.building import Labelled
from tools.share_maker.more4 import More4Maker
from tools.share_maker.prose import load
from tools.share_maker.stranger import StrangerMaker, make_stranger

SETS = {
    "blind": ("stranger_people.yaml", "stranger_nobody.yaml"),
    "more": ("stranger_more.yaml", "stranger_more.yaml"),
    "typical": ("stranger_typical.yaml", "stranger_typical.yaml"),
}
_TEXT = (".txt", ".md", ".log", ".csv", ".vcf")


def made(name: str, seed: int) -> StrangerMaker:
    maker = StrangerMaker(seed)
    make_stranger(maker, 30, 8, *SETS[name])
    return maker


@pytest.mark.parametrize("name", SETS)
def test_what_is_labelled_stands_in_the_file(name: str) -> None:
    files = made(name, 3).files
    assert len(files) == 38
    assert sum(file.negative for file in files) == 8
    for file in files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        if file.path.endswith(_TEXT):
            encodings = ("utf-8-sig", "cp932")
            text = next(text for encoding in encodings if (text := _decoded(file.content, encoding)) is not None)
            flat = text.replace('"', "")
            assert all(value in flat for _, value, _ in file.truth), file.path


@functools.cache
def third(name: str, people: int, nobody: int) -> list[Labelled]:
    maker = Blind3Maker(3)
    make_blind2(maker, people, nobody, *(("blind3_people.yaml", "blind3_nobody.yaml") if name == "blind3" else ("blind3_more.yaml",) * 2))
    return maker.files


#: Every template of the third stranger once.
_THIRD = {"blind3": (128, 82), "more3": (53, 21)}


@pytest.mark.parametrize("name", _THIRD)
def test_the_third_strangers_files_hold_what_they_are_labelled_with(name: str) -> None:
    files = third(name, *_THIRD[name])
    assert sum(file.negative for file in files) == _THIRD[name][1]
    for file in files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        if file.path.endswith((*_TEXT, ".tsv", ".ldif", ".jsonl", ".dat", ".tex", ".rb")):
            text = next(text for encoding in ("utf-8-sig", "cp932") if (text := _decoded(file.content, encoding)) is not None)
            flat = re.sub(r"[\s,\"]", "", text)
            assert all(any(re.sub(r"[\s,\"]", "", form) in flat for form in (value, norm)) for _, value, norm in file.truth), file.path
        assert not re.search(rb"\{[a-z_]+[0-9]?\}", file.content) or file.path.endswith((".docx", ".xlsx", ".pdf", ".pptx")), file.path


#: Where a value stands in pieces or encoded.
_BINARY = (".docx", ".eml", ".html", ".json", ".pdf", ".pptx", ".xlsx")


class _EveryTextForm(More4Maker):
    """Writes each template in its first form and what was filled in once more in each of the other forms that are text."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.more: list[Labelled] = []

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        for other in template["forms"]:
            path = f"{made.path}_{other}.{other.partition('_')[0]}"
            if other != form and not path.endswith(_BINARY):
                self.more.append(dataclasses.replace(made, path=path, content=super().content(made, template, other, text)))
        return super().content(made, template, form, text)


@functools.cache
def fifth() -> list[Labelled]:
    """Every template of the fifth stranger."""
    maker = _EveryTextForm(13)
    people, nobody = "more4_people.yaml", "more4_nobody.yaml"
    make_blind2(maker, len(load(people)), len(load(nobody)), people, nobody)
    return maker.files + maker.more


def test_the_fifth_strangers_files_hold_what_they_are_labelled_with() -> None:
    seen = set()
    for file in fifth():
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        assert not any(re.search(r"[{}|⏎;]|<<", value) for _, value, norm in file.truth if not norm), file.path
        assert all(value.strip() for _, value, _ in file.truth), file.path
        if file.path.endswith(_BINARY):
            continue
        seen.add(file.path.rpartition(".")[2])
        assert not re.search(rb"\{[a-z_]+[0-9]?\}|<<[^>\n]*;[^>\n]*>>", file.content), file.path
        text = _plain(file)
        flat = re.sub(r"[\s,\"年月日]", "", text)
        missing = [v for _, v, n in file.truth if not any(re.sub(r"[\s,\"年月日]", "", form) in flat for form in (v, n) if form)]
        assert not missing, (file.path, missing)
    assert {"csv", "ics", "ini", "java", "jsonl", "ldif", "log", "rb", "rtf", "sql", "tsv", "txt", "vcf", "xml", "yaml"} <= seen


def _plain(file: Labelled) -> str:
    """The text of a file, without the wrapping of directories, phones and word processors."""
    if file.path.endswith(".rtf"):
        return re.sub(r"\\u(-?\d+)\?", lambda match: chr(int(match.group(1)) % 65536), file.content.decode("ascii"))
    if b"QUOTED-PRINTABLE" in file.content:
        return quopri.decodestring(file.content).decode("cp932")
    text = next(text for encoding in ("utf-8-sig", "cp932") if (text := _decoded(file.content, encoding)) is not None)
    return re.sub(r"(?m)(?<=:: ).*$", lambda match: base64.b64decode(match.group()).decode("utf-8"), text)


def test_the_machine_readable_lines_of_a_passport_have_44_signs_and_right_checks() -> None:
    lines = _plain(next(file for file in fifth() if "MRZ" in file.path)).split()[1:]
    assert {len(line) for line in lines} == {44}
    number = lines[1]
    assert number[9] == str(sum((7, 3, 1)[i % 3] * int(ch, 36) for i, ch in enumerate(number[:9])) % 10)


def test_a_record_of_the_banks_file_has_its_120_characters() -> None:
    transfers = next(file for file in third("blind3", *_THIRD["blind3"]) if "全銀" in file.path)
    assert {len(line) for line in transfers.content.splitlines()} == {120}


#: Every template of the fourth stranger twice, so that most are made in two forms.
_FOURTH = (346, 158)


@functools.cache
def fourth(people: int, nobody: int) -> list[Labelled]:
    maker = Blind4Maker(4)
    make_blind2(maker, people, nobody, "blind4_people.yaml", "blind4_nobody.yaml")
    return maker.files


def test_the_fourth_strangers_files_hold_what_they_are_labelled_with() -> None:
    files = fourth(*_FOURTH)
    assert sum(file.negative for file in files) == _FOURTH[1]
    for file in files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        if file.path.endswith((*_TEXT, ".tsv", ".jsonl", ".json", ".dat", ".sql", ".xml", ".ini", ".ics", ".html")):
            text = next(text for encoding in ("utf-8-sig", "cp932") if (text := _decoded(file.content, encoding)) is not None)
            flat = re.sub(r"[\s,\"]", "", html.unescape(text))
            assert all(any(re.sub(r"[\s,\"]", "", form) in flat for form in (value, norm)) for _, value, norm in file.truth), file.path
            assert not re.search(r"\{[a-z_]+[0-9]?\}|^%[A-Z]|^===|[¶~]", text, re.MULTILINE), file.path


def test_sections_merged_cells_and_broken_lines_of_the_fourth_are_those_of_the_file() -> None:
    text = "=== 甲\n題\n区分 | 氏名 | <\n^ | 姓 | 名\n%C B3 代理\n=== 乙\n住所 | _ | 〒1¶町"
    book = openpyxl.load_workbook(io.BytesIO(Blind4Maker(1).content(Labelled("x.xlsx"), {"name": "x"}, "xlsx_text", text)))
    assert book.sheetnames == ["甲", "乙"]
    assert {str(span) for span in book["甲"].merged_cells.ranges} == {"A2:A3", "B2:C2"}
    assert book["甲"]["B3"].comment.text == "代理"
    assert book["乙"]["C1"].value == "〒1\n町"
    turned = Blind4Maker(1).content(Labelled("x.csv"), {"name": "x"}, "csv_turned", "題\n氏名 | 国語\n甲 | 5\n乙 | 4")
    assert turned.decode("cp932").splitlines() == ["題", "氏名,甲,乙", "国語,5,4"]


_OFFICE = (".docx", ".eml", ".pdf", ".pptx", ".xlsx")


class _WithoutBinary(Blind5Maker):
    """Keeps what was filled in for each file, and makes no office files: those take the time."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.texts: dict[str, str] = {}

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        self.texts[made.path] = text
        return b"" if made.path.endswith((*_OFFICE, ".zip")) else super().content(made, template, form, text)


@functools.cache
def sixth() -> _WithoutBinary:
    """Every template of the sixth stranger once."""
    maker = _WithoutBinary(5)
    make_blind2(maker, 184, 79, "blind5_people.yaml", "blind5_nobody.yaml")
    return maker


def test_the_sixth_strangers_files_hold_what_they_are_labelled_with() -> None:
    for file in sixth().files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        _holds(sixth().texts[file.path].replace("|", ""), file)
        if file.content:
            text = next(text for encoding in ("utf-8-sig", "cp932") if (text := _decoded(file.content, encoding)) is not None)
            _holds(html.unescape(text), file)
            assert file.negative or not re.search(r"\{[a-z_]+[0-9]?\}|<<|^%[A-Z]|^===|[¶~]", text, re.MULTILINE), file.path


def _holds(text: str, file: Labelled) -> None:
    flat = re.sub(r"[\s,\"]", "", text)
    assert all(any(re.sub(r"[\s,\"]", "", form) in flat for form in (value, norm)) for _, value, norm in file.truth), file.path


def test_a_list_of_the_sixth_keeps_to_one_notation() -> None:
    maker = Blind5Maker(2)
    made = Labelled("x.csv")
    rows = [line.split("|") for line in maker.filled("*30-30|{uname}|{utel}|{udob}", made).split("\n")]
    for column in zip(*rows, strict=True):
        assert len({re.sub(r"[^\s\-‐－年月日./()]+", "x", cell) for cell in column if "・" not in cell}) == 1, column
    assert len(made.truth) == 90


def test_the_sixths_exports_hold_the_same_rows() -> None:
    text = "name | tel\n林'子 | 090\n森<子 | 080"
    exported = {
        form: Blind5Maker(1).content(Labelled("x"), {"name": "x"}, form, text).decode() for form in ("json_rows", "sql_rows", "xml_rows")
    }
    assert json.loads(exported["json_rows"])["items"] == [{"name": "林'子", "tel": "090"}, {"name": "森<子", "tel": "080"}]
    assert "('林''子', '090'),\n('森<子', '080');" in exported["sql_rows"]
    assert "<name>森&lt;子</name>" in exported["xml_rows"]


class _SeventhWithoutBinary(_WithoutBinary, Blind6Maker):
    """The seventh stranger's, without office files."""


@functools.cache
def seventh() -> _SeventhWithoutBinary:
    """Every template of the seventh stranger once."""
    maker = _SeventhWithoutBinary(6)
    people, nobody = "blind6_people.yaml", "blind6_nobody.yaml"
    make_blind2(maker, len(load(people)), len(load(nobody)), people, nobody)
    return maker


def test_the_seventh_strangers_files_hold_what_they_are_labelled_with() -> None:
    for file in seventh().files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        filled = seventh().texts[file.path]
        _holds(filled.replace("|", ""), file)
        assert not re.search(r"\[\[|\]\]\B|<<|\{[a-z_]+[0-9]?\}", filled), file.path


class _EighthWithoutBinary(_WithoutBinary, Blind7Maker):
    """The eighth stranger's, without office files."""


def test_the_eighth_strangers_files_hold_what_they_are_labelled_with() -> None:
    maker = _EighthWithoutBinary(7)
    people, nobody = "blind7_people.yaml", "blind7_nobody.yaml"
    make_blind2(maker, len(load(people)), len(load(nobody)), people, nobody)
    for file in maker.files:
        assert not (file.negative and (file.truth or file.people or file.sensitive)), file.path
        assert file.negative or file.people, file.path
        filled = maker.texts[file.path]
        assert not re.search(r"\[\[|\]\]\B|<<|\{[a-z_]+[0-9]?\}", filled), file.path
        flat = re.sub(r"[年月日\s,\"|]", "", filled)  # a birth date may be spread over the cells of its year, month and day
        assert all(any(re.sub(r"[年月日\s,\"]", "", form) in flat for form in (value, norm)) for _, value, norm in file.truth), file.path


def test_words_written_out_are_labelled_and_namesakes_are_two_people() -> None:
    made = Labelled("x.txt")
    text = Blind6Maker(1).filled("[[山田@山田花子]] [[JP_ADDRESS!甲市乙町1-2]] [[?丙]] {nospace} {twin} {twintel} {late}", made)
    assert text.startswith("山田 甲市乙町1-2 丙 ")
    assert made.truth[-2:] == [("PERSON", "山田", ""), ("JP_ADDRESS", "甲市乙町1-2", "")]
    assert [entity for entity, *_ in made.truth[:-2]] == ["PERSON", "PERSON", "PHONE_NUMBER"]
    assert made.truth[0] == made.truth[1]
    assert len(made.people) == 3
    assert made.ignored[-1] == "丙"
    assert text.endswith(made.ignored[0])


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _few_of_the_fifth() -> list[Labelled]:
    maker = More4Maker(3)
    make_blind2(maker, 12, 4, "more4_people.yaml", "more4_nobody.yaml")
    return maker.files


def test_a_seed_makes_the_same_share() -> None:
    one, two = made("typical", 5).files, made("typical", 5).files
    assert [(f.path, f.truth, f.people) for f in one] == [(f.path, f.truth, f.people) for f in two]
    assert [f.truth for f in made("typical", 6).files] != [f.truth for f in one]
    first, again = _few_of_the_fifth(), _few_of_the_fifth()
    assert [(f.path, f.truth, f.content) for f in first] == [(f.path, f.truth, f.content) for f in again]
    assert [(f.path, f.truth) for f in third("blind3", 10, 1)[:10]] == [(f.path, f.truth) for f in third("blind3", *_THIRD["blind3"])[:10]]
    assert [(f.path, f.truth) for f in fourth(10, 1)[:10]] == [(f.path, f.truth) for f in fourth(*_FOURTH)[:10]]
    again = _WithoutBinary(5)
    make_blind2(again, 10, 1, "blind5_people.yaml", "blind5_nobody.yaml")
    assert [(f.path, f.truth) for f in again.files[:10]] == [(f.path, f.truth) for f in sixth().files[:10]]
