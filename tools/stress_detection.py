"""Stresses detection with made-up notations: addresses of random towns, places in sentences, numbers and look-alikes, case reports.

    python tools/stress_detection.py addresses|places|numbers|reports [--seed N] [--each N] [--show N]

``reports`` reads ``../shared/data/medical_reports_dev.jsonl`` and puts each report under the heads of documents.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from piiscan.detect.gazetteer import kanji_number
from piiscan.detect.kit import Kit
from piiscan.engine.analyse import Analyst
from piiscan.engine.api import analyze_with_hits, inspect_file
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings
from sample_data.make.people import card, corporate_number, my_number, waybill
from tools.share_maker.invented import Town, full_width, licence, phone, towns

SETTINGS = Settings()
Number = tuple[int, ...]
BUILDINGS = ("コーポ桜101", "グリーンハイツ203号室", "第二山本ビル5F", "メゾン青葉 402", "パークタワー1204", "Park Heights 301", "ＡＢＣビル８階", "レジデンス中央B棟202", "市営住宅3-405", "サンハイツ若葉Ⅱ201", "コンフォートⅢ 102号", "エクセル A-203", "ビレッジハウス2号棟305号")  # fmt: skip
VARIANTS = (("ケ", "ヶ"), ("ヶ", "ケ"), ("ヶ", "が"), ("ケ", "が"), ("沢", "澤"), ("澤", "沢"), ("竜", "龍"), ("浜", "濱"), ("桜", "櫻"), ("条", "條"), ("島", "嶋"), ("滝", "瀧"), ("ノ", "の"), ("の", "ノ"))  # fmt: skip


def _chome(n: Number, digits: Callable[[int], str] = str) -> str:
    return ("{0}丁目{1}番{2}号", "{0}番{1}号", "{0}番地")[3 - len(n)].format(*map(digits, n))


def _notations(rng: random.Random) -> dict[str, Callable[[Town, Number], str]]:
    def hyphen(n: Number, sign: str = "-") -> str:
        return sign.join(map(str, n))

    def variant(text: str) -> str:
        for a, b in rng.sample(VARIANTS, len(VARIANTS)):
            if a in text:
                return text.replace(a, b, 1)
        return text

    def lot(n: Number, sign: str) -> str:
        return f"{n[-2]}番地{sign}{n[-1]}" if len(n) > 1 else f"{n[0]}番地"

    return {
        "hyphen": lambda t, n: t.prefecture + t.city + t.name + hyphen(n),
        "chome": lambda t, n: t.prefecture + t.city + t.name + _chome(n),
        "kanji": lambda t, n: t.prefecture + t.city + t.name + _chome(n, kanji_number),
        "full width": lambda t, n: t.prefecture + t.city + t.name + full_width(hyphen(n)),
        "full width chome": lambda t, n: t.prefecture + t.city + t.name + full_width(_chome(n)),
        "no prefecture": lambda t, n: t.city + t.name + hyphen(n),
        "no prefecture chome": lambda t, n: t.city + t.name + _chome(n),
        "other dashes": lambda t, n: t.prefecture + t.city + t.name + hyphen(n, rng.choice("‐‑–—―−－ｰー")),
        "spaces": lambda t, n: f"{t.prefecture} {t.city} {t.name} {hyphen(n)}",
        "wide spaces": lambda t, n: f"{t.prefecture}　{t.city}　{t.name}　{hyphen(n)}",
        "line end after the city": lambda t, n: f"{t.prefecture}{t.city}\n{t.name}{hyphen(n)}",
        "line end after the prefecture": lambda t, n: f"{t.prefecture}\n{t.city}{t.name}{hyphen(n)}",
        "の": lambda t, n: t.prefecture + t.city + t.name + ("の".join(map(str, n[-2:])) if len(n) > 1 else f"{n[0]}番地"),
        "番地の": lambda t, n: t.prefecture + t.city + t.name + lot(n, "の"),
        "番地": lambda t, n: t.prefecture + t.city + t.name + lot(n, ""),
        "大字": lambda t, n: t.prefecture + t.city + "大字" + re.sub("^(?:大字|字)", "", t.name) + f"{n[-1] * 10}番地",
        "字": lambda t, n: (
            t.prefecture + t.city + re.sub("^字", "", t.name) + "字" + rng.choice(("中島", "前田", "宮ノ前", "東")) + lot(n, "")
        ),
        "甲乙丙": lambda t, n: t.prefecture + t.city + t.name + rng.choice("甲乙丙") + f"{n[-1] * 7}番地",
        "spelling": lambda t, n: variant(t.prefecture + t.city + t.name) + hyphen(n),
        "building": lambda t, n: t.prefecture + t.city + t.name + hyphen(n) + rng.choice((" ", "　", "")) + rng.choice(BUILDINGS),
        "building on the next line": lambda t, n: t.prefecture + t.city + t.name + hyphen(n) + "\n" + rng.choice(BUILDINGS),
        "without its county": lambda t, n: t.prefecture + re.sub("^.+?郡", "", t.city) + t.name + hyphen(n),
        "room as a last number": lambda t, n: t.prefecture + t.city + t.name + hyphen(n) + f"-{rng.randrange(101, 909)}",
    }


FRAMES = (
    "住所：{}",
    "{}",
    "現住所　{}",
    "山田太郎は{}に住んでいる。",
    "本人（{}）確認済み",
    "送付先: {} 様宛",
    "自宅は{}です。",
    "{}へ転居しました。",
    "氏名 山田太郎 住所 {} 電話 090-1234-5678",
)
LINES = ("住所：{}\n電話 090-1234-5678", "{}\n", "送付先\n{}\n山田太郎 様")


def addresses(rng: random.Random, each: int, show: int) -> None:
    """Exact spans over random towns of all prefectures."""
    kit = Kit.of(SETTINGS.detection)
    wrong: collections.Counter[str] = collections.Counter()
    total = 0
    for name, make in _notations(rng).items():
        for _ in range(each):
            r = rng.random()
            n = (rng.randrange(1, 9), rng.randrange(1, 30), rng.randrange(1, 30)) if r < 0.6 else (rng.randrange(1, 60), rng.randrange(1, 30)) if r < 0.8 else (rng.randrange(5, 3000),)  # fmt: skip
            address = make(rng.choice(towns()), n)
            text = rng.choice(LINES if "\n" in address else FRAMES).format(address)
            at = text.index(address)
            found = [(x.start, x.end) for x in kit.spot(text) if x.entity_type == "JP_ADDRESS" and x.score >= 0.5]
            total += 1
            if found != [(at, at + len(address))]:
                wrong[name] += 1
                if show > 0:
                    show -= 1
                    print(f"  {name}: {text!r} found {[text[a:b] for a, b in found]}", file=sys.stderr)
    print(f"addresses={total} exact={total - wrong.total()} share={1 - wrong.total() / total:.4f} wrong={dict(wrong)}")


SENTENCES = (
    "{p}{c}は{n}日、新庁舎の建設計画を発表した。", "{c}{t}で{n}年に発見された遺跡", "週末は{c}{t}まで足を延ばした。", "{p}{c}の{t}地区で火災があり、{n}棟が焼けた。", "{p}{c}{t}の国道{n}号で事故",
    "昭和{n}年、{p}{c}に第{n}工場を建設した。", "{c}{t}小学校が全国大会で{n}位に入った。", "{c}立{t}中学校{n}年{n}組", "{c}から{d}まで約{n}キロ", "{p}{c}出身の画家は、{n}歳で上京した。", "{c}の人口は{n},{m}人で、{t}が最も多い。",
    "{c}{t}線の{n}番ホーム", "{p}{c}{t}に本社を置く", "{c}{t}産の米{n}kgを購入", "{p}{c}へ出張（{n}泊）", "{c}議会は{n}対{n}で可決", "本店は{c}、支店は{d}と{t}にある", "{c}{t}公園の桜{n}本が見頃",
    "{p}{c}{t}周辺の地価は{n}%上昇", "{t}交差点を右折し{n}m先", "{c}の{t}で、{n}月{n}日に祭りがある", "{p}{c}長選挙は{n}日投開票", "{c}{t}駅から徒歩{n}分", "令和{n}年度{c}一般会計予算", "{c}消防団第{n}分団", "{c}{t}町内会{n}班",
)  # fmt: skip


def places(rng: random.Random, each: int, show: int) -> None:
    """Sentences that only mention a place."""
    kit = Kit.of(SETTINGS.detection)
    wrong = 0
    for sentence in SENTENCES:
        for _ in range(each):
            t = rng.choice(towns())
            text = sentence.format(
                p=t.prefecture, c=t.city, t=t.name, d=rng.choice(towns()).city, n=rng.randrange(2, 30), m=rng.randrange(100, 999)
            )
            found = [text[x.start : x.end] for x in kit.spot(text) if x.entity_type == "JP_ADDRESS" and x.score >= 0.5]
            wrong += bool(found)
            if found and show > 0:
                show -= 1
                print(f"  {text!r} found {found}", file=sys.stderr)
    print(f"places={len(SENTENCES) * each} false alarms={wrong}")


def _four(number: str, sign: str = " ") -> str:
    return sign.join(number[i : i + 4] for i in range(0, len(number), 4))


def _true_numbers(rng: random.Random) -> list[tuple[str, str, str]]:
    m, c, d = my_number(rng), card(rng, rng.choice(("4", "51", "55", "3540", "2221", "6011"))), licence(rng)
    p, q = phone(rng, mobile=True), phone(rng, mobile=False)
    texts = {
        ("JP_MY_NUMBER", m): (f"個人番号：{m}", f"マイナンバー {_four(m)}", f"あなたの個人番号は{_four(m, '-')}です。", f"個人番号 {full_width(m)}", f"個人番号\n{m}", f"個人番号（12桁）：{_four(m)}", f"My Number: {m}", f"扶養親族の個人番号　{' '.join(m)}", f"マイナンバー:{m[:6]}\n{m[6:]}", f"(個人番号){m}"),
        ("CREDIT_CARD", c): (f"カード番号：{c}", f"クレジットカード {_four(c)}", f"VISA {_four(c, '-')}", f"お支払いは{_four(c, '-')}（有効期限 11/29）で", f"カード番号 {full_width(_four(c, '-'))}", _four(c), f"カード番号\n{_four(c)}", f"カード番号 {c[:8]}\n{c[8:]}", f"カード番号 {_four(c, '  ')}"),
        ("JP_DRIVER_LICENSE", d): (f"運転免許証番号 {d}", f"免許証番号：第{d}号", f"免許証番号 {_four(d)}", f"免許番号は{full_width(d)}"),
        ("PHONE_NUMBER", "".join(p)): (f"電話{'-'.join(p)}", f"携帯：{full_width('-'.join(p))}", "-".join(p), f"連絡先は{' '.join(p)}です", f"+81 {p[0][1:]} {p[1]} {p[2]}", f"電話番号{''.join(p)}までお願いします", f"電話：{p[0]}（{p[1]}）{p[2]}", f"℡{'ー'.join(p)}", f"電話番号 {p[0]}-{p[1]}-\n{p[2]}"),
        ("PHONE_NUMBER", "".join(q)): (f"TEL {''.join(q)}", f"({q[0]}){q[1]}-{q[2]}", f"Tel.{'.'.join(q)}", f"TEL/FAX {'-'.join(q)}", f"{'-'.join(q)}(代)", f"内線123 直通{'-'.join(q)}"),
    }  # fmt: skip
    return [(entity, value, text) for (entity, value), listed in texts.items() for text in listed]


def _look_alikes(rng: random.Random) -> list[str]:
    def some(count: int) -> str:
        return "".join(str(rng.randrange(10)) for _ in range(count))

    m, c, w = my_number(rng), card(rng), waybill(rng)
    e, s, t = "0" + some(10), some(16), some(12)
    return [
        f"送り状番号 {m}", f"お問い合わせ番号：{_four(m, '-')}", f"追跡番号 {m}", f"伝票番号：{w}", f"宅配便（お問合せ伝票番号 {_four(w, '-')}）", f"注文番号 {m}", f"注文番号{s}", f"受付番号 {e}", f"会社法人等番号 {_four(m, '-')}", f"JANコード 4{m}",
        f"タイムスタンプ 2026{m[:8]}", f"シリアル番号 {c}", f"トランザクションID {c}", f"製造番号 {e}", f"請求書番号：{t}", f"管理番号 {e[:3]}-{e[3:7]}-{e[7:]}", f"id={s}", f"session {t}{t}", f"法人番号 {corporate_number(rng)}", f"登録番号 T{corporate_number(rng)}",
        f"合計 {int(t):,}円", f"ハッシュ {s}{t}", f"緊急ダイヤル 0120-{t[:3]}-{t[3:6]}", f"ポイントカード番号 {s}", f"契約番号 {e}", f"ロット {m}", f"機器ID：{_four(t, '-')}", "期間 2026-04-01-2027-03-31", "比率 03-1234-56789", f"型番 RX-{t}", f"お客様番号 {t}", _four(t),
    ]  # fmt: skip


def numbers(rng: random.Random, each: int, show: int) -> None:
    """Numbers with check digits and telephone numbers in contexts, and look-alikes in theirs."""
    missed = false = true = alike = 0
    of_persons = {
        "JP_MY_NUMBER",
        "CREDIT_CARD",
        "JP_DRIVER_LICENSE",
        "PHONE_NUMBER",
        "JP_BANK_ACCOUNT",
        "JP_BASIC_PENSION_NUMBER",
        "JP_RESIDENT_CODE",
        "JP_PASSPORT",
    }
    for _ in range(each):
        for entity, value, text in _true_numbers(rng):
            true += 1
            if (entity, value) not in {(f.entity, hit.norm) for f, hit in analyze_with_hits(text, SETTINGS)}:
                missed += 1
                print(f"  missed {text!r}", file=sys.stderr) if missed <= show else None
        for text in _look_alikes(rng):
            alike += 1
            if any(f.entity in of_persons for f, _ in analyze_with_hits(text, SETTINGS)):
                false += 1
                print(f"  false {text!r}", file=sys.stderr) if false <= show else None
    print(
        f"numbers={true} missed={missed} recall={1 - missed / true:.4f} look-alikes={alike} false={false} precision={(true - missed) / max(1, true - missed + false):.4f}"
    )


HEADS = {
    "nobody": ("{}", "症例報告\n\n{}", "{}\n\n例示病院 消化器内科 医師 田中 誠", "著者：山田太郎1)、佐藤花子2)\n1)例示大学医学部 2)例示病院\n要旨\n{}"),
    "a patient": ("患者氏名：山田 太郎\n生年月日：昭和50年4月1日\n\n{}", "診療録\n患者ID 1234567  氏名 佐藤 花子  女 45歳\n{}", "鈴木一郎様の診療情報をお送りします。\n\n{}", "退院サマリー\n患者：高橋 健（男性）\n主治医：田中 誠\n{}", "氏名\t渡辺 愛\n性別\t女\n{}"),
}  # fmt: skip


def reports(_: random.Random, each: int, show: int) -> None:
    """Case reports that name nobody, as they are and under the head of a patient's record."""
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / "medical_reports_dev.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()][: max(each, 100)]
    analyst = Analyst(SETTINGS, FingerprintKey.random())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.txt"
        for about, heads in HEADS.items():
            for head in heads:
                critical = 0
                for text in texts:
                    file.write_text(head.format(text), encoding="utf-8")
                    report, _ = inspect_file(file, SETTINGS, analyst=analyst)
                    critical += report.level.word == "critical"
                print(f"reports={len(texts)} about {about}: critical={critical}  ({head.splitlines()[0][:24]})")
    del show


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("addresses", "places", "numbers", "reports"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    {"addresses": addresses, "places": places, "numbers": numbers, "reports": reports}[args.what](
        random.Random(args.seed), args.each, args.show
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
