"""Questions that are asked first because they cost little answer as all of the others would."""

from __future__ import annotations

import gc
import math
import re

import pytest

from piiscan.catalogue import _ASCII_WORD, _bare, _HeaderWord, load_catalogue, plain_header
from piiscan.detect import dates
from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names import cells
from piiscan.detect.names.features import is_headword, word_tokenizer
from piiscan.detect.names.variants import name_norm, romaji_key
from piiscan.detect.names.writing import is_in_dictionary
from piiscan.detect.patterns import PatternBank
from piiscan.detect.samples import is_sample
from piiscan.detect.tables.measure import Measure, Remembering, is_nothing
from piiscan.detect.tables.words import shared_words
from piiscan.model import Table
from piiscan.settings import Detection

NAMES = (
    "山田 太郎", "佐藤　ゆり", "高橋 アンナ", "渡邉 太郎", "ヤマダ タロウ", "やまだ たろう", "ﾔﾏﾀﾞ ﾀﾛｳ", "ﾊﾔｼ  ｶｽﾞｺ", "林 和子", "関 雪", "王 秀英",
    "山田 母", "佐藤 部長", "経理課 佐藤", "看護師 三枝", "センター 井上", "チーフ 田中", "リーダー タナカ", "タナカ センター", "ヤマダ サービス", "斉藤 除去",
    "カナ タロウ", "たかだ じゅん", "ケイコ ・", "長谷川 長", "A 太郎", "山 田 太 郎", "山田太郎", "", " ",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_a_whole_name_of_the_lists_is_judged_as_if_everything_were_asked(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = cells.judge(text)
    whole = cells.whole_name(text.strip())
    assert at_once.whole == (whole is not None)
    assert whole is None or whole[2] == name_norm(text)
    monkeypatch.setattr(cells, "whole_name", lambda _: None)
    assert cells.judge(text) == at_once._replace(whole=False)


def test_most_names_are_known_at_once_and_what_stands_beside_one_is_asked_about() -> None:
    assert all(cells.whole_name(text) for text in ("山田 太郎", "佐藤　和子", "ヤマダ タロウ", "やまだ たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"))
    assert not any(cells.whole_name(text) for text in ("佐藤 部長", "看護師 三枝", "タナカ センター", "リーダー タナカ", "山田太郎"))


@pytest.mark.parametrize("word", ["あきら", "さくら", "ナカムラユイ", "カード", "スズキケンイチ", "りんご", "やまだたろう"])
def test_a_word_that_the_dictionary_does_not_have_is_never_read_as_one_of_its_words(word: str) -> None:
    tokens = word_tokenizer().tokenize(word)
    one = len(tokens) == 1 and is_in_dictionary(tokens[0])
    assert is_headword(word) or not one


def test_titles_end_in_characters_that_are_looked_at_first() -> None:
    titled = [
        "山田様",
        "山田さん宅",
        "佐藤先生",
        "井上 奥様",
        "林医師",
        "関ケアマネ",
        "関ケアマネジャー",
        "高木警部補",
        "故人之霊位",
        "三浦教授",
        "西田くん",
    ]
    assert [cells.without_title(text) for text in titled] == [cells.TITLE.sub("", text) for text in titled]
    assert all(cells.without_title(text) != text for text in titled)


HEADERS = (
    "氏名", "※氏名", "電話番号1", "TEL②", "ご自宅の電話番号", "旅券No", "カード(クレジット)番号", "user_email", "phonenumber", "E-Mail アドレス", "ipv4", "tel(home)no",
    "電話番号区分", "マイナンバー提出日", "備考", "売上", "C100123", "福岡 正融", "生", "名",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_word_that_weighs_something_in_a_header_is_among_those_that_are_weighed(header: str) -> None:
    catalogue = load_catalogue(())
    words = [
        _HeaderWord(rule.entity, plain_header(word), strong)
        for rule in catalogue.rules.values()
        for listed, strong in ((rule.headers.strong, True), (rule.headers.weak, False))
        for word in listed
    ]
    plain = plain_header(header)
    bare = _bare(plain)
    tokens = _ASCII_WORD.findall(bare)
    weighing = {word.word for word in words if word.weight(plain, bare, tokens)}
    assert weighing <= {word.word for word in catalogue._words.common(plain, bare, tokens)}
    assert not weighing or catalogue._words.may_hold(plain, bare, tokens)


def test_forms_of_a_cell_are_left_out_only_where_they_could_be_no_surer() -> None:
    bank = PatternBank(load_catalogue(()))
    texts = (
        "090-1234-5678", "03 1234 5678(自宅)", "0312345678", "1975/04/01", "昭和50年4月1日", "S50.4.1", "19750401", "taro@example.co.jp", "100-0001", "1000001",
        "C100123", "12", "3-500401", "男", "45歳", "4111 1111 1111 1111", "192.0.2.7", "2001:db8::1", "社員 0012", "1234567",
        "0312345678(自宅 平日の夜は留守のことが多い)", "090-1234-5678 内線 12", "担当 090-1234-5678 まで", "1,234,567", "12,300円", " 100-0001 ",
    )  # fmt: skip
    at_once = {(entity, text): bank.value(entity, text) for entity in bank._rules for text in texts}
    for compiled in bank._rules.values():
        compiled.cell_forms = tuple(
            form._replace(surest=2.0, surest_of_rest=2.0, shortest=0, longest=math.inf) for form in compiled.cell_forms
        )
    assert {(entity, text): bank.value(entity, text) for entity, text in at_once} == at_once
    assert sum(match is not None for match in at_once.values()) > len(texts)


@pytest.mark.parametrize("text", ["1975/04/01", "1975-4-1", "1975.13.01", "2023-02-29", "1975/04-01", "1975/4/1 0:00", "1899/12/31"])
def test_dates_in_figures_are_read_as_the_forms_read_them(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = dates.parse(text)
    monkeypatch.setattr(dates, "_WESTERN", re.compile("(?!)"))
    assert dates.parse(text) == at_once


def test_what_says_that_nothing_is_in_a_cell_is_known_by_its_first_character() -> None:
    assert all(map(is_nothing, ("", " ", "-", "－－", "なし", "不明", "未定", "N/A", "n/a", "NULL", "none", "＊＊＊", "…")))
    assert not any(map(is_nothing, ("山田", "1", "nobody", "未来", "不動産")))


def test_a_value_at_the_beginning_of_a_text_has_nothing_before_it() -> None:
    assert is_sample("PERSON", "記入例：山田 太郎", 4, 9)
    assert not is_sample("PERSON", "山田 太郎", 0, 5)
    assert is_sample("PERSON", "山田　母", 0, 4)


@pytest.mark.parametrize(
    "value", ["男・女", "男性／女性", "性別 男子・女", "有・無", "可/否", "要・不要", "はい・いいえ", "いいえ・はい", "ある・ない", "いる・いない", "おばあちゃん", "祖母様", "ご父", "兄さん", "孫", "パパ", "ママ", "かあ", "とう", "にい", "ねえ", "じい", "婆", "爺", "姉", "嫁", "子"]
)  # fmt: skip
def test_who_is_nobody_is_known_by_the_last_character(value: str) -> None:
    assert is_sample("PERSON", value, 0, len(value))


def test_compared_forms_are_the_same_by_the_short_way() -> None:
    assert name_norm("渡邉　太郎") == "渡辺太郎"
    assert name_norm("ヤマダ タロウ") == name_norm("ﾔﾏﾀﾞ ﾀﾛｳ") == name_norm("やまだ たろう") == "ヤマダタロウ"
    assert romaji_key("Ohtsuka") == romaji_key("Otsuka") == romaji_key("Ootuka")


def test_values_are_remembered_until_another_table_begins() -> None:
    class Kit:
        catalogue = sensitive = None
        asked = 0

        def spot(self, _text: str) -> list[object]:
            return []

        def value(self, _entity: str, _text: str) -> None:
            self.asked += 1

    kit = Kit()
    remembering = Remembering(kit)  # type: ignore[arg-type]
    for entity in ("PERSON", "PERSON", "AGE"):
        remembering.value(entity, "山田")
    assert kit.asked == 2
    remembering.read.value("PERSON", "山田")
    assert kit.asked == 2
    remembering.read.value("PERSON", "山田")  # told once, and not remembered anew
    remembering.read.value("PERSON", "山田")
    assert kit.asked == 4
    remembering.forget()
    remembering.value("AGE", "山田")
    assert kit.asked == 5


@pytest.mark.parametrize("passing", range(12))
def test_a_share_is_given_up_only_where_it_is_lower_than_asked(passing: int) -> None:
    kit = Kit.of(Detection())
    measure = Measure(kit, shared_words(kit.catalogue, kit.sensitive))
    values = ["-", "1,234,567", *(f"090-1234-{i:04}" for i in range(passing)), *(f"{i},234,567" for i in range(2, 12 - passing))]
    whole = measure.share("PHONE_NUMBER", values)
    for least in (0.1, 0.5, 0.8, 0.9, 1.0):
        assert measure.share("PHONE_NUMBER", values, least) in ((whole, (0.0, 0.0)) if whole[0] < least else (whole,))


def test_what_a_column_remembers_is_nothing_that_the_collector_of_garbage_looks_through_again() -> None:
    families, given = (
        ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"),
        ("太郎", "花子", "健", "愛", "翔", "葵", "学", "恵", "誠", "舞"),
    )
    people = [f"{family} {name}" for family in families for name in given]
    rows = [
        ("氏名", "電話番号", "メールアドレス"),
        *((name, f"090-1234-{i:04}", f"a{i}@example.co.jp") for i, name in enumerate(people * 6)),
    ]
    alive = 0
    for _ in range(2):  # what is made once is made with the first
        document = Document(Kit.of(Detection()))
        assert sum(len(record.hits) for record in document.feed(Table("s", tuple(rows)))) == 3 * 600
        for _ in range(2):
            gc.collect()
        alive = len(gc.get_objects())
        del document
    gc.collect()
    assert alive - len(gc.get_objects()) < 200
