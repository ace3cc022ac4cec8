"""Who is one person within a file and over many, exactly and by the sample."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.assess import persons
from piiscan.assess.persons import CAPACITY, PersonCounter, merge
from piiscan.masking import FingerprintKey
from piiscan.model import Cell, Finding, RecordKind

KEY = FingerprintKey(b"k" * 32)


def finding(entity: str, value: str, row: int = 1, column: int = 1, header: str = "") -> Finding:
    return Finding(entity, Cell("", row, column), 0, len(value), 0.99, "x", value, KEY.fingerprint(entity, value), header=header)


def count(rows: list[dict[str, str]], kind: RecordKind = RecordKind.ROW) -> int:
    counter = PersonCounter()
    for number, row in enumerate(rows, 1):
        counter.add([finding(entity, value, number, i) for i, (entity, value) in enumerate(row.items(), 1)], kind)
    return counter.result().estimate


def test_a_name_a_row() -> None:
    assert count([{"PERSON": "山田太郎"}, {"PERSON": "佐藤花子"}, {"PERSON": "山田太郎"}]) == 2


def test_namesakes_are_told_apart_by_a_strong_sign() -> None:
    assert count([{"PERSON": "佐藤健", "DATE_OF_BIRTH": "1975-04-01"}, {"PERSON": "佐藤健", "DATE_OF_BIRTH": "1980-01-01"}]) == 2
    assert count([{"PERSON": "佐藤健", "PHONE_NUMBER": "0312345678"}, {"PERSON": "佐藤健", "PHONE_NUMBER": "0398765432"}]) == 2
    assert count([{"PERSON": "佐藤健", "PHONE_NUMBER": "0312345678"}, {"PERSON": "佐藤健", "EMAIL_ADDRESS": "a@example.com"}]) == 1


def test_a_name_in_kana_is_whose_number_it_stands_beside() -> None:
    named = {"PERSON": "佐藤健一郎", "JP_EMPLOYEE_NUMBER": "10021"}
    assert count([named, {"PERSON": "ｻﾄｳ ｹﾝｲﾁﾛｳ", "JP_EMPLOYEE_NUMBER": "10021"}]) == 1
    assert count([named, {"PERSON": "ｻﾄｳ ｹﾝｲﾁﾛｳ", "JP_EMPLOYEE_NUMBER": "10022"}]) == 2
    assert count([named, {"PERSON": "鈴木花子", "JP_EMPLOYEE_NUMBER": "10021"}]) == 2, "two names in kanji are two people"
    pupil = {"PERSON": "佐藤健一郎", "JP_STUDENT_NUMBER": "7"}
    assert count([pupil, {"PERSON": "ｽｽﾞｷ ﾊﾅｺ", "JP_STUDENT_NUMBER": "7"}]) == 2, "every class has a number 7"


def test_namesakes_in_prose_are_told_apart_by_the_birth_date_behind_them() -> None:
    def prose(*lines: tuple[str, int, str]) -> int:
        counter = PersonCounter()
        for number, (name, gap, born) in enumerate(lines, 1):
            found = finding("PERSON", name, number)
            date = replace(finding("DATE_OF_BIRTH", born, number), start=found.end + gap, end=found.end + gap + len(born))
            counter.add([found, date], RecordKind.SECTION)
        return counter.result().estimate

    assert prose(("佐藤健", 2, "1975-04-01"), ("佐藤健", 2, "1980-01-01")) == 2
    assert prose(("佐藤健", 2, "1975-04-01"), ("佐藤健", 2, "1975-04-01")) == 1
    assert prose(("佐藤健", 2, "1975-04-01"), ("佐藤健", 40, "2010-01-01")) == 1, "somebody else's, further on"


def test_a_row_without_a_name_counts_by_its_number() -> None:
    assert count([{"JP_EMPLOYEE_NUMBER": "10021"}, {"JP_EMPLOYEE_NUMBER": "10022"}, {"JP_EMPLOYEE_NUMBER": "10021"}]) == 2


def test_an_address_of_mail_in_a_letter_is_nobody() -> None:
    assert count([{"EMAIL_ADDRESS": "info@example.com"}], RecordKind.SECTION) == 0


def test_a_list_for_a_mailing_counts_its_addresses() -> None:
    counter = PersonCounter()
    for n in range(5):
        counter.add([finding("EMAIL_ADDRESS", f"user{n % 4}@example.com", n)], RecordKind.LOOSE)
    assert counter.result().estimate == 4
    counter.add([finding("PERSON", "山田太郎", 9)], RecordKind.LOOSE)
    assert counter.result().estimate == 1, "beside names an address is no further person"


def test_offices_are_nobody() -> None:
    counter = PersonCounter()
    for n in range(3):
        role = Finding("EMAIL_ADDRESS", Cell("", n, 1), 0, 9, 0.55, "x", "i***@example.com", KEY.fingerprint("EMAIL_ADDRESS", f"info{n}"))
        counter.add([role], RecordKind.LOOSE)
    assert counter.result().estimate == 0


def test_a_foreigner_in_a_form_is_no_reading() -> None:
    counter = PersonCounter()
    subject = replace(finding("PERSON", "崔", 1), header="", why=("label 面談者",))
    other = replace(finding("PERSON", "サントス", 2), header="", why=("label 氏名",))
    counter.add([subject, other], RecordKind.FORM)
    assert counter.result().estimate == 2


def test_a_name_below_a_header_of_readings_is_one_when_it_is_in_kanji() -> None:
    rows = [("中辻 晋亮", "ナカツジ シンスケ"), ("諏訪 雄太", "スワ ユウタ")]
    counter = PersonCounter()
    for n, (name, reading) in enumerate(rows, 1):
        counter.add([finding("PERSON", reading, n, 2, "ふりがな 氏名"), finding("PERSON", name, n, 2, "ふりがな 氏名")], RecordKind.ROW)
    assert counter.result().estimate == 2


def test_passports_one_below_the_other_are_so_many_people() -> None:
    counter = PersonCounter()
    counter.add([finding("JP_PASSPORT", f"TR{n}", n) for n in range(3)], RecordKind.SECTION)
    assert counter.result().estimate == 3


def test_a_lone_number_in_a_paper_of_one_person_is_that_persons() -> None:
    def paper(*accounts: str) -> int:
        counter = PersonCounter()
        counter.add([finding("PERSON", "東海林義男", 1), finding("JP_EMPLOYEE_NUMBER", "62325", 1)], RecordKind.FORM)
        for n, account in enumerate(accounts, 2):
            counter.add([finding("JP_BANK_ACCOUNT", account, n)], RecordKind.ROW)
        return counter.result().estimate

    assert paper("4075929") == 1
    assert paper("4075929", "4075930") == 3


def test_a_reading_beside_its_name_is_the_same_person() -> None:
    counter = PersonCounter()
    counter.add([finding("PERSON", "山田太郎", 1, 1, "氏名"), finding("PERSON", "ヤマダタロウ", 1, 2, "フリガナ")], RecordKind.ROW)
    assert counter.result().estimate == 1


def test_the_same_list_in_many_files_counts_once() -> None:
    sketches = []
    for columns in (("PHONE_NUMBER",), ("DATE_OF_BIRTH",), ()):
        counter = PersonCounter()
        for n in range(200):
            counter.add([finding("PERSON", f"名{n}"), *(finding(c, f"{c}{n}") for c in columns)], RecordKind.ROW)
        sketches.append(counter.result().sketch)
    merged = merge(sketches)
    assert (merged.estimate, merged.exact) == (200, True)


def test_beyond_the_capacity_the_count_is_within_two_percent_and_says_so() -> None:
    counter = PersonCounter(capacity=4_096)
    for n in range(40_000):
        counter.add([finding("PERSON", f"名{n}")], RecordKind.ROW)
    result = counter.result()
    assert not result.exact
    assert abs(result.estimate - 40_000) < 0.05 * 40_000  # a quarter of the usual sample: twice its error
    assert CAPACITY == 32_768


def test_a_damaged_sketch_is_refused() -> None:
    counter = PersonCounter()
    counter.add([finding("PERSON", "山田太郎")], RecordKind.ROW)
    with pytest.raises(ValueError, match="sketch"):
        merge([counter.result().sketch[:-3]])
    assert merge([b""]).estimate == 0


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 60), max_size=40), max_size=6))
def test_merging_counts_the_union_in_any_order(files: list[list[int]]) -> None:
    sketches = []
    for names in files:
        counter = PersonCounter()
        for n in names:
            counter.add([finding("PERSON", f"名{n}")], RecordKind.ROW)
        sketches.append(counter.result().sketch)
    union = len({n for names in files for n in names})
    assert merge(sketches).estimate == merge(reversed(sketches)).estimate == union


KINDS = ("DATE_OF_BIRTH", "JP_MY_NUMBER", "PHONE_NUMBER", "EMAIL_ADDRESS")


@given(
    st.lists(
        st.tuples(st.dictionaries(st.sampled_from(KINDS), st.sampled_from("abcd")), st.booleans()),
        max_size=60,
    ),
    st.integers(0, 5),
)
@settings(max_examples=200, deadline=None)
def test_many_namesakes_are_told_apart_as_few_are(records: list[tuple[dict[str, str], bool]], one_by_one: int) -> None:
    unique = frozenset(KINDS[:2])

    def ranks(limit: int) -> list[int]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(persons, "_ONE_BY_ONE", limit)
            patch.setattr(persons, "_TOLD_APART", 30)
            namesakes = persons._Namesakes({})
            return [namesakes.rank_of(signs, unique, row=row) for signs, row in records]

    assert ranks(one_by_one) == ranks(1_000)


def test_a_list_of_surnames_alone_costs_each_row_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of one name, told apart by their telephone numbers: none is compared with all others."""
    compared = 0
    fits = persons._Namesake.fits

    def counted(self, signs, unique, *, row):
        nonlocal compared
        compared += 1
        return fits(self, signs, unique, row=row)

    monkeypatch.setattr(persons._Namesake, "fits", counted)
    namesakes = persons._Namesakes({"PHONE_NUMBER": "0", "JP_MY_NUMBER": "0"})
    for number in range(1, 1_900):
        assert namesakes.rank_of({"PHONE_NUMBER": str(number), "JP_MY_NUMBER": str(number)}, frozenset(KINDS[:2]), row=True) == number
    assert namesakes.rank_of({"JP_MY_NUMBER": "700"}, frozenset(KINDS[:2]), row=True) == 700
    assert compared < 300
