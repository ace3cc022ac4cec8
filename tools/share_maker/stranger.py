"""A share as a stranger would make it: texts, lists and forms written before looking at any rule of the detector.

The templates are in ``stranger_people.yaml``, ``stranger_nobody.yaml`` (and the second set, written after the first had been
scored, in ``stranger_more.yaml``). ``{key}`` and ``{key2}`` are filled in and noted as true; a line ``*6-12|…`` is repeated, each
time with somebody else; `` | `` parts the cells of forms whose name ends in ``_cols``; ``%From: …`` lines are headers of a mail.
"""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from piiscan.detect.gazetteer import kanji_number
from sample_data.make.build import csv_text, docx, mail, pdf, pptx, xlsx, zipped
from tools.share_maker import invented
from tools.share_maker.building import Labelled, Maker
from tools.share_maker.invented import Person
from tools.share_maker.prose import load

__all__ = ["StrangerMaker", "make_stranger"]

_RARE = """勅使河原 テシガワラ|小鳥遊 タカナシ|辻 ツジ|堀 ホリ|東 アズマ|西 ニシ|南 ミナミ|関 セキ|畑 ハタ|柏 カシワ|橘 タチバナ|榊 サカキ|楠 クスノキ|轟 トドロキ|神 ジン|城 ジョウ|台 ダイ|乾 イヌイ|泉 イズミ|星 ホシ|谷 タニ|岡 オカ|菅 スガ
瀬戸内 セトウチ|辻元 ツジモト|御手洗 ミタライ|百目鬼 ドウメキ|大豆生田 オオマミュウダ|祖父江 ソブエ|東海林 ショウジ|七五三掛 シメカケ|鮫島 サメジマ|猫田 ネコタ|我孫子 アビコ|大和 ヤマト|出雲 イズモ|能登 ノト|佐渡 サド|日向 ヒュウガ|甲斐 カイ
髙﨑 タカサキ|渡邉 ワタナベ|齊藤 サイトウ|櫻井 サクライ|廣田 ヒロタ|濵口 ハマグチ|國分 コクブ|冨樫 トガシ|德永 トクナガ|眞鍋 マナベ|增田 マスダ|龍﨑 リュウザキ|蓮實 ハスミ|邊見 ヘンミ|舘 タチ|薮内 ヤブウチ|生方 ウブカタ|財前 ザイゼン
一ノ瀬 イチノセ|三ツ矢 ミツヤ|八ッ橋 ヤツハシ|保ケ部 ホカベ|雪ノ下 ユキノシタ|道祖土 サイド|喜屋武 キャン|比嘉 ヒガ|仲村渠 ナカンダカリ|新垣 アラカキ|伊良部 イラブ|知念 チネン|越智 オチ|宇都宮 ウツノミヤ|長曽我部 チョウソカベ"""
_ABROAD = (
    ("グエン", "ヴァン・ナム", "Nguyen", "Van Nam"), ("ファム", "ティ・フオン", "Pham", "Thi Huong"), ("タパ", "プラカシュ", "Thapa", "Prakash"), ("ラマ", "スマン", "Lama", "Suman"),
    ("スリヤント", "ブディ", "Suryanto", "Budi"), ("デラクルス", "マリア・テレサ", "Dela Cruz", "Maria Teresa"), ("パテル", "ニシャ", "Patel", "Nisha"), ("オコンクォ", "エマニュエル", "Okonkwo", "Emmanuel"),
    ("バトバヤル", "ガンゾリグ", "Batbayar", "Ganzorig"), ("アフマド", "ハサン", "Ahmad", "Hasan"), ("シン", "ラジ", "Singh", "Raj"), ("ミョー", "アウン", "Myo", "Aung"),
    ("ミュラー", "ハンス", "Müller", "Hans"), ("ルフェーヴル", "フランソワ", "Lefèvre", "François"), ("ガルシア", "ホセ", "García", "José"), ("コヴァルスカ", "アンナ", "Kowalska", "Anna"),
    ("イェンセン", "セーレン", "Jensen", "Søren"), ("オブライエン", "ケイト", "O'Brien", "Kate"), ("イワノワ", "エレナ", "Ivanova", "Elena"), ("シウバ", "ペドロ", "Silva", "Pedro"),
)  # fmt: skip
_KANJI_ABROAD = (
    ("金", "正浩", "キム", "ジョンホ", "Kim", "Jeongho"), ("李", "秀賢", "イ", "スヒョン", "Lee", "Suhyun"), ("王", "偉", "オウ", "イ", "Wang", "Wei"), ("張", "麗華", "チョウ", "レイカ", "Zhang", "Lihua"),
    ("陳", "建国", "チン", "ケンコク", "Chen", "Jianguo"), ("朴", "成民", "パク", "ソンミン", "Park", "Sungmin"), ("崔", "恩智", "チェ", "ウンジ", "Choi", "Eunji"), ("楊", "雪梅", "ヨウ", "セツバイ", "Yang", "Xuemei"),
    ("劉", "洋", "リュウ", "ヨウ", "Liu", "Yang"), ("黄", "志強", "コウ", "シキョウ", "Huang", "Zhiqiang"),
)  # fmt: skip
_FIRMS = (
    "北斗精機株式会社", "㈲高田設備", "医療法人社団みどり会", "森田クリニック", "学校法人桜丘学園", "さくら保育園", "松下内科医院", "山本商店", "株式会社 青葉システムズ", "（株）佐野運輸",
    "大野建設工業㈱", "社会福祉法人あすなろ", "NPO法人ひだまり", "一般社団法人地域支援機構", "宮崎水産株式会社", "三浦印刷所", "グローバルテック合同会社", "東都信用組合",
)  # fmt: skip
_UNITS = (
    "総務課",
    "人事課",
    "営業第三課",
    "生産管理グループ",
    "設計室",
    "保全係",
    "窓口サービス課",
    "介護保険課",
    "教務係",
    "物流センター",
    "SE推進部",
    "カスタマーサクセス",
    "経営企画室",
    "環境安全課",
    "外来",
    "3階病棟",
)
_POSTS = ("部長", "課長", "係長", "主任", "主査", "主事", "班長", "店長", "工場長", "次長", "副主任", "チーフ", "GM", "専門員")


