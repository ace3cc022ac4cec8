"""Files about nobody: tables of goods, numbers, places and readings, and texts that only sound personal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sample_data.make.build import csv_text, docx, pdf, xlsx
from tools.share_maker import invented
from tools.share_maker.building import COMPANIES, Labelled, Maker
from tools.share_maker.prose import load, written

__all__ = ["make_negatives"]

Grid = list[list[Any]]
_PLACES = (
    "千葉",
    "松本",
    "宮崎",
    "福島",
    "長崎",
    "秋田",
    "石川",
    "山口",
    "高松",
    "大分",
    "川崎",
    "岡崎",
    "豊田",
    "日立",
    "前橋",
    "柏",
    "津",
    "堺",
    "森",
    "林",
)
_PARTS = (
    "六角ボルト",
    "平ワッシャ",
    "Oリング",
    "ベアリング",
    "圧着端子",
    "抵抗器",
    "コンデンサ",
    "ケーブル",
    "フィルター",
    "ヒューズ",
    "スイッチ",
    "LEDランプ",
)
_DISEASES = ("糖尿病", "高血圧症", "胃がん", "統合失調症", "気管支喘息", "うつ病", "脳梗塞", "白内障")


def make_negatives(maker: Maker, count: int) -> None:
    """``count`` files in which nothing should be rated medium or above."""
    templates = load("negatives.yaml")
    for number in range(count):
        if number % 2:
            _table(maker)
            continue
        template = maker.pick(templates)
        form = maker.rng.choice(template["forms"])
        title = re.sub(r"[\\/:*?\"<>|\[\]#\s{}【】=（）]", "", template["text"].split("\n", 1)[0])[:12] or template["folder"]
        made = maker.new(
            template["folder"],
            title,
            {"xlsx_form": "xlsx", "csv_form": "csv", "json_text": "jsonl"}.get(form, form),
            negative=True,
            kind=f"nobody/{form}",
        )
        made.ignored += template.get("ignored", [])
        made.content = written(
            maker, made, "txt" if form in {"py", "js", "ini", "yaml"} else form, [maker.fill(template["text"], made, maker.people(1))]
        )


def _table(maker: Maker) -> None:
    folder, names, build = maker.pick(_TABLES)
    rng = maker.rng
    form = rng.choice(("xlsx", "csv", "csv", "xlsx", "tsv", "docx", "html", "json", "csv_sjis", "pdf"))
    made = maker.new(folder, rng.choice(names), {"csv_sjis": "csv"}.get(form, form), negative=True, kind=f"nobody/{form}")
    grid = build(maker, made)
    text = [[str(c) for c in row] for row in grid]
    if form == "xlsx":
        made.content = xlsx({"Sheet1": grid})
    elif form == "csv":
        made.content = csv_text(grid).encode("utf-8")
    elif form == "csv_sjis":
        made.content = csv_text(grid).encode("cp932", "replace")
    elif form == "tsv":
        made.content = csv_text(grid, "\t").encode("utf-8")
    elif form == "docx":
        made.content = docx([f"# {names[0]}", [row + [""] * (max(map(len, text)) - len(row)) for row in text]])
    elif form == "html":
        made.content = (
            "<html><meta charset='utf-8'><table>"
            + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in text)
            + "</table></html>"
        ).encode()
    elif form == "json":
        made.content = json.dumps([dict(zip(text[0], row, strict=False)) for row in text[1:]], ensure_ascii=False).encode()
    else:
        made.content = pdf([["  ".join(row) for row in text[:35]]], size=8)


def _rows(maker: Maker, headers: list[str], one: Callable[[int], list[Any]]) -> Grid:
    return [headers, *(one(i) for i in range(maker.rng.choice((6, 15, 30, 60))))]


def _parts(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["品番", "品名", "数量", "単価", "JANコード"],
        lambda i: [
            f"AB-{r.randrange(10**8):08d}",
            r.choice(_PARTS),
            r.randrange(1, 500),
            r.randrange(10, 90000),
            f"49{r.randrange(10**10):011d}",
        ],
    )


def _parts2(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["部品番号", "図番", "ロット", "在庫数", "棚番"],
        lambda i: [
            f"{r.randrange(10**6, 10**7)}",
            f"03-{r.randrange(1000, 9999)}-{r.randrange(1000, 9999)}",
            f"{r.randrange(10**11, 10**12)}",
            r.randrange(999),
            f"A-{r.randrange(99)}",
        ],
    )


def _waybills(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["送り状番号", "出荷日", "個数", "重量kg", "配達状況"],
        lambda i: [invented.waybill(r), maker.date(), r.randrange(1, 9), r.randrange(1, 30), r.choice(("配達完了", "輸送中", "持出中"))],
    )


def _waybills2(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["お問い合わせ番号", "受注番号", "倉庫", "サイズ"],
        lambda i: [
            r.randrange(10**11, 10**12),
            r.randrange(10**9, 10**10),
            r.choice(("松本倉庫", "千葉DC", "宮崎倉庫")),
            r.choice((60, 80, 100)),
        ],
    )


def _partners(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng

    def one(_: int) -> list[Any]:
        tel = "-".join(invented.phone(r, mobile=False))
        place = invented.address(invented.person(r), r, style="hyphen", prefecture=True, building=False)
        made.ignored += [tel, place]
        return [
            r.choice(_PLACES) + r.choice(("商事株式会社", "工業㈱", "製作所", "(有)", "運輸株式会社")),
            invented.corporate_number(r),
            place,
            tel,
        ]

    return _rows(maker, ["取引先名", "法人番号", "所在地", "代表電話"], one)


def _stores(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng

    def one(_: int) -> list[Any]:
        tel = "-".join(invented.phone(r, mobile=False))
        who = invented.person(r)
        place = invented.address(who, r, style="hyphen", prefecture=True, building=False)
        code = f"{who.town.postal[:3]}-{who.town.postal[3:]}"
        made.ignored += [tel, place, code]
        return [r.choice(_PLACES) + r.choice(("店", "駅前店", "支店")), code, place, tel, "10:00～20:00"]

    return _rows(maker, ["店舗名", "郵便番号", "住所", "電話番号", "営業時間"], one)


def _sensor(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["timestamp", "sensor", "temp", "humidity", "pressure"],
        lambda i: [
            1793582101000 + i * 60000,
            f"S-{i % 4:03d}",
            round(r.uniform(15, 30), 2),
            round(r.uniform(30, 80), 1),
            round(r.uniform(990, 1030), 1),
        ],
    )


def _sensor2(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["計測日時", "設備番号", "電流A", "振動", "累積値"],
        lambda i: [
            f"2026110{1 + i % 9}{i % 24:02d}{i % 60:02d}00",
            f"{r.randrange(10**5):05d}",
            round(r.uniform(1, 9), 3),
            round(r.random(), 4),
            r.randrange(10**11, 10**12),
        ],
    )


def _statistics(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["都道府県", "市区町村", "人口", "世帯数", "65歳以上"],
        lambda i: [
            (t := r.choice(invented.towns())).prefecture,
            t.city,
            r.randrange(1000, 900000),
            r.randrange(500, 300000),
            r.randrange(300, 90000),
        ],
    )


def _statistics2(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["傷病名", "患者数（千人）", "男", "女", "平均在院日数"],
        lambda i: [r.choice(_DISEASES), r.randrange(10, 9999), r.randrange(5, 5000), r.randrange(5, 5000), round(r.uniform(3, 90), 1)],
    )


def _branches(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["金融機関コード", "銀行名", "支店コード", "支店名"],
        lambda i: [f"{r.randrange(10000):04d}", "例示銀行", f"{r.randrange(1000):03d}", r.choice(_PLACES) + "支店"],
    )


def _offices(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["拠点", "内線", "開設年月日", "床面積"],
        lambda i: [
            r.choice(_PLACES) + "営業所",
            r.randrange(1000, 9999),
            f"{r.randrange(1950, 2020)}/{r.randrange(1, 13)}/{r.randrange(1, 28)}",
            r.randrange(50, 900),
        ],
    )


def _prices(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["商品コード", "商品名", "カテゴリ", "価格（税込）", "発売日"],
        lambda i: [
            f"{r.randrange(10**12, 10**13)}",
            r.choice(("さくら", "あおい", "ひかり", "みどり", "かえで")) + r.choice(("弁当", "せっけん", "ノート", "傘")),
            r.choice(("食品", "雑貨")),
            r.randrange(100, 9999),
            maker.date(),
        ],
    )


def _books(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["ISBN", "書名", "価格", "在庫"],
        lambda i: [
            f"978-4-{r.randrange(10, 99)}-{r.randrange(100000, 999999)}-{r.randrange(10)}",
            r.choice(("糖尿病の食事", "うつ病とつきあう", "民法入門", "千葉の歩き方", "がん保険の選び方")),
            r.randrange(800, 4000),
            r.randrange(30),
        ],
    )


def _timetable(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["駅名", "平日", "土曜", "休日"],
        lambda i: [
            r.choice(_PLACES),
            f"{r.randrange(5, 23)}:{r.randrange(60):02d}",
            f"{r.randrange(5, 23)}:{r.randrange(60):02d}",
            f"{r.randrange(5, 23)}:{r.randrange(60):02d}",
        ],
    )


def _schedule(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["日付", "会場", "対戦", "結果"],
        lambda i: [
            maker.date(),
            r.choice(_PLACES) + "球場",
            f"{r.choice(_PLACES)}－{r.choice(_PLACES)}",
            f"{r.randrange(9)}-{r.randrange(9)}",
        ],
    )


def _assets(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["資産番号", "機器名", "シリアル番号", "MACアドレス", "設置場所", "購入日"],
        lambda i: [
            f"{r.randrange(10**9, 10**10)}",
            r.choice(("ノートPC", "プリンタ", "L2スイッチ")),
            f"{r.randrange(10**11, 10**12)}",
            ":".join(f"{r.randrange(256):02x}" for _ in range(6)),
            r.choice(("3階", "サーバ室")),
            maker.date(),
        ],
    )


def _licences(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["ソフト名", "ライセンスキー", "数量", "有効期限"],
        lambda i: [f"Tool{i}", "-".join(f"{r.randrange(10**4):04d}" for _ in range(4)), r.randrange(1, 99), maker.date()],
    )


def _checkup_norms(maker: Maker, made: Labelled) -> Grid:
    return [
        ["検査項目", "基準値", "単位", "要再検査", "要治療"],
        ["HbA1c", "5.5以下", "%", "5.6-6.4", "6.5以上"],
        ["LDLコレステロール", "60-119", "mg/dL", "120-179", "180以上"],
        ["収縮期血圧", "129以下", "mmHg", "130-159", "160以上"],
        ["γ-GTP", "50以下", "U/L", "51-100", "101以上"],
    ]


def _drug_list(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["薬品コード", "薬品名", "規格", "薬価", "在庫"],
        lambda i: [
            f"{r.randrange(10**8, 10**9)}",
            r.choice(("アムロジピン錠", "メトホルミン錠", "エスシタロプラム錠", "インスリン グラルギン")),
            r.choice(("5mg", "250mg", "10mg")),
            round(r.uniform(5, 2000), 1),
            r.randrange(900),
        ],
    )


def _companies(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["No", "会社名", "業種", "資本金", "上場"],
        lambda i: [
            i + 1,
            r.choice(("本田", "松下", "森", "山口", "石川", "村田", "島津", "川崎"))
            + r.choice(("製作所", "組", "産業", "商店", "ホールディングス")),
            r.choice(("機械", "小売")),
            r.randrange(10, 9000),
            r.choice(("東証", "非上場")),
        ],
    )


def _projects(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["案件番号", "案件名", "開始", "終了", "進捗"],
        lambda i: [
            f"2026-{r.randrange(1000, 9999)}",
            r.choice(_PLACES) + r.choice(("工場更新", "システム刷新", "倉庫移転")),
            maker.date(),
            maker.date(),
            f"{r.randrange(100)}%",
        ],
    )


def _postal(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng

    def one(_: int) -> list[Any]:
        t = r.choice(invented.towns())
        made.ignored += [t.postal, t.prefecture + t.city + t.name]
        return [t.postal, t.prefecture, t.city, t.name]

    return _rows(maker, ["郵便番号", "都道府県", "市区町村", "町域"], one)


def _accounts(maker: Maker, made: Labelled) -> Grid:
    r = maker.rng
    return _rows(
        maker,
        ["勘定科目コード", "勘定科目", "借方", "貸方", "摘要"],
        lambda i: [
            r.randrange(100, 999),
            r.choice(("現金", "普通預金", "売掛金", "旅費交通費")),
            r.randrange(10**6, 10**7),
            r.randrange(10**6, 10**7),
            r.choice(("11月分", "家賃", f"{r.choice(COMPANIES)} 入金", "")),
        ],
    )


_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Maker, Labelled], Grid]], ...] = (
    ("製造", ("部品表", "BOM"), _parts), ("製造", ("部品在庫", "棚卸表"), _parts2), ("物流", ("出荷一覧", "送り状"), _waybills), ("物流", ("追跡一覧", "配送状況"), _waybills2),
    ("購買", ("取引先マスタ", "仕入先"), _partners), ("店舗", ("店舗一覧", "shops"), _stores), ("計測", ("sensor", "log"), _sensor), ("計測", ("設備データ", "振動"), _sensor2),
    ("統計", ("人口", "国勢"), _statistics), ("統計", ("患者調査", "傷病統計"), _statistics2), ("経理", ("金融機関一覧", "支店コード"), _branches), ("総務", ("拠点一覧", "営業所"), _offices),
    ("商品", ("価格表", "商品マスタ"), _prices), ("商品", ("書籍一覧", "蔵書"), _books), ("総務", ("時刻表", "バス"), _timetable), ("総務", ("大会日程", "試合結果"), _schedule),
    ("情シス", ("資産台帳", "機器"), _assets), ("情シス", ("ライセンス", "keys"), _licences), ("医務室", ("基準値", "判定基準"), _checkup_norms), ("薬局", ("薬品マスタ", "薬価"), _drug_list),
    ("調査", ("企業一覧", "上場会社"), _companies), ("調査", ("案件一覧", "プロジェクト"), _projects), ("総務", ("郵便番号一覧", "町域"), _postal), ("経理", ("仕訳", "元帳"), _accounts),
)  # fmt: skip
