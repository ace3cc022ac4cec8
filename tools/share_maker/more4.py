"""A share as one more stranger would make it: town halls, building sites, inns, clubs and temples, IT operations, newsletters, sports.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``more4_people.yaml`` and
``more4_nobody.yaml``, in the notation of ``stranger.py``; beside it ``~`` ends a line inside a repeated one (``blind3.py``),
``<<a;b>>`` is one of several words, ``⏎`` breaks a line within a cell and ``=== name`` begins another sheet.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import random
import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

from sample_data.make.build import csv_text, docx, mail, pdf, xlsx
from sample_data.make.people import wareki, wareki_short
from tools.share_maker import invented, stranger
from tools.share_maker.blind3 import Blind3Maker
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["More4Maker"]

_PLAIN = ("conf", "java", "php", "properties", "srt", "toml", "ts", "xml", "yaml", "yml")

#: Trainees and students: as their papers have them, in katakana, the country.
_TRAINEES = """NGUYEN THI BICH NGOC|グエン ティ ビック ゴック|ベトナム~BUI VAN QUYET|ブイ ヴァン クエット|ベトナム~DO THI THU HA|ド ティ トゥ ハー|ベトナム~LUONG DINH KHANH|ルオン ディン カイン|ベトナム
TRINH XUAN TRUONG|チン スアン チュオン|ベトナム~PHAN THI MY LINH|ファン ティ ミー リン|ベトナム~DEWI KARTIKA SARI|デウィ カルティカ サリ|インドネシア~AGUS SETIAWAN|アグス セティアワン|インドネシア
MUHAMMAD RIZKY PRATAMA|ムハンマド リズキー プラタマ|インドネシア~SITI NURHALIZAH|シティ ヌルハリザ|インドネシア~MARK ANTHONY REYES|マーク アンソニー レイエス|フィリピン~JOCELYN CRUZ BAUTISTA|ジョセリン クルズ バウティスタ|フィリピン
RODEL DIZON MANALO|ロデル ディソン マナロ|フィリピン~AYE THIDA WIN|エー ティダ ウィン|ミャンマー~KYAW ZIN HTET|チョー ズィン テッ|ミャンマー~BISHNU PRASAD GURUNG|ビシュヌ プラサド グルン|ネパール
SUNITA TAMANG|スニタ タマン|ネパール~SOK DARA|ソック ダラ|カンボジア~CHEA SREYMOM|チア スレイモム|カンボジア~ENKHBAYAR TEMUULEN|エンフバヤル テムーレン|モンゴル~RANJITH PERERA|ランジット ペレーラ|スリランカ"""
#: Guests and partners: family name, given names, katakana.
_WESTERN = """Thompson|Robert James|ロバート・トンプソン~Whitaker|Alice M.|アリス・ウィテカー~Delacroix|Jean-Luc|ジャン＝リュック・ドラクロワ~Hoffmann|Sabine|サビーネ・ホフマン~Fernandes|Luiz Otávio|ルイス・オタヴィオ・フェルナンデス
Costa|Mariana Alves|マリアナ・アルヴェス・コスタ~Lindqvist|Erik|エリック・リンドクヴィスト~Rossi|Giulia|ジュリア・ロッシ~McAllister|Sean P.|ショーン・マカリスター~Novák|Petra|ペトラ・ノヴァーコヴァー~van Dijk|Willem|ウィレム・ファン・ダイク
Ramírez|Ana Lucía|アナ・ルシア・ラミレス~Osei|Kwame|クワメ・オセイ~Haddad|Layla|ライラ・ハダド~Petrov|Dmitri|ドミトリー・ペトロフ~Bergström|Lena|レナ・ベリストレム"""
#: In simplified characters, pinyin, as offices read them.
_CHINESE = """王芳|Wang Fang|ワン ファン~张敏|Zhang Min|チャン ミン~刘志远|Liu Zhiyuan|リウ ジーユエン~陈晓东|Chen Xiaodong|チェン シャオドン~赵雨欣|Zhao Yuxin|ジャオ ユーシン~孙建华|Sun Jianhua|スン ジエンホワ~周丽萍|Zhou Liping|ジョウ リーピン
吴俊杰|Wu Junjie|ウー ジュンジエ~林佳怡|Lin Jiayi|リン ジアイー~郭明辉|Guo Minghui|グオ ミンホイ~许文静|Xu Wenjing|シュー ウェンジン~蔡宗翰|Tsai Tsunghan|ツァイ ツォンハン"""


def _pool(text: str) -> list[list[str]]:
    return [entry.split("|") for entry in re.split(r"[~\n]", text)]


_POOLS = {"trainee": _pool(_TRAINEES), "western": _pool(_WESTERN), "hansimp": _pool(_CHINESE)}


class More4Maker(Blind3Maker):
    """Households of one surname, people from abroad, children and the aged, and the papers that only these templates have."""

    hand = "more4"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._head: Person | None = None
        self._abroad: list[str] = ["", "", ""]

    def fill(self, template: str, labelled: Labelled, people: Sequence[Person]) -> str:
        chosen = re.sub(r"<<(.*?)>>", lambda match: self.rng.choice(match.group(1).split(";")), template)
        return super().fill(chosen, labelled, people)

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        rng = self.rng
        if key.startswith(("head", "kin")):
            return self._of_household(key, who, labelled)
        if key in _POOLS:
            self._abroad = rng.choice([entry for entry in _POOLS[key] if entry[0] not in labelled.people] or _POOLS[key])
            labelled.people.add(self._abroad[0])
            return labelled.add("PERSON", self._abroad[0] if key != "western" else f"{self._abroad[1]} {self._abroad[0]}")
        if key == "guestkana":
            self._abroad = rng.choice([entry for entry in _POOLS["western"] if entry[0] not in labelled.people])
            labelled.people.add(self._abroad[0])
            return labelled.add("PERSON", self._abroad[2])
        if key == "pinyinonly":
            self._abroad = rng.choice([entry for entry in _POOLS["hansimp"] if entry[0] not in labelled.people])
            labelled.people.add(self._abroad[0])
            return labelled.add("PERSON", self._abroad[1])
        if key == "land":
            return self._abroad[2]
        if key in ("traineekana", "westernkana", "chinesekana"):
            return labelled.add("PERSON", self._abroad[1 if key == "traineekana" else 2])
        if key == "pinyin":
            return labelled.add("PERSON", self._abroad[1])
        if key == "ticket":
            family, given, _ = rng.choice(_POOLS["western"])
            labelled.people.add(family)
            return labelled.add("PERSON", re.sub(r"[^A-Z/ ]", "", _ascii(f"{family}/{given}").upper())) + rng.choice((" MR", " MS"))
        if key == "cardname":
            labelled.people.add(who.name)
            return labelled.add("PERSON", f"{who.family};{who.given}", who.family + who.given)
        if key == "mrz":
            return _mrz(who, labelled)
        if key == "dobsplit":
            labelled.add("DATE_OF_BIRTH", wareki(who.born), who.born.isoformat())
            era, rest = wareki(who.born)[:2], re.findall(r"\d+|元", wareki(who.born))
            return " | ".join((era, *rest))
        if key in ("dobchild", "dobchildh", "dobold"):
            born = who.born.replace(
                year=1928 + who.born.year % 20 if key == "dobold" else 2012 + who.born.year % 11, day=min(who.born.day, 28)
            )
            return labelled.add("DATE_OF_BIRTH", _written_day(born, "short" if key == "dobchildh" else "", rng), born.isoformat())
        if key == "login":
            return self.ignored(labelled, f"{who.romaji[1][:1]}.{who.romaji[0]}".lower().replace(" ", ""))
        if key == "namefirm":
            return self.ignored(labelled, f"{who.family}{rng.choice(('工務店', '電気工事', '板金', '造園', '塗装店', '設備工業'))}")
        if key == "practice":  # a firm that bears its owner's name
            return self.ignored(labelled, f"{who.family}クリニック")
        if key == "addrshort":
            text = who.town.name + rng.choice(("-".join(map(str, who.number)), invented.full_width("－".join(map(str, who.number)))))
            return labelled.add("JP_ADDRESS", text)
        return super().value(key, who, labelled)

    def _of_household(self, key: str, who: Person, labelled: Labelled) -> str:
        """The head of a household and those who have the same surname."""
        if key.startswith("head"):
            self._head = who
        head = self._head or who
        space = self.rng.choice((" ", "　"))
        text = {
            "head": who.spaced(space),
            "headflat": who.name,
            "headkana": who.kana(space),
            "kin": f"{head.family}{space}{who.given}",
            "kinflat": head.family + who.given,
            "kinkana": f"{head.family_kana}{space}{who.given_kana}",
            "kinhira": invented.hiragana(f"{head.family_kana}{space}{who.given_kana}"),
        }[key]
        labelled.people.add(who.name if key.startswith("head") else head.family + who.given)
        return labelled.add("PERSON", text)

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        text = text.replace("~", "\n")
        if not form.startswith("eml"):
            text = re.sub(r"(?m)^%(?=[A-Z])", "", text)
        lines = text.split("\n")
        grid = [[cell.strip().replace("⏎", "\n") for cell in line.split(" | ")] if " | " in line else [line] for line in lines]
        encoding = template.get("encoding") or self.rng.choice(("utf-8", "cp932", "utf-8-sig"))
        encoding = encoding if encoding != "cp932" or stranger.is_sjis(text) else "utf-8"
        if "⏎" in text:
            form = {"xlsx_cols": "xlsx_cells", "csv_cols": "csv_cells", "docx_cols": "docx_mixed", "html_cols": "html_seats"}.get(
                form, form
            )
            text = text.replace("⏎", "　")
        match form:
            case "xlsx_sheets":
                return xlsx(_sheets(lines))
            case "xlsx_cells":
                return xlsx({template["name"]: grid})
            case "csv_cells":
                return csv_text(grid).encode(encoding)
            case "docx_mixed":
                return docx(_mixed(grid))
            case "docx_framed":
                return docx([line for line in lines[1:-1] if line.strip()], header=lines[0], footer=lines[-1])
            case "txt_ocr":
                return "\r\n".join(map(_spread, lines)).encode(encoding)
            case "pdf_ocr":
                spread = [_spread(line) for line in lines]
                return pdf([spread[i : i + 40] for i in range(0, len(lines), 40)])
            case "txt_wrap":
                return "\r\n".join(short for line in lines for short in _wrapped(line, 60)).encode(encoding)
            case "pdf_wrap":
                short = [part for line in lines for part in _wrapped(line, 72)]
                return pdf([short[i : i + 40] for i in range(0, len(short), 40)])
            case "ldif_base64":
                return "\n".join(map(_base64_attribute, lines)).encode("ascii") + b"\n"
            case "vcf_printable":
                return "\r\n".join(map(_printable_property, lines)).encode("ascii") + b"\r\n"
            case "eml_html":
                return _html_mail(lines, grid)
            case "html_seats":
                table = "".join("<tr>" + "".join(f"<td>{escape(c).replace(chr(10), '<br>')}</td>" for c in row) + "</tr>\n" for row in grid)
                return f"<html><head><meta charset='utf-8'></head><body><table border=1>{table}</table></body></html>".encode()
            case "rtf":
                return _rtf(lines)
        if form in _PLAIN:
            return (text + "\n").encode(template.get("encoding", "utf-8"))
        return super().content(made, template, form, text)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def _written_day(day: dt.date, style: str, rng: random.Random) -> str:
    style = style or rng.choice(("wareki", "short", "slash", "long", "spaced"))
    return {
        "wareki": wareki(day),
        "short": wareki_short(day),
        "slash": day.strftime("%Y/%m/%d"),
        "long": f"{day.year}年{day.month}月{day.day}日",
        "spaced": wareki(day).replace("年", "年 ").replace("月", "月 "),
    }[style]


def _check(text: str) -> str:
    """The check digit of a field of a passport's machine-readable lines."""
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return str(sum((7, 3, 1)[i % 3] * max(order.find(ch), 0) for i, ch in enumerate(text)) % 10)


