"""Where words begin."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pytest

from piiscan.detect.names.features import tokenizer
from piiscan.detect.names.segmenter import LONGEST, characters, folded, segmenter, surface_keys

sys.path.insert(0, "tools")
from invented_names import invent


def cut(text: str) -> list[str]:
    begins = segmenter().begins(characters(text)).tolist()
    return [text[a:b] for a, b in itertools.pairwise([*begins, len(text)])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("昨日は山田さんが来ました。", ["昨日", "は", "山田", "さん", "が", "来", "まし", "た", "。"]),
        ("東京都千代田区の佐々木一郎", ["東京", "都", "千代田", "区", "の", "佐々木", "一郎"]),
        ("二階堂と青山えつ子", ["二階堂", "と", "青山", "えつ子"]),
        ("ロンドンで。（了）", ["ロンドン", "で", "。", "（", "了", "）"]),
        ("(株)山田", ["(株)", "山田"]),
        ("ジョン・スミスはロンドンで", ["ジョン", "・", "スミス", "は", "ロンドン", "で"]),
        ("", []),
        ("一", ["一"]),
    ],
)
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert cut(text) == words


def test_white_space_is_a_word_by_itself() -> None:
    assert cut("山田 \u3000太郎\n\n様") == ["山田", " \u3000", "太郎", "\n\n", "様"]


@pytest.mark.parametrize("text", ["山田𠮷郎と😀さん", "山田\ud800太郎", "が\u3099\u200b東京", "\x00\x01佐藤\x7f", "ﾔﾏﾀﾞ ﾀﾛｳ", "ＡＢＣ商事"])
def test_odd_characters_are_cut_without_loss(text: str) -> None:
    assert "".join(cut(text)) == text


def test_half_and_full_width_letters_stand_for_each_other() -> None:
    assert folded(characters("Ａａ１ｱ")).tolist() == folded(characters("aa1ア")).tolist()


def test_the_dictionary_knows_its_words_and_no_others() -> None:
    text = "佐々木と千代田"
    begin, length, _ = segmenter().words.found(folded(characters(text)))
    found = {text[a : a + n] for a, n in zip(begin.tolist(), length.tolist(), strict=True)}
    assert {"佐々木", "千代田", "々木"} & found >= {"佐々木", "千代田"}
    assert all(2 <= len(word) <= LONGEST for word in found)
    assert "木と千" not in found


def test_it_cuts_as_its_teacher_does() -> None:
    same = ours = theirs = lost = persons = 0
    for row in invent(150, seed=4711):
        text = row["text"]
        begins = segmenter().begins(characters(text)).tolist()
        taught = [token.begin() for token in tokenizer().tokenize(text) if token.surface()]
        mine, its = (set(zip(x, [*x[1:], len(text)], strict=True)) for x in (begins, taught))
        same, ours, theirs = same + len(mine & its), ours + len(mine), theirs + len(its)
        persons += len(row["spans"])
        lost += sum(not {start, end} <= {*begins, len(text)} for start, end, _ in row["spans"])
    assert 2 * same / (ours + theirs) > 0.95
    assert lost < persons / 50


def test_equal_words_have_equal_keys_wherever_they_stand() -> None:
    text = "山田と山本と山田"
    points = characters(text)
    starts = np.array([0, 2, 3, 5, 6])
    keys = surface_keys(points, starts, np.append(starts[1:], len(text))).tolist()
    assert keys[0] == keys[4]
    assert keys[1] == keys[3]
    assert len({keys[0], keys[1], keys[2]}) == 3
    assert keys[0] == int(surface_keys(characters("山田"), np.array([0]), np.array([2]))[0])


def test_a_long_text_is_cut_in_linear_memory() -> None:
    text = "昨日は山田さんが来た。" * 2900
    begins = segmenter().begins(characters(text))
    assert len(begins) == 2900 * len(cut("昨日は山田さんが来た。"))
