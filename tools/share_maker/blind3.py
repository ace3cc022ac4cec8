"""A third share as yet another stranger would make it, by sector and document: town halls, clinics, shops, shippers, courts, dumps.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind3_people.yaml``
and ``blind3_nobody.yaml`` (and the set written after these had been scored, in ``blind3_more.yaml``), in the notation of
``stranger.py``; ``~`` ends a line inside a repeated one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import unicodedata
from html import escape
from typing import Any

from sample_data.make.build import pdf, xlsx
from sample_data.make.people import wareki
from tools.share_maker import invented, stranger
from tools.share_maker.blind2 import Blind2Maker
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["Blind3Maker"]

#: Real ways of writing a place, with invented numbers.
_KYOTO = """京都府京都市中京区寺町通御池上る上本能寺前町{a}|京都市下京区四条通烏丸東入長刀鉾町{a}番地|京都市上京区今出川通烏丸東入玄武町{a}|京都府京都市東山区大和大路通四条下る4丁目小松町{a}
京都市中京区烏丸通二条下ル秋野々町{a}番地{b}|京都府京都市下京区東洞院通塩小路下る東塩小路町{a}-{b}|京都市左京区岡崎最勝寺町{a}"""
_HOKKAIDO = """北海道札幌市中央区北3条西6丁目{b}番地|札幌市北区北二十四条西五丁目{a}番{b}号|旭川市4条通10丁目{a}-{b}|北海道帯広市西5条南8丁目{b}|岩見沢市4条西3丁目{b}-{c}|北海道小樽市花園2丁目12番{b}号|札幌市白石区本通1丁目北{b}番{a}号"""
_OTHER = """沖縄県那覇市字上之屋{a}|沖縄県中頭郡読谷村字座喜味{a}番地{b}|沖縄県国頭郡恩納村字恩納{a}|沖縄県宜野湾市字宇地泊{a}番地|岩手県八幡平市野駄第21地割{a}番地|岩手県九戸郡洋野町種市23地割{a}-{b}
石川県七尾市袖ケ江町イ部{a}番地|千葉県旭市ニの{a}|長野県長野市大字鶴賀緑町{a}|新潟県新潟市中央区学校町通1番町{a}番地|富山県高岡市広小路7番{a}号|愛媛県松山市二番町四丁目7番地{b}|大阪市中央区久太郎町四丁目渡辺{b}号
東京都千代田区神田駿河台四丁目{b}番地{c}|東京都八王子市元本郷町三丁目２４番{b}号|茨城県つくば市研究学園一丁目{b}番地{c}|東京都大島町元町1丁目{b}番{c}号|福井県坂井市坂井町下新庄1－{b}"""
_STREETS = (
    ("1-{b}-{c} Nishi-Shinjuku", "Shinjuku-ku"),
    ("2-{b}-{c} Umeda", "Kita-ku, Osaka"),
    ("3-{b} Sakae", "Naka-ku, Nagoya"),
    ("4-{b}-{c} Tenjin", "Chuo-ku, Fukuoka"),
)
#: Kana, kanji or Latin as their papers have them.
_VIET = (("Nguyễn Thị Hương", "グエン ティ フオン"), ("TRAN VAN DUC", "チャン ヴァン ドゥック"), ("Lê Minh Tuấn", "レ ミン トゥアン"), ("PHAM THI NGOC ANH", "ファム ティ ゴック アイン"), ("Hoàng Văn Long", "ホアン ヴァン ロン"), ("Vo Thanh Binh", "ヴォ タイン ビン"), ("DANG QUOC HUY", "ダン クオック フイ"))  # fmt: skip
_BRAZIL = (("Carlos Eduardo da Silva", "カルロス エドゥアルド ダ シルヴァ"), ("OLIVEIRA TANAKA MARCOS", "オリヴェイラ タナカ マルコス"), ("Ana Paula Ferreira", "アナ パウラ フェレイラ"), ("Rodrigo Souza Yamada", "ロドリゴ ソウザ ヤマダ"), ("LIMA FERNANDA AKEMI", "リマ フェルナンダ アケミ"))  # fmt: skip
_CHINA = (("王 小明", "オウ ショウメイ"), ("ZHANG WEI", "チャン ウェイ"), ("陳 美玲", "チン ミレイ"), ("LI XIAOLONG", "リ シャオロン"), ("周 建軍", "シュウ ケングン"))  # fmt: skip
_ABROAD = {"viet": _VIET, "brazil": _BRAZIL, "china": _CHINA}


_ZENGIN = ("zenhead", "zendata", "zentail")


class Blind3Maker(Blind2Maker):
    """Notations of numbers, dates and places that the other strangers did not use."""

    hand = "blind3"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._kana_of: tuple[str, str] = ("", "")

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        rng = self.rng
        a, b, c = who.mobile
        la, lb, lc = who.tel
        town, number = who.town, "-".join(map(str, who.number))
        if key in ("viet", "brazil", "china"):
            pool = [pair for pair in _ABROAD[key] if pair[0] not in labelled.people] or list(_ABROAD[key])
            self._kana_of = rng.choice(pool)
            labelled.people.add(self._kana_of[0])
            return labelled.add("PERSON", self._kana_of[0])
        if key in ("vietkana", "brazilkana", "chinakana"):
            return labelled.add("PERSON", self._kana_of[1])
        if key == "splitaddr":
            rest = town.name + number
            labelled.add("JP_ADDRESS", town.prefecture + town.city + rest, f"{town.prefecture}{town.city}{rest}{who.building}")
            return f"{town.prefecture} | {town.city} | {rest}" + (f" {who.building}" if who.building else "")
        if key == "streetsplit":
            street, city = rng.choice(_STREETS)
            street = _numbered(street, rng)
            self.ignored(labelled, f"{street}, {city}")
            self.ignored(labelled, street)
            return f"{street} | {city}"
        if key == "addrlatin":
            street, city = rng.choice(_STREETS)
            return self.ignored(labelled, f"{_numbered(street, rng)}, {city}")
        if key == "zipsplit":
            labelled.add("JP_POSTAL_CODE", town.postal)
            return f"{town.postal[:3]} | {town.postal[3:]}"
        if key == "telsplit":
            labelled.add("PHONE_NUMBER", a + b + c)
            return f"{a} | {b} | {c}"
        if key == "addrcells":
            line, house = town.prefecture + who.place + number, f"{rng.choice(('メゾン桜', 'コーポ若葉'))}{rng.randrange(101, 409)}"
            labelled.add("JP_ADDRESS", line, line + house)
            return f"{line} | {house}"
        if key in ("dd", "mm"):
            return f"{rng.randrange(1, 29 if key == 'dd' else 13):02d}"
        if key == "sqladdr":
            labelled.add("JP_ADDRESS", who.place + number, town.name + number)
            return f"'{town.city}','{town.name}{number}'"
        if key == "lot":
            return self.ignored(labelled, f"{who.place}　地番　{rng.randrange(100, 999)}番{rng.randrange(1, 30)}")
        if key == "plot":
            return self.ignored(labelled, _numbered("字前田{b}番{c}", rng))
        if key in _ZENGIN:
            return _zengin(key, who, labelled)
        made = {
            "famhira": ("PERSON", who.family + invented.hiragana(who.given_kana)),
            "givenfirst": ("PERSON", f"{who.given} {who.family}"),
            "romajislash": ("PERSON", f"{who.romaji[0]}/{who.romaji[1]}".upper()),
            "telodd": ("PHONE_NUMBER", rng.choice((f"{a}-{b}-{c}", f"{a}・{b}・{c}", f"{a} - {b} - {c}", f"{a}ー{b}ー{c}", f"{a}（{b}）{c}", f"{a}/{b}/{c}", f"{a}–{b}–{c}", f"{a}-{b}{c}", invented.full_width(a + b + c), f"（携帯）{a}-{b}-{c}"[4:]))),
            "telfull": ("PHONE_NUMBER", invented.full_width(f"{a}－{b}－{c}")),
            "telintl": ("PHONE_NUMBER", rng.choice((f"+81 {a[1:]} {b} {c}", f"+81-{a[1:]}-{b}-{c}", f"+81{a[1:]}{b}{c}", f"+81 ({a[0]}){a[1:]}-{b}-{c}"))),
            "telnohyphen": ("PHONE_NUMBER", a + b + c),
            "homeh": ("PHONE_NUMBER", f"{la}-{lb}-{lc}"),
            "homeplain": ("PHONE_NUMBER", la + lb + lc),
            "postalplain": ("JP_POSTAL_CODE", town.postal),
            "addrplain": ("JP_ADDRESS", town.prefecture + who.place + number),
            "addrkyoto": ("JP_ADDRESS", _place(_KYOTO, rng)),
            "addrhok": ("JP_ADDRESS", _place(_HOKKAIDO, rng)),
            "addrodd": ("JP_ADDRESS", _place(rng.choice((_KYOTO, _HOKKAIDO, _OTHER)), rng)),
            "dobshow": ("DATE_OF_BIRTH", invented.born(who, rng, rng.choice(("short", "short0", "kanji_era", "slash", "dots")))),
            "dobkanji": ("DATE_OF_BIRTH", rng.choice((wareki(who.born), invented.full_width(wareki(who.born)), wareki(who.born).replace("年", "年　").replace("月", "月　")))),
            "dobcode": ("DATE_OF_BIRTH", _code(who, "")),
            "dobcodeh": ("DATE_OF_BIRTH", _code(who, "-")),
            "dobodd": ("DATE_OF_BIRTH", _odd_birth(who, rng)),
        }.get(key)  # fmt: skip
        if key == "addrkana":
            return self.ignored(labelled, "ﾄｳｷﾖｳﾄ ﾐﾅﾄｸ ｼﾊﾞ " + number)
        if made is None:
            return super().value(key, who, labelled)
        entity, text = made
        if entity == "PERSON":
            labelled.people.add(who.name)
        return labelled.add(entity, text, who.born.isoformat() if entity == "DATE_OF_BIRTH" else "")

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        text = text.replace("~", "\n")
        grid = [line.split(" | ") for line in text.split("\n")]
        encoding = template.get("encoding") or self.rng.choice(("utf-8", "cp932", "utf-8-sig"))
        encoding = encoding if encoding != "cp932" or stranger.is_sjis(text) else "utf-8"
        match form:
            case "tsv_cols":
                return "\r\n".join("\t".join(row) for row in grid).encode(encoding)
            case "csv_quoted":
                out = io.StringIO()
                csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(grid)
                return out.getvalue().encode(encoding)
            case "xlsx_typed":
                return xlsx({template["name"]: [[_typed(cell) for cell in row] for row in grid]})
            case "pdf_cols":
                lines = _columns(grid)
                return pdf([lines[i : i + 40] for i in range(0, len(lines), 40)], size=8)
            case "txt_fixed":
                return "\r\n".join(_columns(grid)).encode(encoding)
            case "html_th":
                rows = (re.split(r"[：　]", line, maxsplit=1) for line in text.split("\n"))
                cells = "".join(f"<tr><th>{escape(r[0])}</th><td>{escape(r[1] if len(r) > 1 else '')}</td></tr>\n" for r in rows)
                return f"<html><head><meta charset='utf-8'></head><body><table>{cells}</table></body></html>".encode()
            case "ldif" | "jsonl" | "tex" | "rb" | "js":
                return (text + "\n").encode("utf-8")
        return super().content(made, template, form, text)


def _numbered(text: str, rng: random.Random) -> str:
    return text.format(a=rng.randrange(10, 990), b=rng.randrange(1, 30), c=rng.randrange(1, 20))


def _place(pool: str, rng: random.Random) -> str:
    return _numbered(rng.choice(re.split(r"[|\n]", pool)), rng)


def _era(day: dt.date) -> tuple[int, str, int]:
    """The era's number on forms, its name and the year in it."""
    return (3, "昭和", day.year - 1925) if day < dt.date(1989, 1, 8) else (4, "平成", day.year - 1988)


