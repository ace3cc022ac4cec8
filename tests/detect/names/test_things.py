"""What the words of a span or those around it say is no person, whatever the model thinks; and persons in the same places."""

from __future__ import annotations

import pytest

from piiscan.detect.names.things import is_thing
from piiscan.detect.names.unlikely import is_unlikely


def judged(text: str, name: str) -> bool:
    at = text.index(name)
    return is_thing(text, at, at + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("優勝者にはジェラルド・ローウェン・トロフィーが贈られる。", "ジェラルド・ローウェン・トロフィー"),
        ("レイナード・ヘリコプターは三機を納めた。", "レイナード・ヘリコプター"),
        ("飼い犬はサブリナという雌の小犬。", "サブリナ"),
        ("ローレルと呼ばれる町に着いた。", "ローレル"),
        ("マクシム製の変速機に換えた。", "マクシム"),
        ("トリスタン・ベルモン間の戦い", "トリスタン・ベルモン"),
        ("ロレンス&マリアーノの店", "ロレンス"),
        ("ロレンス&マリアーノの店", "マリアーノ"),
        ("朝夕、ロキソジェルを塗る。", "ロキソジェル"),
        ("二次会（バー・ロレンス）の後", "バー・ロレンス"),
    ],
)
def test_things_named_like_persons(text: str, name: str) -> None:
    assert judged(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("サブリナという会社員に会った。", "サブリナ"),
        ("ローレルと呼ばれる山岳ガイド", "ローレル"),
        ("サブリナという犬養家の娘", "サブリナ"),
        ("トリスタン・ベルモン間近の話", "トリスタン・ベルモン"),
        ("山田&ロレンス", "山田"),
        ("ジョン・ホールが来た。", "ジョン・ホール"),
        ("ロレンスとマリアーノの店", "マリアーノ"),
        ("討論にナイジェルが加わった。", "ナイジェル"),
        ("討論の相手、バーニー・ロウが来た。", "バーニー・ロウ"),
    ],
)
def test_persons_in_the_same_places(text: str, name: str) -> None:
    assert not judged(text, name)


@pytest.mark.parametrize("name", ["INTEGER PRIMARY KEY", "Unique Index"])
def test_words_of_programs_are_no_names_of_the_model(name: str) -> None:
    text = f"CREATE TABLE 顧客 (id {name}, 氏名 TEXT)"
    at = text.index(name)
    assert is_unlikely(text, at, at + len(name), 0.72, ["model 0.72"])
    assert not is_unlikely("顧客 Kenji Yamada 様", 3, 15, 0.72, ["model 0.72"])


@pytest.mark.parametrize(
    ("text", "name", "score", "unlikely"),
    [
        ("蘇芳は都に入った。", "蘇芳", 0.95, False),  # a colour as well
        ("蘇芳は都に入った。", "蘇芳", 0.8, True),
        ("弟は「拓海」という。", "拓海", 0.85, False),
        ("弟は「拓海」という。", "拓海", 0.6, True),
        ("銘柄は「佐藤」という。", "佐藤", 0.85, True),
        ("城はヤング公のものだった。", "ヤング", 0.7, False),
        ("城はヤング向きだった。", "ヤング", 0.7, True),
    ],
)
def test_how_sure_the_model_must_be_of_what_is_a_word_or_in_quotation_marks(text: str, name: str, score: float, unlikely: bool) -> None:
    at = text.index(name)
    assert is_unlikely(text, at, at + len(name), score, [f"model {score}"]) is unlikely