def _kanji_day(who: Person) -> str:
    era, first = ("昭和", 1925) if who.born.year < 1989 else ("平成", 1988)
    return f"{era}{kanji_number(who.born.year - first)}年{kanji_number(who.born.month)}月{kanji_number(who.born.day)}日"


def _eras(who: Person) -> tuple[str, str, int]:
    if who.born.isoformat() < "1989-01-08":
        return "昭和", "S", who.born.year - 1925
    return "平成", "H", who.born.year - 1988


def _born(who: Person, rng: random.Random) -> str:
    d, (era, letter, year) = who.born, _eras(who)
    return rng.choice((
        f"{d.year}年{d.month}月{d.day}日", f"{d.year}/{d.month:02d}/{d.day:02d}", f"{d.year}.{d.month}.{d.day}", f"{d.year}-{d.month:02d}-{d.day:02d}", f"{era}{year}年{d.month}月{d.day}日",
        f"{era}{year:02d}年{d.month:02d}月{d.day:02d}日", f"{letter}{year}.{d.month}.{d.day}", f"{letter}{year}/{d.month}/{d.day}", f"{letter}.{year}.{d.month}.{d.day}", f"{era[0]}{year}.{d.month}.{d.day}",
        f"{era}{year}.{d.month}.{d.day}", f"{era} {year}年 {d.month}月 {d.day}日", _kanji_day(who), invented.full_width(f"{era}{year}年{d.month}月{d.day}日"), f"{letter}{year:02d}.{d.month:02d}.{d.day:02d}",
        f"{d.year}年　{d.month}月　{d.day}日", f"西暦{d.year}年{d.month}月{d.day}日", f"{era}{year}年（{d.year}年）{d.month}月{d.day}日",
    ))  # fmt: skip