def _code(who: Person, sign: str) -> str:
    number, _, year = _era(who.born)
    return f"{number}{sign}{year:02d}{who.born:%m%d}"


def _odd_birth(who: Person, rng: random.Random) -> str:
    day, (number, era, year) = who.born, _era(who.born)
    return rng.choice((
        f"{era}{year}({day.year})年{day.month}月{day.day}日", f"{era[0]}{year}・{day.month}・{day.day}", f"{day.year}. {day.month}. {day.day}", f"{day.year}年{day.month:2d}月{day.day:2d}日",
        f"{number}-{year:02d}.{day.month:02d}.{day.day:02d}", f"{'㍼' if number == 3 else '㍻'}{year}年{day.month}月{day.day}日", f"{era[0]}{year}年{day.month}月{day.day}日", f"{day.year}-{day.month}-{day.day}",
    ))  # fmt: skip


def _zengin(key: str, who: Person, labelled: Labelled) -> str:
    """A record of 120 characters of the banks' file of transfers: the header of the firm, a payee or the end."""
    if key == "zenhead":
        return f"1210{'12345':0>10}{'ﾎｸﾄｾｲｷ(ｶ':<40}06250005{'ﾐﾂﾋﾞｼﾕｰｴﾌｼﾞｴｲ':<15}001{'ﾎﾝﾃﾝ':<15}1{'0012345':<24}"
    if key == "zentail":
        return f"{'8000012000001234567':<120}\n{'9':<120}"
    holder = invented.half_kana(who.kana(" "))
    labelled.people.add(who.name)
    labelled.add("JP_BANK_ACCOUNT", who.account)
    labelled.add("PERSON", holder)
    return f"20005{'ﾐﾂﾋﾞｼﾕｰｴﾌｼﾞｴｲ':<15}341{'ｼﾝｼﾞﾕｸ':<15}    1{who.account}{holder:<30}{'251000':0>10}0{'':<29}"


def _typed(cell: str) -> Any:
    """A number or date as a spreadsheet stores it; what begins with a nought stays text."""
    if re.fullmatch(r"[1-9]\d{0,14}", cell):
        return int(cell)
    if re.fullmatch(r"\d+\.\d+", cell):
        return float(cell)
    if re.fullmatch(r"\d{4}/\d{1,2}/\d{1,2}", cell):
        return dt.date(*map(int, cell.split("/")))
    return cell


def _columns(grid: list[list[str]]) -> list[str]:
    """Rows padded to columns, as a print to paper has them; full-width characters count twice."""
    wide = [row for row in grid if len(row) > 1]
    count = max(map(len, wide), default=0)
    widths = [max(_width(row[i]) for row in wide if len(row) > i) for i in range(count)]
    return ["  ".join(c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=False)) if len(row) > 1 else row[0] for row in grid]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)