def _mrz(who: Person, labelled: Labelled) -> str:
    """The two lines at a passport's foot; the number is labelled, the name stands in letters and signs that nobody would label apart."""
    family, given = (re.sub("[^A-Z]", "<", part.upper()) for part in who.romaji)
    number, born, ends = who.passport, who.born.strftime("%y%m%d"), "310415"
    lines = (
        f"P<JPN{family}<<{given}".ljust(44, "<")[:44],
        f"{number}{_check(number)}JPN{born}{_check(born)}{'MF'[not who.male]}{ends}{_check(ends)}",
    )
    body = lines[1].ljust(42, "<")
    second = f"{body}{_check(body[28:42])}"
    second += _check(second[:10] + second[13:20] + second[21:43])
    labelled.people.add(who.name)
    labelled.add("JP_PASSPORT", number)
    labelled.ignored += [lines[0], second, f"{who.romaji[0]} {who.romaji[1]}".upper(), f"{family}{given}", who.born.isoformat(), born]
    return f"{lines[0]}~{second}"


def _sheets(lines: Sequence[str]) -> dict[str, Sequence[Sequence[str]]]:
    """Lines under ``=== name``: each such line begins a sheet of that name."""
    out: dict[str, list[list[str]]] = {}
    rows = out.setdefault("Sheet1", [])
    for line in lines:
        if line.startswith("=== "):
            rows = out.setdefault(line[4:].strip()[:31], [])
        else:
            rows.append([cell.strip().replace("⏎", "\n") for cell in line.split(" | ")])
    return {name: found for name, found in out.items() if found}


