"""Invented people: names from the name lists, addresses from the gazetteer, numbers valid only by check digit."""

from __future__ import annotations

import csv
import datetime as dt
import lzma
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from piiscan.detect import phones
from piiscan.detect.gazetteer import kanji_number
from sample_data.make.people import card, corporate_number, insurer, my_number, wareki, wareki_short, waybill

__all__ = ["Person", "Town", "card", "corporate_number", "person", "phone", "towns", "wareki", "wareki_short", "waybill"]

_DICTIONARIES = Path(__file__).resolve().parent.parent.parent / "recognizers" / "dictionaries"

_SYLLABLES = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "チャ": "cha", "チュ": "chu", "チョ": "cho",
    "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo", "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo", "ミャ": "mya", "ミュ": "myu", "ミョ": "myo",
    "リャ": "rya", "リュ": "ryu", "リョ": "ryo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo", "ジャ": "ja", "ジュ": "ju", "ジョ": "jo",
    "ビャ": "bya", "ビュ": "byu", "ビョ": "byo",
    **dict(zip("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
               ["a", "i", "u", "e", "o", "ka", "ki", "ku", "ke", "ko", "sa", "shi", "su", "se", "so", "ta", "chi", "tsu", "te", "to", "na", "ni", "nu", "ne", "no", "ha", "hi", "fu", "he", "ho", "ma", "mi", "mu", "me", "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re", "ro", "wa", "o", "n"], strict=True)),
    **dict(zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ", ["ga", "gi", "gu", "ge", "go", "za", "ji", "zu", "ze", "zo", "da", "ji", "zu", "de", "do", "ba", "bi", "bu", "be", "bo", "pa", "pi", "pu", "pe", "po", "vu"], strict=True)),
}  # fmt: skip
_HALF = str.maketrans({
    **dict(zip("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー",
                            "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ", strict=True)),
    **{a: b + "ﾞ" for a, b in zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ", strict=True)},
    **{a: b + "ﾟ" for a, b in zip("パピプペポ", "ﾊﾋﾌﾍﾎ", strict=True)}, "ヴ": "ｳﾞ",
})  # fmt: skip
_OLD = {
    "渡辺": "渡邊",
    "高橋": "髙橋",
    "斎藤": "齋藤",
    "山崎": "山﨑",
    "浜田": "濵田",
    "桜井": "櫻井",
    "広瀬": "廣瀬",
    "沢田": "澤田",
    "島田": "嶋田",
}
_FOREIGN = (
    ("グエン", "ヴァン・アン", "Nguyen", "Van An"), ("スミス", "ジョン", "Smith", "John"), ("シルバ", "マリア", "Silva", "Maria"), ("キム", "ミンジュン", "Kim", "Minjun"),
    ("チャン", "ティ・ラン", "Tran", "Thi Lan"), ("ジョンソン", "エミリー", "Johnson", "Emily"), ("サントス", "カルロス", "Santos", "Carlos"), ("シャルマ", "ラジェシュ", "Sharma", "Rajesh"),
)  # fmt: skip
_DOMAINS = (
    "example.co.jp",
    "example.com",
    "mail.example.jp",
    "example.ne.jp",
    "example.or.jp",
    "docomo.ne.jp",
    "example.ac.jp",
    "sub.example.org",
)
_AREAS = (("03", 4), ("06", 4), ("011", 3), ("022", 3), ("045", 3), ("052", 3), ("075", 3), ("078", 3), ("082", 3), ("092", 3), ("098", 3), ("0422", 2), ("0466", 2), ("0176", 2), ("0263", 2), ("0852", 2), ("0985", 2), ("0744", 2))  # fmt: skip
_BUILDINGS = (
    "コーポ桜{r}", "グリーンハイツ{r}号室", "メゾン青葉 {r}", "パークタワー{f}F", "第二{s}荘{r}", "サンライズ{s} {r}号", "レジデンス{s}{r}", "ライオンズマンション{s}{r}号", "ハイム{s}B-{r}",
    "シャトー{s} {r}", "{s}ビル{f}階", "フラット{s}{r}", "リバーサイド{s}A棟{r}", "プレジデント{s}{r}",
)  # fmt: skip
_BUILDING_WORDS = ("若葉", "中央", "緑町", "旭", "富士見", "桜木", "栄", "泉", "光", "みどり")


@cache
def _surnames() -> tuple[list[tuple[str, str]], list[float]]:
    rows = [
        row
        for row in csv.reader((_DICTIONARIES / "surnames.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
        if len(row) == 3 and row[2].isdigit()
    ]
    return [(row[0], row[1]) for row in rows], [float(row[2]) ** 0.75 for row in rows]


@cache
def _given() -> list[tuple[str, str]]:
    rows = [
        row
        for row in csv.reader((_DICTIONARIES / "given_names.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
        if len(row) == 3
    ]
    return [(row[0], row[1]) for row in rows if row[2] == "1" and len(row[0]) <= 3]


#: Given names that many people have; most invented people get one of these, the others one of the long list.
_COMMON = """翔太 ショウタ|大輔 ダイスケ|拓也 タクヤ|健太 ケンタ|直樹 ナオキ|和也 カズヤ|達也 タツヤ|雄太 ユウタ|誠 マコト|隆 タカシ|浩 ヒロシ|茂 シゲル|清 キヨシ|進 ススム|勇 イサム|博 ヒロシ|実 ミノル
正 タダシ|修 オサム|豊 ユタカ|学 マナブ|亮 リョウ|蓮 レン|樹 イツキ|陸 リク|湊 ミナト|颯太 ソウタ|悠真 ユウマ|大翔 ヒロト|陽斗 ハルト|健一 ケンイチ|幸雄 ユキオ|義男 ヨシオ|正人 マサト|孝之 タカユキ
俊介 シュンスケ|裕介 ユウスケ|康平 コウヘイ|慎一 シンイチ|英樹 ヒデキ|秀夫 ヒデオ|昭 アキラ|弘 ヒロシ|三郎 サブロウ|一郎 イチロウ|次郎 ジロウ|太一 タイチ|光 ヒカル|純 ジュン|薫 カオル|忍 シノブ
花子 ハナコ|幸子 サチコ|和子 カズコ|節子 セツコ|洋子 ヨウコ|恵子 ケイコ|京子 キョウコ|久美子 クミコ|由美子 ユミコ|明美 アケミ|直美 ナオミ|智子 トモコ|陽子 ヨウコ|裕子 ユウコ|美穂 ミホ|香織 カオリ
麻衣 マイ|愛 アイ|彩 アヤ|美咲 ミサキ|葵 アオイ|結衣 ユイ|陽菜 ヒナ|凛 リン|さくら サクラ|美月 ミツキ|莉子 リコ|七海 ナナミ|千尋 チヒロ|真由美 マユミ|典子 ノリコ|文子 フミコ|悦子 エツコ|里美 サトミ
奈々 ナナ|瞳 ヒトミ|舞 マイ|杏奈 アンナ|優子 ユウコ|綾香 アヤカ|麻美 アサミ|沙織 サオリ|千代 チヨ|みどり ミドリ|ゆかり ユカリ|まりこ マリコ|あゆみ アユミ|めぐみ メグミ|つとむ ツトム|ひとみ ヒトミ"""


@cache
def _common() -> list[tuple[str, str]]:
    return [(given, reading) for line in _COMMON.split("\n") for given, reading in (entry.split() for entry in line.split("|"))]


@dataclass(frozen=True)
class Town:
    """A real town and its real postal code."""

    prefecture: str
    city: str
    name: str
    postal: str


@cache
def towns() -> tuple[Town, ...]:
    """Every town of the gazetteer with one postal code of its own."""
    out = []
    prefecture = city = ""
    for line in lzma.decompress((_DICTIONARIES / "gazetteer.tsv.xz").read_bytes()).decode("utf-8").splitlines():
        if line.startswith("="):
            prefecture, city = line[1:].split("\t")
            continue
        town, _, codes = line.partition("\t")
        if town and codes and not town[-1].isdigit() and "(" not in town:
            out.append(Town(prefecture, city, town, codes.split()[0]))
    return tuple(out)


def romaji(kana: str) -> str:
    """``サトウ -> Sato`` (passport spelling, long vowels dropped)."""
    out, double, i = "", False, 0
    while i < len(kana):
        if kana[i] == "ッ":
            double, i = True, i + 1
            continue
        size = 2 if kana[i : i + 2] in _SYLLABLES else 1
        part = _SYLLABLES.get(kana[i : i + size], "")
        out += (part[0] if double and part else "") + part
        double, i = False, i + size
    return out.replace("ou", "o").replace("oo", "o").replace("uu", "u").capitalize()


def half_kana(kana: str) -> str:
    return kana.translate(_HALF)


def hiragana(kana: str) -> str:
    return "".join(chr(ord(ch) - 0x60) if "ァ" <= ch <= "ヶ" else ch for ch in kana)


def full_width(text: str) -> str:
    return "".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else ch for ch in text)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def licence(rng: random.Random) -> str:
    """A driver's licence number of a real commission with a right check digit."""
    body = str(rng.choice((10, 20, 30, 40, 43, 45, 54, 62, 64, 73, 82, 90, 97))) + _digits(rng, 8)
    rest = sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), body, strict=True)) % 11
    return f"{body}{ {0: 1, 1: 0}.get(rest, 11 - rest) }{rng.randrange(3)}".replace(" ", "")


def phone(rng: random.Random, *, mobile: bool | None = None) -> tuple[str, str, str]:
    """The three groups of a number."""
    if mobile if mobile is not None else rng.random() < 0.7:
        return rng.choice(("090", "080", "070")), str(rng.randrange(1000, 9999)), _digits(rng, 4)
    while True:
        area, size = rng.choice(_AREAS)
        groups = area, str(rng.randrange(2, 9)) + _digits(rng, size - 1), _digits(rng, 4)
        if phones.parse("-".join(groups)):
            return groups


@dataclass(frozen=True)
class Person:
    """An invented person."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    romaji: tuple[str, str]
    male: bool
    born: dt.date
    town: Town
    number: tuple[int, ...]
    building: str
    tel: tuple[str, str, str]
    mobile: tuple[str, str, str]
    email: str
    my_number: str
    licence: str
    card: str
    pension: str
    account: str
    insurer: str
    insurance: tuple[str, str]
    passport: str
    residence: str
    employee: str
    foreign: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.family + ("・" if self.foreign else "") + self.given

    def spaced(self, space: str = " ") -> str:
        return f"{self.family}{space}{self.given}"

    def kana(self, space: str = " ") -> str:
        return f"{self.family_kana}{space}{self.given_kana}"

    @property
    def place(self) -> str:
        return self.town.city + self.town.name


def person(rng: random.Random) -> Person:
    """Somebody who does not exist."""
    foreign = rng.random() < 0.03
    names, weights = _surnames()
    family, family_kana = rng.choices(names, weights)[0] if rng.random() < 0.85 else rng.choice(names)
    given, given_kana = rng.choice(_common() if rng.random() < 0.8 else _given())
    latin = (romaji(family_kana), romaji(given_kana))
    if foreign:
        family, given, one, two = rng.choice(_FOREIGN)
        family_kana, given_kana, latin = family, given, (one, two)
    elif rng.random() < 0.1:
        family = _OLD.get(family, family)
    number: tuple[int, ...] = (rng.randrange(1, 9), rng.randrange(1, 30), rng.randrange(1, 30))
    number = number if rng.random() < 0.6 else number[1:] if rng.random() < 0.6 else (rng.randrange(10, 3000),)
    building = ""
    if rng.random() < 0.35:
        building = rng.choice(_BUILDINGS).format(
            r=rng.choice((101, 203, 305, 402, 506, 1204)), f=rng.randrange(2, 12), s=rng.choice(_BUILDING_WORDS)
        )
    local = rng.choice(("{f}.{g}", "{g}_{f}", "{g}{f}{n}", "{f}-{g}", "{i}{f}", "{g}{n}")).format(
        f=latin[0].lower(), g=latin[1].lower().replace(" ", ""), n=rng.randrange(1, 99), i=latin[1][:1].lower()
    )
    return Person(
        family, given, family_kana, given_kana, latin, rng.random() < 0.5,
        dt.date(1935, 1, 1) + dt.timedelta(days=rng.randrange(25_500)), rng.choice(towns()), number, building,
        phone(rng, mobile=False), phone(rng, mobile=True), f"{local}@{rng.choice(_DOMAINS)}", my_number(rng), licence(rng),
        card(rng, rng.choice(("4", "51", "3540", "2221", "6011"))), f"{rng.randrange(1000, 9999)}-{rng.randrange(100000, 999999)}",
        f"{rng.randrange(1000000, 9999999)}", insurer(rng), (str(rng.randrange(10, 99999)), str(rng.randrange(1, 9999))),
        rng.choice(("TK", "TR", "MZ", "TZ")) + _digits(rng, 7), "".join(rng.choice("ABCDEFGH") for _ in "..") + _digits(rng, 8) + "".join(rng.choice("ABCDEFGH") for _ in ".."),
        f"{rng.randrange(1000, 99999):05d}", foreign,
    )  # fmt: skip


def address(who: Person, rng: random.Random, *, style: str = "", prefecture: bool | None = None, building: bool = True) -> str:
    """The person's address in one of the notations that people use."""
    n = who.number
    style = style or rng.choice(("hyphen", "hyphen", "hyphen", "chome", "chome", "kanji", "full", "ban_no", "no", "minus"))
    if style == "chome":
        text = ("{0}丁目{1}番{2}号", "{0}番{1}号", "{0}番地")[3 - len(n)].format(*n)
    elif style == "kanji":
        k = [kanji_number(i) for i in n]
        text = ("{0}丁目{1}番{2}号", "{0}番{1}号", "{0}番地")[3 - len(n)].format(*k)
    elif style == "full":
        text = full_width("-".join(map(str, n)))
    elif style == "ban_no":
        text = f"{n[0]}番地" if len(n) == 1 else f"{n[-2]}番地の{n[-1]}"
        text = (f"{n[0]}丁目" if len(n) == 3 else "") + text
    elif style == "no":
        text = "の".join(map(str, n[-2:])) if len(n) > 1 else f"{n[0]}番地"
    else:
        text = {"hyphen": "-", "minus": rng.choice("−‐–ー")}[style].join(map(str, n))
    with_prefecture = prefecture if prefecture is not None else rng.random() < 0.75
    out = (who.town.prefecture if with_prefecture else "") + who.place + text
    if building and who.building:
        out += rng.choice((" ", "　", "")) + who.building if style != "no" else " " + who.building
    return out


def born(who: Person, rng: random.Random, style: str = "") -> str:
    """The birth date in one of the notations that people use."""
    day = who.born
    style = style or rng.choice(("iso", "slash", "slash0", "long", "wareki", "short", "kanji_era", "compact", "dots"))
    short = wareki_short(day)
    era, _, rest = short.partition(".")
    return {
        "iso": day.isoformat(), "slash": f"{day.year}/{day.month}/{day.day}", "slash0": day.strftime("%Y/%m/%d"), "long": f"{day.year}年{day.month}月{day.day}日",
        "wareki": wareki(day), "short": short, "kanji_era": {"S": "昭", "H": "平", "R": "令"}[era[0]] + era[1:] + "." + rest, "compact": day.strftime("%Y%m%d"),
        "dots": day.strftime("%Y.%m.%d"), "short0": f"{era[0]}{int(era[1:]):02d}.{day.month:02d}.{day.day:02d}", "full": full_width(wareki(day)),
    }[style]  # fmt: skip


def tel(groups: Sequence[str], rng: random.Random, style: str = "") -> str:
    """A number in one of the notations that people use."""
    a, b, c = groups
    style = style or rng.choice(("hyphen", "hyphen", "hyphen", "hyphen", "plain", "paren", "full", "intl", "minus"))
    return {
        "hyphen": f"{a}-{b}-{c}", "plain": a + b + c, "paren": f"({a}){b}-{c}" if len(a) < 5 else f"{a}({b}){c}", "full": full_width(f"{a}-{b}-{c}"),
        "intl": f"+81-{a[1:]}-{b}-{c}", "minus": f"{a}‐{b}‐{c}", "space": f"{a} {b} {c}", "float": f"{a[1:]}{b}{c}",
    }[style]  # fmt: skip
