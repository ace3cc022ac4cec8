"""What stands for a value and is none: 〇〇 太郎, 〇〇市〇〇町〇丁目, 000-0000-0000, （例：AB12345678CD）, 男・女.

Instructions, empty forms and filled-in examples say with signs where something is to be written, or say with a word that what
follows is an example. Asked of everything found in prose before it is reported.
"""

from __future__ import annotations

# ruff: noqa: SIM905 -- word lists read best as text
import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.normalize import nfkc

__all__ = [
    "examples_column",
    "instructs",
    "is_invented",
    "is_played",
    "is_sample",
    "is_sure_example",
    "is_test_card",
    "is_test_person",
    "is_usual_example",
    "shows_how",
]

#: Signs that stand for what is left out; one suffices in a name, an address has two or counts blocks with one (〇丁目).
_BLANKS = "〇○◯●◎△▲□■☐×✕＊*_＿"
_SIGNS = re.compile(rf"[{_BLANKS}]")
_LEFT_OUT = re.compile(rf"[{_BLANKS}]{{2}}|[{_BLANKS}](?:丁目|番|号|市|町|村|区|県|部|課)")
#: ○○　花子
_SIGNS_BEFORE = re.compile(r"[〇○◯●△×✕]{2}[ \u3000]*$")
#: A figure may be a 〇: 一〇二号.
_KANJI_FIGURE = re.compile("[一二三四五六七八九]〇|〇[一二三四五六七八九]")
#: Right before a value: it is an example of the form (but 症例, 事例, 例えば may be about somebody).
_EXAMPLE = re.compile(
    r"(?:(?:入力|記入|記載|表示)例|(?<![々㐀-鿿])例|サンプル|見本|(?:e\.g\.|example|sample)),?[ \u3000]*[:：)）]?[ \u3000]*[「『\"']?$",
    re.IGNORECASE,
)
#: The last characters of its words.
_EXAMPLE_SIGN = re.compile("[例ル本.eE]")
_BEFORE = 10
#: A choice to be ringed, or one of the family, not a name.
_NOBODY = re.compile(
    r"(?:性別)?[ \u3000]*(?:男[性子]?[ \u3000]*[・･/／][ \u3000]*女[性子]?|有[・･/／]無|可[・･/／]否|要[・･/／]不要|はい[・･/／]いいえ|いいえ[・･/／]はい|ある[・･/／]ない|いる[・･/／]いない)"
    r"|(?:お|ご)?(?:ばあ|じい|婆|爺|母|父|兄|姉|祖母|祖父|かあ|とう|にい|ねえ|ママ|パパ|嫁|孫|子)(?:ちゃん|さん|さま|様)?"
)
#: What it ends with.
_NOBODY_ENDS = frozenset("女性子無否要えいあう婆爺母父兄姉マパ嫁孫んま様")


#: Numbers that the brands and payment providers publish for tests; no card ever bears them.
_TEST_CARDS = frozenset(
    [
        "4242424242424242",
        "4111111111111111",
        "4012888888881881",
        "4000056655665556",
        "4000000000000002",
        "4000000000009995",
        "4222222222222",
        "5555555555554444",
        "5105105105105100",
        "2223003122003222",
        "5200828282828210",
        "378282246310005",
        "371449635398431",
        "378734493671000",
        "3530111333300000",
        "3566002020360505",
        "6011111111111117",
        "6011000990139424",
        "30569309025904",
        "38520000023237",
        "3056930009020004",
        "36227206271667",
        "6200000000000005",
    ]
)
_TESTS = re.compile(r"テスト|サンドボックス|ダミー|検証環境|sandbox|\btest\b|dummy", re.IGNORECASE)
_TESTS_BEFORE = 600


#: What heads the values of a column that shows how fields are filled, and what such a table of fields has besides.
_EXAMPLES: Final = frozenset(
    "例 記入例 入力例 設定例 記載例 データ例 値の例 出力例 サンプル サンプル値 サンプルデータ example examples sample".split()
)
_FIELDS: Final = frozenset(
    "項目 項目名 型 データ型 桁 桁数 文字数 必須 必須/任意 属性 書式 形式 カラム カラム名 列名 物理名 論理名 フィールド フィールド名 パラメータ パラメータ名 キー field type required column".split()
)
_HEADER_WITHIN: Final = 8