def _mixed(grid: Sequence[Sequence[str]]) -> list[Any]:
    """Paragraphs and tables in the order in which they come."""
    blocks: list[Any] = []
    for row in grid:
        if len(row) == 1:
            blocks += [row[0]] if row[0].strip() else []
        elif blocks and isinstance(blocks[-1], list):
            blocks[-1].append(list(row))
        else:
            blocks.append([list(row)])
    for block in blocks:
        if isinstance(block, list):
            width = max(map(len, block))
            for row in block:
                row += [""] * (width - len(row))
    return blocks


def _spread(line: str) -> str:
    """A line as character recognition gives it: blanks between the Japanese characters."""
    return re.sub(r"(?<=[^\x00-\x7f\s])(?=[^\x00-\x7f\s])", " ", line)


def _wrapped(line: str, width: int) -> list[str]:
    """A line broken where the paper ends; words and numbers of Latin letters and digits stay whole."""
    out, used = [""], 0
    for part in re.findall(r"[!-~]+|.", line):
        size = sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in part)
        if used + size > width and out[-1] and part not in "、。）」":
            out.append("")
            used = 0
        out[-1] += part
        used += size
    return out


def _base64_attribute(line: str) -> str:
    """An attribute of a directory's export: what is not ASCII is written in base64 after two colons."""
    if line.isascii():
        return line
    name, _, value = line.partition(": ")
    return f"{name}:: {base64.b64encode(value.encode()).decode()}"


