"""What the words and values around a value say of it."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.normalize import fold
from piiscan.model import Part, Segment, Table


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit()


@pytest.fixture
def found(kit: Kit):
    def read(text: str, name: str = "file.txt") -> set[tuple[str, str]]:
        document = Document(kit, name)
        records = [*document.feed(Segment(Part("body"), text)), *document.finish()]
        return {(hit.entity, fold(hit.value)) for record in records for hit in record.hits}

    return read


_LICENCE = "309012345620"
_MY_NUMBER = "987654321018"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"相手の方の免許証を写しました。\n氏名　岸本 健一\n住所　横浜市\n有効期限　令和12年\n番号　第 {_LICENCE} 号\n", _LICENCE),
        (f"番号　第{_LICENCE}号", _LICENCE),
    ],
)
def test_a_licence_is_known_by_the_way_it_prints_its_number(found, text: str, value: str) -> None:
    assert ("JP_DRIVER_LICENSE", value) in found(text)


@pytest.mark.parametrize(
    "text", [f"許可番号　第 {_LICENCE} 号", f"番号　{_LICENCE}", "番号　第 309012345630 号", f"整理番号 第{_LICENCE}号"]
)
def test_other_numbers_are_no_licence(found, text: str) -> None:
    assert not any(entity == "JP_DRIVER_LICENSE" for entity, _ in found(text))


class TestMyNumber:
    _ABOVE = "10/3 クロネコ 送り状 447700123456 にて発送（本間 直美扱い）。\n10/9 "

    def test_called_a_number_beside_a_name_in_a_record_of_my_numbers(self, found) -> None:
        text = f"特定個人情報 取扱簿\n{self._ABOVE}退職の本間 直美さん分　番号{_MY_NUMBER}を廃棄。\n"
        assert ("JP_MY_NUMBER", _MY_NUMBER) in found(text)

    def test_elsewhere_what_speaks_against_it_weighs_more(self, found) -> None:
        assert not any(e == "JP_MY_NUMBER" for e, _ in found(f"発送簿\n{self._ABOVE}本間 直美さん分　番号{_MY_NUMBER}を発送。\n"))

    def test_another_number_in_such_a_record(self, found) -> None:
        text = f"特定個人情報 取扱簿\n{self._ABOVE}本間 直美さんへ　伝票番号{_MY_NUMBER}で返送。\n"
        assert not any(e == "JP_MY_NUMBER" for e, _ in found(text))


class TestInsurer:
    def test_in_a_sentence_and_nobody_beside_it(self, found) -> None:
        text = "連絡事項\n・返戻が続いた保険者番号 33120015 は先月合併した健保のものです。\n・会議は5日から。\n"
        assert not any(e == "JP_HEALTH_INSURANCE" for e, _ in found(text))

    @pytest.mark.parametrize(
        "text",
        [
            "・井川様の新しい保険証は保険者番号 33120015 記号 12 番号 3456 でした。\n",
            "保険者番号：33120015\n記号：1234\n番号：567890\n",
            "保険者番号 33120015\n",
            "・井川様は保険者番号 33120015 の健保に変わりました。\n　枝番は01です。\n",
        ],
    )
    def test_beside_an_insured_person_or_behind_its_label(self, found, text: str) -> None:
        assert ("JP_HEALTH_INSURANCE", "33120015") in found(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("患者：オオタ キミエ　様（S24.8.15）\n処方医：原 太一 先生\n", "S24.8.15"),
        ("入居者 原田 シズ 様（昭和8年2月3日）", "昭和8年2月3日"),
    ],
)
def test_a_date_in_brackets_behind_a_name_and_title(found, text: str, date: str) -> None:
    assert ("DATE_OF_BIRTH", date) in found(text)


@pytest.mark.parametrize("text", ["承認者：原田 シズ（H6.11.22）", "オオタ キミエ 様　次回（2026.8.15）", "改定（S24.8.15）"])
def test_other_dates_in_brackets(found, text: str) -> None:
    assert not any(e == "DATE_OF_BIRTH" for e, _ in found(text))


def test_passport_numbers_of_other_countries_behind_an_abbreviation(found) -> None:
    assert ("JP_PASSPORT", "B7241447") in found("3) Aung Myo  Passport No. B7241447\n")
    assert not any(e == "JP_PASSPORT" for e, _ in found("We ship part no. B7241447 with the passport holders.\n"))


def test_another_number_below_a_resident_code(found) -> None:
    text = "住民票コード変更請求\n旧住民票コード：{a}\n電話：03-1234-5678\n{b}：{c}\n"
    values = found(text.format(a="12345678901", b="整理番号", c="98765432109"))
    assert ("JP_RESIDENT_CODE", "12345678901") in values
    assert ("JP_RESIDENT_CODE", "98765432109") not in values


def test_in_a_table_a_number_beside_a_name_is_that_of_anything(kit: Kit) -> None:
    rows = (("お問い合わせ番号", "氏名", "備考"), (_MY_NUMBER, "海野 陽菜", "転送先メール"), ("145899251839", "本間 直美", "転送済み"))
    document = Document(kit, "応対履歴.csv")
    records = [*document.feed(Table("s", rows)), *document.finish()]
    assert not any(hit.entity == "JP_MY_NUMBER" for record in records for hit in record.hits)


def test_numbers_that_pass_a_check_by_chance_are_none_of_those_beside_them(found) -> None:
    """Numbers of orders beside names on a page without headers: one in ten passes the check of a My Number."""
    names = ("海野 陽菜", "本間 直美", "岸本 健一", "百瀬 麻美", "水野 和也")
    others = ("987654321019", "145899251839", "123456789010", "111122223330")
    mixed = "\n".join(f"{number}　{name}　午前中希望" for number, name in zip((_MY_NUMBER, *others), names, strict=True))
    assert not any(entity == "JP_MY_NUMBER" for entity, _ in found(mixed))
    alone = f"{_MY_NUMBER}　海野 陽菜　提出済み"
    assert ("JP_MY_NUMBER", _MY_NUMBER) in found(alone)