def examples_column(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Header row and index of the column of a table of fields (項目|型|必須|例) that holds examples."""
    for r, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = [nfkc(cell.strip()).lower() for cell in row]
        if sum(cell in _FIELDS for cell in cells) >= 2 and (at := next((i for i, cell in enumerate(cells) if cell in _EXAMPLES), -1)) >= 0:
            return r, at
    return None


def is_test_card(text: str) -> bool:
    """Whether a text is a card number that is published for tests."""
    return "".join(sign for sign in nfkc(text) if sign.isdigit()) in _TEST_CARDS


#: 会員申込書（記入例）, 申込書_見本.docx: the title of a paper that shows how it is filled in.
_SHOWS = re.compile(
    r"[^\n]{0,24}?(?:(?:記入|記載|入力|作成)(?:例|見本)|[（(【\[〔](?:見本|サンプル|例)(?=[)）】\]〕])|[_\- ](?:見本|サンプル))[)）】\]〕]?(?:\.[A-Za-z0-9]{1,5})?"
)
#: Whom such papers name.
_USUAL_NAME = re.compile(
    r"(?:山田|鈴木|佐藤|田中|高橋|日本|東京|見本|例示|甲野|テスト|サンプル|ヤマダ|スズキ|サトウ|タナカ|タカハシ|やまだ|すずき|さとう|たなか|たかはし)[ \u3000・]?"
    r"(?:太郎|花子|一郎|二郎|次郎|三郎|タロウ|ハナコ|イチロウ|ジロウ|たろう|はなこ|いちろう|じろう)"
)
#: … and whom nobody is called like: in instructions for a program or at a counter, which may also be written or sent by a real 鈴木一郎.
_SURE_NAME = re.compile(
    r"(?:山田|日本|東京|見本|例示|甲野|テスト|サンプル|ダミー|ヤマダ|やまだ)[ \u3000・]?(?:太郎|花子|一郎|次郎|タロウ|ハナコ|イチロウ|たろう|はなこ)"
    r"|(?:鈴木|佐藤|田中|高橋|スズキ|サトウ|タナカ|タカハシ)[ \u3000・]?(?:太郎|花子|タロウ|ハナコ)"
)
#: Nobody's name wherever it stands: in code, in rows of a test.
_TEST_PERSON = re.compile(
    r"(?:テスト|サンプル|ダミー|ﾃｽﾄ|ｻﾝﾌﾟﾙ|ﾀﾞﾐｰ)[ \u3000・]?(?:太郎|花子|一郎|二郎|次郎|三郎|良子|タロウ|ハナコ|イチロウ|ジロウ|ﾀﾛｳ|ﾊﾅｺ|ｲﾁﾛｳ|ｼﾞﾛｳ|たろう|はなこ|いちろう|じろう)"
)
_USUAL_NUMBER = re.compile(r"0[0-9]{1,3}[-‐−ー(（ ]?(?:1234|0000|1111)[-‐−ー)） ]?(?:5678|0000|1111|2222)")
_INSTRUCTS = re.compile(
    r"[^\n。]{0,30}?(?:マニュアル|手順書|手引き?|操作(?:説明|ガイド)|仕様書?|定義書?|設計書|文例集?|雛[形型]|ひな[形型]|テスト(?:ケース|仕様|計画|データ)|API|(?:openapi|swagger)[\"']?)[^\n。送件願]{0,14}",
    re.IGNORECASE,
)
#: source: RFC 2606, and its like under jp
_USUAL_MAIL = re.compile(r"[^@\s]+@(?:[\w-]+\.)*(?:example\.(?:com|net|org|jp|co\.jp|ne\.jp|or\.jp)|example|test|invalid)", re.IGNORECASE)


def shows_how(title: str) -> bool:
    """Whether a file's name or the title of a paper says that it is a filled-in example."""
    return _SHOWS.fullmatch(title.strip()) is not None


def instructs(title: str) -> bool:
    """Whether a file's name or the title of a paper says that it tells how something is done, filled in or programmed: 操作マニュアル, openapi: 3.0.0."""
    return _INSTRUCTS.fullmatch(title.strip()) is not None


#: A title under which people are made up: of marketing, of training. (架空請求 is a fraud with real victims.)
_INVENTED = re.compile(
    r"[^\n]{0,24}?(?:[（(【\[〔]架空[)）】\]〕]|架空の(?:人物|顧客|ユーザー?|患者|社員|事例|ケース)|ペルソナ(?!ル|[・ー]?ノン))[^\n。]{0,16}"
)


def is_invented(title: str) -> bool:
    """Whether the title of a paper says that whom it describes is nobody: ペルソナ（架空）."""
    return _INVENTED.fullmatch(title.strip()) is not None


#: A title under which people play somebody else.
_PLAYED = re.compile(
    r"[^\n]{0,24}?(?:模擬(?:裁判|法廷|患者|面接)|配役|稽古(?:日誌|メモ|場|予定)|公演(?:メモ|進行|準備)|TRPG|キャラクターシート|台本|脚本|ロールプレイ|ロープレ|訓練[^\n。]{0,8}(?:シナリオ|進行表|想定)|(?:想定|図上|机上)訓練)[^\n。]{0,20}"
)


def is_played(title: str) -> bool:
    """Whether the title of a paper says that the people in it play somebody: 模擬裁判2026　配役表."""
    return _PLAYED.fullmatch(title.strip()) is not None


def is_usual_example(entity: str, value: str) -> bool:
    """Whether a value is one that examples usually have: 山田 太郎, taro@example.com."""
    if entity == "PERSON":
        return _USUAL_NAME.fullmatch(value.strip()) is not None
    return entity == "EMAIL_ADDRESS" and _USUAL_MAIL.fullmatch(value.strip()) is not None


def is_test_person(value: str) -> bool:
    """Whether a name is that of nobody but tests: テスト太郎, サンプル 花子."""
    return value[:1] in "テサダﾃｻﾀ" and _TEST_PERSON.fullmatch(value.strip()) is not None


def is_sure_example(entity: str, value: str) -> bool:
    """Whether a value is one that instructions give and that is hardly anybody's: 山田 太郎, 03-1234-5678."""
    if entity == "PERSON":
        return _SURE_NAME.fullmatch(value.strip()) is not None
    if entity == "PHONE_NUMBER":
        return _USUAL_NUMBER.fullmatch(nfkc(value.strip())) is not None
    return is_usual_example(entity, value)


def is_sample(entity: str, text: str, start: int, end: int) -> bool:
    """Whether a span taken for a value of that kind only shows where or how one is to be written."""
    value = text[start:end]
    if entity == "PERSON":
        nobodys = value[-1:] in _NOBODY_ENDS
        if nobodys and _NOBODY.fullmatch(value):
            return True
        if _SIGNS.search(text, max(0, start - 4), end) and (_SIGNS.search(value) or _SIGNS_BEFORE.search(text, max(0, start - 4), start)):
            return True
        words = value.replace("\u3000", " ").split(" ") if nobodys else []
        spread = len(words) > 2 and max(map(len, words)) == 1  # 彦 坂 花 子 is no child (子)
        if len(words) > 1 and not spread and _NOBODY.fullmatch(words[-1]):
            return True
    elif entity == "CREDIT_CARD":
        if is_test_card(value) and _TESTS.search(text, max(0, start - _TESTS_BEFORE), start):
            return True
    elif entity == "JP_ADDRESS" and _LEFT_OUT.search(value) and not _KANJI_FIGURE.search(value):
        return True
    if not start:
        return False
    before = max(0, start - _BEFORE)
    return _EXAMPLE_SIGN.search(text, before, start) is not None and _EXAMPLE.search(text, before, start) is not None