def _printable_property(line: str) -> str:
    """A property of a card as Japanese phones export it: Shift_JIS in quoted-printable."""
    if line.isascii():
        return line
    name, _, value = line.partition(":")
    return f"{name};CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:" + "".join(
        chr(byte) if chr(byte) == ";" else f"={byte:02X}" for byte in value.encode("cp932", "replace")
    )


def _html_mail(lines: Sequence[str], grid: Sequence[Sequence[str]]) -> bytes:
    heads = dict(line[1:].split(": ", 1) for line in lines if line.startswith("%"))
    rows = [(line, row) for line, row in zip(lines, grid, strict=True) if not line.startswith("%")]
    body = "".join(
        "<table border=1><tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr></table>\n"
        if len(row) > 1
        else f"<p>{escape(line)}</p>\n"
        for line, row in rows
    )
    return mail(
        heads.get("From", "noreply@example.or.jp"),
        heads.get("To", "all@example.or.jp"),
        heads.get("Subject", "ご連絡"),
        "HTML形式のメールです。",
        html=f"<html><body>{body}</body></html>",
    )


def _rtf(lines: Sequence[str]) -> bytes:
    out = io.StringIO()
    out.write(r"{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0 MS Mincho;}}\f0\fs21" + "\n")
    for line in lines:
        for ch in line:
            code = ord(ch)
            out.write("\\" + ch if ch in "\\{}" else ch if code < 128 else f"\\u{code if code < 32768 else code - 65536}?")
        out.write("\\par\n")
    out.write("}\n")
    return out.getvalue().encode("ascii")