def _address(who: Person, rng: random.Random) -> str:
    t, n = who.town, who.number
    style = rng.randrange(12)
    if style == 0:
        out = f"{t.prefecture} {t.city} {t.name} " + "-".join(map(str, n))
    elif style == 1:
        out = f"{t.city}{t.name}" + "-".join(map(str, n))
    elif style == 2:
        out = f"{t.prefecture}{t.city}{t.name}" + invented.full_width("－".join(map(str, n)))
    elif style == 3:
        out = f"{t.prefecture}{t.city}{t.name}" + "の".join(map(str, n)) if len(n) > 1 else f"{t.prefecture}{t.city}{t.name}{n[0]}番地"
    elif style == 4:
        out = f"{t.prefecture}{t.city}{t.name}" + "".join(
            f"{kanji_number(x)}{u}" for x, u in zip(n, ("丁目", "番", "号")[3 - len(n) :], strict=True)
        )
    else:
        return invented.address(who, rng)
    return out + (" " + who.building if who.building and rng.random() < 0.8 else "")


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


class StrangerMaker(Maker):
    """People of rarer names, and the values that only these templates have."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, "all")
        rare = [entry.split() for entry in re.split(r"[|\n]", _RARE)]
        self._rare = [(name, kana) for name, kana in rare]

    def someone(self) -> Person:
        rng = self.rng
        who = invented.person(rng)
        if who.foreign:
            return who
        r = rng.random()
        if r < 0.18:
            family, kana = rng.choice(self._rare)
            latin = invented.romaji(kana)
            who = dataclasses.replace(who, family=family, family_kana=kana, romaji=(latin, who.romaji[1]))
            return dataclasses.replace(who, email=f"{latin.lower()}.{who.romaji[1].lower()}{rng.randrange(9)}@example.co.jp")
        if r < 0.21:
            family, given, one, two, latin, first = rng.choice(_KANJI_ABROAD)
            return dataclasses.replace(
                who,
                family=family,
                given=given,
                family_kana=one,
                given_kana=two,
                romaji=(latin, first),
                email=f"{first.lower()}{_digits(rng, 3)}@example.com",
            )
        return who

    def people(self, count: int) -> list[Person]:
        found: dict[str, Person] = {}
        families: set[str] = set()
        while len(found) < count:
            who = self.someone()
            if count < 40 and who.family in families:
                continue
            families.add(who.family)
            found.setdefault(who.name, who)
        return list(found.values())

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        rng = self.rng
        person = {
            "name": lambda: rng.choice((who.name, who.name, who.spaced(" "), who.spaced("　"))), "nospace": lambda: who.name, "family": lambda: who.family, "given": lambda: who.given,
            "spaced": lambda: who.spaced(rng.choice((" ", "　"))), "kana": lambda: who.kana(rng.choice((" ", "　", ""))), "familykana": lambda: who.family_kana, "givenkana": lambda: who.given_kana,
            "halfkana": lambda: invented.half_kana(who.kana()), "hira": lambda: invented.hiragana(who.kana()), "hirafamily": lambda: invented.hiragana(who.family_kana),
            "romaji": lambda: f"{who.romaji[1]} {who.romaji[0]}", "romajirev": lambda: f"{who.romaji[0].upper()} {who.romaji[1]}", "romajiupper": f"{who.romaji[0]} {who.romaji[1]}".upper,
            "romajicomma": lambda: f"{who.romaji[0]}, {who.romaji[1]}",
        }  # fmt: skip
        if key in person:
            labelled.people.add(who.name)
            return labelled.add("PERSON", person[key]())
        if key in ("guardian", "onduty"):  # a child's father or mother; whoever of that family name takes a turn, and maybe another
            labelled.people.add(f"保護者 {who.family}" if key == "guardian" else who.family)
            return labelled.add("PERSON", who.family)
        if key.startswith("abroad"):
            family, given, latin, first = rng.choice([who for who in _ABROAD if f"{who[2]} {who[3]}" not in labelled.people])
            labelled.people.add(f"{latin} {first}")
            text = {
                "abroad": f"{family}・{given}",
                "abroadlatin": f"{first} {latin}",
                "abroadcomma": f"{latin}, {first}",
                "abroadupper": f"{latin} {first}".upper(),
            }[key]
            return labelled.add("PERSON", text)
        if key == "han":
            family, given, *_ = rng.choice([who for who in _KANJI_ABROAD if who[0] + who[1] not in labelled.people])
            labelled.people.add(family + given)
            return labelled.add("PERSON", f"{family} {given}")
        a, b, c = who.mobile
        la, lb, lc = who.tel
        personal = {
            "tel": ("PHONE_NUMBER", lambda: rng.choice((f"{a}-{b}-{c}", f"{a}-{b}-{c}", f"{a}－{b}－{c}", a + b + c, f"{a}({b}){c}", invented.full_width(f"{a}-{b}-{c}"), f"+81 {a[1:]}-{b}-{c}", f"{a}.{b}.{c}", f"{a} {b} {c}"))),
            "telh": ("PHONE_NUMBER", lambda: f"{a}-{b}-{c}"), "telplain": ("PHONE_NUMBER", lambda: a + b + c),
            "home": ("PHONE_NUMBER", lambda: rng.choice((f"{la}-{lb}-{lc}", f"{la}（{lb}）{lc}", f"({la}){lb}-{lc}", invented.full_width(f"{la}-{lb}-{lc}"), f"{la}‐{lb}‐{lc}"))),
            "local": ("PHONE_NUMBER", lambda: f"{lb}-{lc}"),
            "email": ("EMAIL_ADDRESS", lambda: who.email), "addr": ("JP_ADDRESS", lambda: _address(who, rng)), "postal": ("JP_POSTAL_CODE", lambda: f"{who.town.postal[:3]}-{who.town.postal[3:]}"),
            "dob": ("DATE_OF_BIRTH", lambda: _born(who, rng)), "dobslash": ("DATE_OF_BIRTH", lambda: who.born.strftime("%Y/%m/%d")), "dobplain": ("DATE_OF_BIRTH", lambda: who.born.strftime("%Y%m%d")),
            "mynum": ("JP_MY_NUMBER", lambda: rng.choice((who.my_number, " ".join(re.findall("....", who.my_number)), invented.full_width(who.my_number), "-".join(re.findall("....", who.my_number))))),
            "licence": ("JP_DRIVER_LICENSE", lambda: who.licence), "card": ("CREDIT_CARD", lambda: rng.choice((who.card, " ".join(re.findall("....", who.card)), "-".join(re.findall("....", who.card))))),
            "pension": ("JP_BASIC_PENSION_NUMBER", lambda: rng.choice((who.pension, who.pension.replace("-", "")))), "account": ("JP_BANK_ACCOUNT", lambda: who.account),
            "yucho": ("JP_BANK_ACCOUNT", lambda: f"1{_digits(rng, 3)}0-{rng.randrange(1000000, 99999999)}"), "yuchonum": ("JP_BANK_ACCOUNT", lambda: f"{rng.randrange(1000000, 9999999)}1"),
            "insnum": ("JP_HEALTH_INSURANCE", lambda: str(rng.randrange(100, 999999))), "passport": ("JP_PASSPORT", lambda: who.passport),
            "passportabroad": ("JP_PASSPORT", lambda: rng.choice((f"C{_digits(rng, 7)}", f"M{_digits(rng, 8)}", f"E{_digits(rng, 8)}", f"P{_digits(rng, 7)}A", f"B{_digits(rng, 7)}"))),
            "residence": ("JP_RESIDENCE_CARD", lambda: who.residence), "juki": ("JP_RESIDENT_CODE", lambda: _digits(rng, 11)),
        }  # fmt: skip
        if key == "onlyemail":
            labelled.people.add(who.name)
            return labelled.add("EMAIL_ADDRESS", who.email)
        if key in personal:
            entity, make = personal[key]
            return labelled.add(entity, make(), who.born.isoformat() if entity == "DATE_OF_BIRTH" else "")
        plain = {
            "firm": lambda: rng.choice(_FIRMS), "unit": lambda: rng.choice(_UNITS), "post": lambda: rng.choice(_POSTS), "ext": lambda: self.ignored(labelled, str(rng.randrange(100, 9999))),
            "age": lambda: str(2026 - who.born.year), "sex": lambda: rng.choice("男女"), "n": lambda: str(rng.randrange(2, 60)), "nnn": lambda: str(rng.randrange(100, 999)), "m": lambda: str(rng.randrange(1, 13)),
            "d": lambda: str(rng.randrange(1, 29)), "hm": lambda: f"{rng.randrange(8, 20)}:{rng.randrange(60):02d}", "yen": lambda: f"{rng.randrange(3, 900) * 100:,}", "id": lambda: f"{rng.choice('ABCKMX')}{_digits(rng, 5)}",
            "part": lambda: f"{rng.choice(('TK', 'MX', 'AB', 'QR'))}{_digits(rng, 7)}", "emp": lambda: who.employee, "twelve": lambda: _digits(rng, 12), "eleven": lambda: _digits(rng, 11), "seven": lambda: _digits(rng, 7),
            "dec": lambda: f"{rng.uniform(1, 99):.1f}", "waybill": lambda: invented.waybill(rng), "corporate": lambda: invented.corporate_number(rng), "insurer": lambda: self.ignored(labelled, who.insurer),
            "caregiver": lambda: self.ignored(labelled, "00" + _digits(rng, 8)), "vn": lambda: f"{self.ignored(labelled, who.family)};{self.ignored(labelled, who.given)}",
            "kigo": lambda: self.ignored(labelled, str(rng.randrange(10, 9999))), "employins": lambda: f"{_digits(rng, 4)}-{_digits(rng, 6)}-{rng.randrange(10)}", "toll": lambda: rng.choice(("0120-123-456", "0570-012-345", "0800-123-4567")),
            "city": lambda: who.town.city, "pref": lambda: who.town.prefecture, "town": lambda: who.town.name, "plate": lambda: f"{rng.choice(('品川', '札幌', 'なにわ'))} {rng.randrange(300, 599)} {rng.choice('さすせたち')} {rng.randrange(10, 99)}-{rng.randrange(10, 99)}",
            "bank": lambda: rng.choice(("みずほ銀行", "三菱UFJ銀行", "横浜銀行", "京都信用金庫", "ＪＡ横浜")), "branch": lambda: rng.choice(("本店営業部", "新宿支店", "烏丸支店", "鶴見支店")),
            "orgtel": lambda: self.ignored(labelled, "-".join(invented.phone(rng, mobile=False))), "orgmail": lambda: self.ignored(labelled, rng.choice(("info", "support", "office", "soudan")) + "@example.or.jp"),
            "orgaddr": lambda: self.ignored(labelled, invented.address(invented.person(rng), rng, prefecture=True)), "orgpostal": lambda: self.ignored(labelled, f"{who.town.postal[:3]}-{who.town.postal[3:]}"),
            "pass": lambda: "".join(rng.choice("abcdefghkmnpqrstuvwxyzABCDEFGH23456789") for _ in range(10)), "day": lambda: f"{rng.randrange(2015, 2027)}/{rng.randrange(1, 13)}/{rng.randrange(1, 29)}",
        }  # fmt: skip
        if key in plain:
            return plain[key]()
        return super().value(key, who, labelled)

    def filled(self, template: str, labelled: Labelled) -> str:
        """A template with its repeated lines; nobody of a repeated line is anybody of the others."""
        counts: list[int] = []
        lines = template.rstrip("\n").split("\n")
        for line in lines:
            star = re.match(r"\*(\d+)-(\d+)\|", line)
            counts.append(self.rng.randint(int(star.group(1)), int(star.group(2))) if star else 0)
        crowd = self.people(6 + 3 * sum(counts))
        first, others = crowd[:6], iter(crowd[6:])
        out = []
        for line, count in zip(lines, counts, strict=True):
            if count:
                body = line.split("|", 1)[1]
                out += [
                    self.fill(body, labelled, [next(others), next(others), next(others)]).replace("#", str(i + 1)) for i in range(count)
                ]
            else:
                out.append(self.fill(line, labelled, first))
        return "\n".join(out)


def make_stranger(
    maker: StrangerMaker, positive: int, negative: int, people: str = "stranger_people.yaml", nobody: str = "stranger_nobody.yaml"
) -> None:
    for name, count, is_negative in ((people, positive, False), (nobody, negative, True)):
        templates = [t for t in load(name) if bool(t.get("nobody", name == nobody != people)) is is_negative]
        for number in range(count):
            template = templates[number % len(templates)]
            form = template["forms"][number // len(templates) % len(template["forms"])]
            _file(maker, template, form, negative=is_negative)


def _file(maker: StrangerMaker, template: dict[str, Any], form: str, *, negative: bool) -> None:
    suffix = form.split("_", maxsplit=1)[0]
    made = maker.new(template["folder"], template["name"], suffix, negative=negative, kind=f"stranger/{form}")
    made.sensitive.update(template.get("sensitive", ()))
    made.ignored += [*template.get("ignored", []), "noreply@example.or.jp", "all@example.or.jp", "support@example.or.jp"]
    made.planted += template.get("planted", [])
    text = template["text"].rstrip("\n") if template.get("raw") else maker.filled(template["text"], made)
    if form != "eml":
        text = re.sub(r"(?m)^%(?=[A-Z])", "", text)
    made.content = written(maker, made, template, form, text)


def _cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] if " | " in line else [line] for line in text.split("\n")]


def written(maker: StrangerMaker, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
    rng = maker.rng
    lines = text.split("\n")
    grid = _cells(text)
    width = max(map(len, grid))
    match form:
        case "txt" | "md" | "log" | "vcf" | "py" | "json" | "sql" | "ini" | "csv":
            encoding = template.get("encoding") or rng.choice(("utf-8", "utf-8", "cp932", "utf-8-sig"))
            return text.replace("\n", "\r\n").encode(encoding if encoding != "cp932" or is_sjis(text) else "utf-8")
        case "docx":
            return docx([line for line in lines if line.strip()])
        case "docx_form":
            return docx(_form_blocks(lines))
        case "docx_cols":
            return docx(
                [*[row[0] for row in grid if len(row) == 1 and row[0]], [row + [""] * (width - len(row)) for row in grid if len(row) > 1]]
            )
        case "pdf":
            return pdf([lines[i : i + 40] for i in range(0, len(lines), 40)])
        case "pptx":
            return pptx([(lines[0], [line for line in lines[1:] if line.strip()], "", [])])
        case "pptx_cols":
            return pptx(
                [
                    (
                        lines[0],
                        [r[0] for r in grid[1:] if len(r) == 1 and r[0]],
                        "",
                        [r + [""] * (width - len(r)) for r in grid if len(r) > 1],
                    )
                ]
            )
        case "html":
            return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(lines[0])}</title></head><body>{'<br>'.join(map(escape, lines))}</body></html>".encode()
        case "html_form":
            rows = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in map(_pair, lines) if b) + "".join(
                f"<p>{escape(a)}</p>" for a, b in map(_pair, lines) if not b
            )
            return f"<html><head><meta charset='utf-8'></head><body><dl>{rows}</dl></body></html>".encode()
        case "html_cols":
            body = "".join(f"<h2>{escape(r[0])}</h2>" if len(r) == 1 else "" for r in grid)
            table = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>" for r in grid if len(r) > 1)
            return f"<html><head><meta charset='utf-8'></head><body>{body}<table border=1>{table}</table></body></html>".encode()
        case "eml":
            return _mail(lines)
        case "xlsx_form":
            return _grid_form(maker, lines)
        case "xlsx_cols":
            titles = [i + 1 for i, r in enumerate(grid) if len(r) == 1 and r[0]]
            return xlsx(
                {template["name"]: grid},
                merge={template["name"]: [f"A{i}:{'ABCDEFGHIJKLMNOP'[min(width, 16) - 1]}{i}" for i in titles if width > 1][:2]},
            )
        case "csv_cols":
            return (
                csv_text(grid).encode(rng.choice(("utf-8-sig", "utf-8", "cp932")), "replace")
                if is_sjis(text)
                else csv_text(grid).encode("utf-8")
            )
        case "md_cols":
            return "\n".join(r[0] if len(r) == 1 else "| " + " | ".join(r) + " |" for r in _with_rule(grid)).encode()
        case "txt_cols":
            return "\n".join("\t".join(r) for r in grid).encode()
        case "zip_cols":
            return zipped(
                [(f"{template['name']}.csv", csv_text(grid).encode("utf-8-sig")), ("readme.txt", "配布用データ一式です。".encode())]
            )
        case "json_cols":
            head, *rows = [r for r in grid if len(r) > 1]
            return json.dumps([dict(zip(head, r, strict=False)) for r in rows], ensure_ascii=False, indent=2).encode()
    raise ValueError(form)


def is_sjis(text: str) -> bool:
    try:
        return text.encode("cp932").decode("cp932") == text
    except UnicodeEncodeError:
        return False


def _with_rule(grid: list[list[str]]) -> list[list[str]]:
    out, done = [], False
    for row in grid:
        out.append(row)
        if len(row) > 1 and not done:
            out.append(["---"] * len(row))
            done = True
    return out


def _pair(line: str) -> tuple[str, str]:
    parts = re.split(r"[：:]\s?|　", line, maxsplit=1)
    return (parts[0], parts[1].strip()) if len(parts) == 2 and len(parts[0]) <= 16 else (line, "")


def _form_blocks(lines: Sequence[str]) -> list[Any]:
    """Pairs become rows of a table (two pairs a row), the rest stays as paragraphs."""
    blocks: list[Any] = []
    row: list[str] = []
    table: list[list[str]] = []

    def close() -> None:
        nonlocal row, table
        if row:
            table.append(row + [""] * (4 - len(row)))
            row = []
        if table:
            blocks.append(table)
            table = []

    for line in lines:
        label, value = _pair(line)
        if not value:
            close()
            if line.strip():
                blocks.append(line)
            continue
        row += [label, value]
        if len(row) == 4:
            table.append(row)
            row = []
    close()
    return blocks


def _grid_form(maker: StrangerMaker, lines: Sequence[str]) -> bytes:
    """A sheet used as squared paper: labels in B, values in D or F, titles over merged cells."""
    rows: list[list[str]] = []
    merges = []
    column = maker.rng.choice((1, 2, 4))
    for line in lines:
        label, value = _pair(line)
        if value:
            rows.append(["", label, *[""] * (column - 1), value])
        else:
            rows.append(["", line])
            merges.append(f"B{len(rows)}:G{len(rows)}")
    return xlsx({"様式": rows}, merge={"様式": merges[:3]})


def _mail(lines: Sequence[str]) -> bytes:
    heads = dict(line[1:].split(": ", 1) for line in lines if line.startswith("%"))
    body = "\r\n".join(line for line in lines if not line.startswith("%"))
    return mail(
        heads.get("From", "noreply@example.or.jp"),
        heads.get("To", "all@example.or.jp"),
        heads.get("Subject", "ご連絡"),
        body,
        cc=heads.get("Cc", ""),
    )
