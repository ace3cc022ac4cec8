"""The labelled share of another hand: what it says is in a file stands there, and the same seed makes the same files."""

from __future__ import annotations

import functools
import re

import pytest

from tools.share_maker.blind2 import make_blind2
from tools.share_maker.blind3 import Blind3Maker
from tools.share_maker.building import Labelled
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


def test_a_record_of_the_banks_file_has_its_120_characters() -> None:
    transfers = next(file for file in third("blind3", *_THIRD["blind3"]) if "全銀" in file.path)
    assert {len(line) for line in transfers.content.splitlines()} == {120}


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def test_a_seed_makes_the_same_share() -> None:
    one, two = made("typical", 5).files, made("typical", 5).files
    assert [(f.path, f.truth, f.people) for f in one] == [(f.path, f.truth, f.people) for f in two]
    assert [f.truth for f in made("typical", 6).files] != [f.truth for f in one]
    assert [(f.path, f.truth) for f in third("blind3", 10, 1)[:10]] == [(f.path, f.truth) for f in third("blind3", *_THIRD["blind3"])[:10]]
