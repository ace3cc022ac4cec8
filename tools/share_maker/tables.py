"""Lists of people in every shape that offices give them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from sample_data.make.build import csv_text, docx, mail, pptx, xlsx, zipped
from tools.share_maker import invented
from tools.share_maker.building import COMPANIES, DEPARTMENTS, Labelled, Maker
from tools.share_maker.invented import Person

__all__ = ["make_tables"]

Cells = list[tuple[str, list[tuple[str, str, str]]]]
_MEDICAL = (
    "糖尿病",
    "高血圧症",
    "気管支喘息",
    "うつ病",
    "胃潰瘍",
    "脂質異常症",
    "てんかん",
    "関節リウマチ",
    "乳がん（術後）",
    "慢性腎臓病",
    "アトピー性皮膚炎",
    "不安障害",
    "脳梗塞後遺症",
    "狭心症",
    "甲状腺機能低下症",
    "潰瘍性大腸炎",
)
_DRUGS = (
    "アムロジピン5mg",
    "メトホルミン",
    "ロキソプロフェン錠60mg",
    "インスリン",
    "プレドニゾロン5mg",
    "ワーファリン1mg",
    "レボチロキシン",
    "エスシタロプラム10mg",
    "アトルバスタチン",
    "タケキャブ錠20mg",
)
_DISABLED = (
    "身体障害者手帳2級",
    "療育手帳B1",
    "精神障害者保健福祉手帳3級",
    "聴覚障害4級",
    "下肢機能障害3級",
    "身体1種1級",
    "内部障害（心臓）",
    "視覚障害2級",
)


@dataclass(frozen=True)
class Kind:
    """A column: its headers, and the cells that it has for a person (several for split ones)."""

    headers: tuple[tuple[str, ...], ...]
    cells: Callable[[Person, Maker, str], Cells]
    sensitive: str = ""


def _one(entity: str, make: Callable[[Person, Maker, str], str]) -> Callable[[Person, Maker, str], Cells]:
    def cells(who: Person, maker: Maker, style: str) -> Cells:
        text = make(who, maker, style)
        return [(text, [(entity, text, who.born.isoformat() if entity == "DATE_OF_BIRTH" else "")] if entity and text else [])]

    return cells


def _split_name(who: Person, maker: Maker, style: str) -> Cells:
    return [(who.family, [("PERSON", who.family, "")]), (who.given, [("PERSON", who.given, "")])]


def _split_kana(who: Person, maker: Maker, style: str) -> Cells:
    one, two = who.family_kana, who.given_kana
    if style == "half":
        one, two = invented.half_kana(one), invented.half_kana(two)
    return [(one, [("PERSON", one, "")]), (two, [("PERSON", two, "")])]


def _split_phone(who: Person, maker: Maker, style: str) -> Cells:
    a, b, c = who.mobile
    return [(a, [("PHONE_NUMBER", f"{a}-{b}-{c}", "")]), (b, []), (c, [])]


def _split_address(who: Person, maker: Maker, style: str) -> Cells:
    number = "-".join(map(str, who.number))
    whole = who.town.prefecture + who.town.city + who.town.name + number + who.building
    street = who.town.name + number
    return [
        (who.town.prefecture, [("JP_ADDRESS", whole, who.town.prefecture + who.place + number)]),
        (who.town.city, []),
        (street, []),
        (who.building, []),
    ]


def _postal_and_address(who: Person, maker: Maker, style: str) -> Cells:
    code = f"{who.town.postal[:3]}-{who.town.postal[3:]}"
    text = invented.address(who, maker.rng, style="hyphen")
    return [(f"〒{code} {text}", [("JP_POSTAL_CODE", code, ""), ("JP_ADDRESS", text, "")])]


def _bank(who: Person, maker: Maker, style: str) -> Cells:
    return [
        ("例示銀行", []),
        (maker.rng.choice(("本店", "駅前支店", "中央")), []),
        (maker.rng.choice(("普通", "1")), []),
        (who.account, [("JP_BANK_ACCOUNT", who.account, "")]),
    ]


def _emergency(who: Person, maker: Maker, style: str) -> Cells:
    given = invented.person(maker.rng).given
    name = f"{who.family} {given}"
    number = "-".join(invented.phone(maker.rng, mobile=True))
    return [
        (name, [("PERSON", name, "")]),
        (maker.rng.choice(("父", "母", "配偶者", "妻", "夫", "長男")), []),
        (number, [("PHONE_NUMBER", number, "")]),
    ]


def _note(who: Person, maker: Maker, style: str) -> Cells:
    other = invented.person(maker.rng)
    number = "-".join(other.mobile)
    kinds: tuple[tuple[str, list[tuple[str, str, str]]], ...] = (
        (f"{maker.date()} {other.family}様より電話あり。折り返し{number}へ", [("PERSON", other.family, ""), ("PHONE_NUMBER", number, "")]),
        (f"連絡は夫（{other.name}）の携帯 {number} へお願いします", [("PERSON", other.name, ""), ("PHONE_NUMBER", number, "")]),
        (f"転送先メール {other.email}", [("EMAIL_ADDRESS", other.email, "")]),
        ("担当者変更済み。書類は月末までに郵送", []),
        ("午前中希望", []),
        ("", []),
        ("", []),
    )
    return [maker.rng.choice(kinds)]


def _phone_style(who: Person, maker: Maker, style: str) -> str:
    return invented.tel(who.mobile, maker.rng, style or "hyphen")


def _born_style(who: Person, maker: Maker, style: str) -> str:
    return invented.born(who, maker.rng, style or "slash0")


def _my_number(who: Person, maker: Maker, style: str) -> str:
    n = who.my_number
    return {"": n, "4": f"{n[:4]}-{n[4:8]}-{n[8:]}", "s": f"{n[:4]} {n[4:8]} {n[8:]}", "full": invented.full_width(n)}[
        style if style in {"", "4", "s", "full"} else ""
    ]


KINDS: dict[str, Kind] = {
    "name": Kind((("氏名",), ("名前",), ("お名前",), ("社員氏名",), ("氏　名",), ("会員名",), ("顧客名",), ("ご契約者様名",), ("利用者氏名",), ("受講者",), ("申込者名",), ("参加者氏名",), ("name",), ("full_name",), ("患者名",), ("employee_name",)),
                 _one("PERSON", lambda p, m, s: p.spaced(s if s in {" ", "　", ""} else " "))),
    "split_name": Kind((("姓", "名"), ("氏", "名"), ("苗字", "名前"), ("last_name", "first_name"), ("氏名（姓）", "氏名（名）"), ("LastName", "FirstName"), ("姓（漢字）", "名（漢字）"), ("お名前(姓)", "お名前(名)"), ("sei", "mei"), ("family_name", "given_name")), _split_name),
    "kana": Kind((("フリガナ",), ("氏名カナ",), ("カナ氏名",), ("ふりがな",), ("ﾌﾘｶﾞﾅ",), ("シメイ",), ("氏名（カナ）",), ("name_kana",), ("読み仮名",), ("カナ",), ("よみがな",), ("kana_name",)),
                 _one("PERSON", lambda p, m, s: invented.half_kana(p.kana()) if s == "half" else p.kana("　" if s == "　" else " "))),
    "split_kana": Kind((("セイ", "メイ"), ("姓カナ", "名カナ"), ("姓（カナ）", "名（カナ）"), ("sei_kana", "mei_kana"), ("フリガナ(姓)", "フリガナ(名)"), ("カナ姓", "カナ名")), _split_kana),
    "romaji": Kind((("ローマ字氏名",), ("氏名（英字）",), ("英字氏名",), ("Name (English)",), ("Name",), ("アルファベット氏名",)), _one("PERSON", lambda p, m, s: f"{p.romaji[0].upper()} {p.romaji[1]}" if s == "rev" else f"{p.romaji[1]} {p.romaji[0]}")),
    "dob": Kind((("生年月日",), ("誕生日",), ("生年月日（西暦）",), ("生年月日(和暦)",), ("birthday",), ("date_of_birth",), ("DOB",), ("birth_date",), ("お誕生日",), ("出生日",)), _one("DATE_OF_BIRTH", _born_style)),
    "age": Kind((("年齢",), ("歳",), ("満年齢",), ("age",)), _one("", lambda p, m, s: str(2026 - p.born.year))),
    "sex": Kind((("性別",), ("男女",), ("性",), ("sex",), ("gender",)), _one("", lambda p, m, s: {"": "男" if p.male else "女", "m": "M" if p.male else "F", "1": "1" if p.male else "2"}.get(s, "男性" if p.male else "女性"))),
    "postal": Kind((("郵便番号",), ("〒",), ("ZIP",), ("郵便番号(自宅)",), ("postal_code",), ("〒番号",)), _one("JP_POSTAL_CODE", lambda p, m, s: p.town.postal if s == "plain" else f"{p.town.postal[:3]}-{p.town.postal[3:]}")),
    "address": Kind((("住所",), ("ご住所",), ("現住所",), ("自宅住所",), ("居住地",), ("送付先住所",), ("address",), ("連絡先住所",), ("お届け先住所",), ("所在地・住所",)), _one("JP_ADDRESS", lambda p, m, s: invented.address(p, m.rng, style=s))),
    "split_address": Kind((("都道府県", "市区町村", "町名番地", "建物名"), ("都道府県", "市町村", "番地", "マンション名"), ("住所（都道府県）", "住所（市区町村）", "住所（番地）", "住所（建物）"), ("県", "市区町村", "以降の住所", "建物名等")), _split_address),
    "postal_address": Kind((("住所",), ("住所（郵便番号含む）",), ("送付先",), ("自宅住所",)), _postal_and_address),
    "mobile": Kind((("携帯電話",), ("携帯番号",), ("電話番号",), ("TEL",), ("携帯",), ("連絡先",), ("連絡先電話番号",), ("phone",), ("mobile",), ("tel_no",), ("ＴＥＬ",), ("お電話番号",), ("日中連絡先",), ("phone_number",)), _one("PHONE_NUMBER", _phone_style)),
    "phone": Kind((("自宅電話",), ("自宅TEL",), ("固定電話",), ("自宅電話番号",), ("home_phone",), ("電話（自宅）",)), _one("PHONE_NUMBER", lambda p, m, s: invented.tel(p.tel, m.rng, s or "hyphen"))),
    "split_phone": Kind((("電話番号1", "電話番号2", "電話番号3"), ("電話番号", "", ""), ("TEL1", "TEL2", "TEL3"), ("携帯電話", "", "")), _split_phone),
    "email": Kind((("メールアドレス",), ("e-mail",), ("Eメール",), ("mail",), ("E-MAIL",), ("email",), ("電子メール",), ("連絡用アドレス",), ("mail_address",), ("PCメール",)), _one("EMAIL_ADDRESS", lambda p, m, s: p.email)),
    "my_number": Kind((("個人番号",), ("マイナンバー",), ("個人番号（12桁）",), ("my_number",), ("マイナンバー(本人)",), ("個人番号(マイナンバー)",)), _one("JP_MY_NUMBER", _my_number)),
    "pension": Kind((("基礎年金番号",), ("年金番号",), ("基礎年金番号（10桁）",), ("年金手帳番号",)), _one("JP_BASIC_PENSION_NUMBER", lambda p, m, s: p.pension)),
    "licence": Kind((("運転免許証番号",), ("免許証番号",), ("免許番号",), ("運転免許番号",)), _one("JP_DRIVER_LICENSE", lambda p, m, s: p.licence)),
    "passport": Kind((("旅券番号",), ("パスポート番号",), ("passport_no",), ("旅券No",)), _one("JP_PASSPORT", lambda p, m, s: p.passport)),
    "residence": Kind((("在留カード番号",), ("在留カードNo",), ("在留カード番号等",), ("在留カード",)), _one("JP_RESIDENCE_CARD", lambda p, m, s: p.residence)),
    "card": Kind((("カード番号",), ("クレジットカード番号",), ("card_number",), ("会員カード(クレジット)番号",), ("クレカ番号",), ("credit_card_no",)), _one("CREDIT_CARD", lambda p, m, s: "-".join(p.card[i : i + 4] for i in (0, 4, 8, 12)) if s == "4" else p.card)),
    "bank": Kind((("銀行名", "支店名", "預金種目", "口座番号"), ("金融機関名", "支店", "種別", "振込口座番号"), ("振込先銀行", "振込先支店", "科目", "口座No"), ("bank_name", "branch_name", "account_type", "account_number")), _bank),
    "emergency": Kind((("緊急連絡先氏名", "続柄", "緊急連絡先電話番号"), ("保護者名", "続柄", "保護者連絡先"), ("緊急連絡先", "緊急連絡先続柄", "緊急連絡先TEL"), ("身元保証人", "関係", "保証人電話番号")), _emergency),
    "employee": Kind((("社員番号",), ("従業員番号",), ("職員番号",), ("emp_no",), ("社員コード",), ("社員ID",)), _one("", lambda p, m, s: p.employee)),
    "dept": Kind((("所属",), ("部署",), ("部門名",), ("department",), ("所属部署",), ("配属先",)), _one("", lambda p, m, s: m.rng.choice(DEPARTMENTS))),
    "title": Kind((("役職",), ("職位",), ("職名",), ("title",)), _one("", lambda p, m, s: m.rng.choice(("部長", "課長", "係長", "主任", "", "一般職", "パート")))),
    "company": Kind((("会社名",), ("勤務先",), ("法人名",), ("company",)), _one("", lambda p, m, s: m.rng.choice(COMPANIES))),
    "joined": Kind((("入社日",), ("入会日",), ("登録日",), ("契約開始日",), ("採用年月日",), ("created_at",)), _one("", lambda p, m, s: f"{m.rng.randrange(2000, 2026)}/{m.rng.randrange(1, 13):02d}/{m.rng.randrange(1, 29):02d}")),
    "amount": Kind((("基本給",), ("購入金額",), ("支給額",), ("月額報酬",), ("amount",), ("年会費",)), _one("", lambda p, m, s: str(m.rng.randrange(150, 500) * 1000))),
    "no": Kind((("No.",), ("番号",), ("項番",), ("id",), ("#",), ("行",)), _one("", lambda p, m, s: str(m.rng.randrange(1, 9999)))),
    "order": Kind((("注文番号",), ("伝票番号",), ("受付番号",), ("お問い合わせ番号",)), _one("", lambda p, m, s: str(m.rng.randrange(10**11, 10**12)))),
    "note": Kind((("備考",), ("メモ",), ("特記事項",), ("連絡事項",), ("note",), ("対応履歴",)), _note),
    "history": Kind((("既往歴",), ("病歴",), ("持病",), ("現病歴",), ("既往症",), ("傷病名",)), _one("", lambda p, m, s: m.rng.choice((*_MEDICAL, "なし", "特になし", "", ""))), "SENSITIVE_MEDICAL"),
    "drug": Kind((("服薬",), ("服用中の薬",), ("処方薬",), ("内服薬",)), _one("", lambda p, m, s: m.rng.choice((*_DRUGS, "なし", ""))), "SENSITIVE_MEDICATION"),
    "disability": Kind((("障害者手帳",), ("障害種別・等級",), ("障害の状況",), ("障害区分",)), _one("", lambda p, m, s: m.rng.choice((*_DISABLED, "", ""))), "SENSITIVE_DISABILITY"),
    "medical_note": Kind((("備考",), ("特記事項",), ("面談内容",), ("配慮事項",)), _one("", lambda p, m, s: m.rng.choice((f"{m.choose(_MEDICAL)}のため通院中。時間外勤務不可", f"{m.choose(_MEDICAL)}で{m.date()}から休職", f"主治医より{m.choose(_MEDICAL)}の診断書提出あり", "", "", "特になし"))), "SENSITIVE_MEDICAL"),
}  # fmt: skip


def _checkup(maker: Maker) -> Kind:
    names = maker.pick(
        (
            ("身長", "体重", "BMI", "血圧（上）", "血圧（下）", "判定"),
            ("収縮期血圧", "拡張期血圧", "HbA1c", "LDLコレステロール", "γ-GTP", "総合判定"),
            ("AST(GOT)", "ALT(GPT)", "空腹時血糖", "中性脂肪", "尿蛋白", "医師所見"),
            ("HDL", "LDL", "尿糖", "クレアチニン", "心電図", "判定区分"),
        )
    )

    def cells(who: Person, made: Maker, style: str) -> Cells:
        rng = made.rng
        values = {
            "身長": rng.uniform(145, 185),
            "体重": rng.uniform(42, 95),
            "BMI": rng.uniform(17, 33),
            "HbA1c": rng.uniform(4.8, 9.2),
            "クレアチニン": rng.uniform(0.5, 1.6),
        }
        words = {
            "判定": "ABCDE",
            "総合判定": ("異常なし", "要経過観察", "要精密検査", "要治療"),
            "尿蛋白": ("-", "±", "+", "2+"),
            "尿糖": ("-", "+"),
            "心電図": ("異常なし", "洞性徐脈", "ST変化"),
            "医師所見": ("所見なし", "肝機能障害の疑い", "脂質異常"),
            "判定区分": "ABCD",
        }
        out: Cells = []
        for name in names:
            if name in words:
                out.append((rng.choice(words[name]), []))
            elif name in values:
                out.append((f"{values[name]:.1f}", []))
            else:
                out.append((str(rng.randrange(40, 180)), []))
        return out

    return Kind((names,), cells, "SENSITIVE_HEALTH_CHECK")


#: Sets of columns, by what the list is for: folder, names of the file, columns.
_LISTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("人事", ("社員名簿", "従業員台帳", "職員一覧"), ("employee", "name", "kana", "dob", "sex", "postal", "address", "mobile", "email", "joined")),
    ("営業", ("顧客リスト", "得意先担当者", "見込客一覧"), ("no", "company", "name", "mobile", "email", "note")),
    ("人事", ("個人番号管理表", "マイナンバー収集", "扶養控除一覧"), ("employee", "name", "my_number", "dob", "address")),
    ("経理", ("給与振込口座", "振込先一覧", "口座届"), ("employee", "name", "kana", "bank", "amount")),
    ("人事", ("緊急連絡網", "連絡先名簿", "職場連絡先"), ("dept", "name", "mobile", "emergency")),
    ("通販", ("配送先リスト", "購入者データ", "発送名簿"), ("order", "name", "postal", "address", "phone", "amount", "joined")),
    ("通販", ("会員マスタ", "members", "会員エクスポート"), ("no", "split_name", "split_kana", "sex", "dob", "email", "postal", "split_address", "mobile")),
    ("医務室", ("健診結果一覧", "定期健康診断データ", "健診判定"), ("employee", "name", "age", "sex", "checkup")),
    ("医務室", ("既往歴一覧", "健康管理台帳", "産業医面談対象者"), ("employee", "name", "dept", "history", "drug", "note")),
    ("人事", ("障害者雇用状況", "配慮一覧", "合理的配慮台帳"), ("name", "dept", "disability", "joined")),
    ("総務", ("名簿", "出席者一覧", "参加者"), ("no", "name", "dept")),
    ("総務", ("同窓会名簿", "会員名簿", "自治会名簿"), ("name", "kana", "postal_address", "phone")),
    ("人事", ("年金手帳管理", "社会保険台帳", "基礎年金番号一覧"), ("employee", "name", "dob", "pension", "joined")),
    ("車両", ("運転者台帳", "免許証管理", "安全運転管理"), ("name", "dob", "licence", "joined", "mobile")),
    ("国際", ("外国人社員", "在留管理", "渡航者リスト"), ("romaji", "name", "dob", "passport", "residence")),
    ("経理", ("カード会員", "決済データ", "cards"), ("no", "name", "card", "amount", "joined")),
    ("営業", ("名刺データ", "名刺管理", "contacts"), ("company", "title", "name", "email", "phone", "address")),
    ("システム", ("users", "ユーザ一覧", "アカウント台帳"), ("no", "name", "email", "dept", "joined")),
    ("学務", ("児童名簿", "学籍簿", "クラス名簿"), ("no", "name", "kana", "dob", "address", "emergency")),
    ("通販", ("問い合わせ一覧", "応対履歴", "クレーム管理"), ("order", "joined", "name", "mobile", "note")),
    ("人事", ("面談記録一覧", "休職者一覧", "復職支援"), ("employee", "name", "dept", "joined", "medical_note")),
    ("営業", ("アンケート回答", "応募者一覧", "抽選当選者"), ("joined", "name", "age", "sex", "address", "email", "note")),
    ("システム", ("customer_export", "crm_contacts", "顧客マスタ抽出"), ("no", "split_name", "email", "split_phone", "address", "joined")),
    ("福祉", ("利用者台帳", "サービス利用者", "要支援者名簿"), ("no", "name", "dob", "address", "phone", "disability", "emergency")),
)  # fmt: skip

_SHAPES = (
    "flat",
    "titles",
    "two_rows",
    "no_header",
    "notes_below",
    "repeated_header",
    "side_by_side",
    "stacked",
    "turned",
    "blanks",
    "wide",
    "sheets",
)
_FORMATS = (
    "xlsx",
    "csv",
    "csv_sjis",
    "tsv",
    "html",
    "json",
    "xml",
    "docx",
    "sql",
    "csv_utf16",
    "xlsx",
    "ndjson",
    "pptx",
    "md",
    "zip_csv",
    "eml_csv",
    "txt_fixed",
    "pdf",
    "csv_quoted",
    "xlsx",
    "csv",
)


def make_tables(maker: Maker, count: int) -> None:
    """``count`` lists of people."""
    for number in range(count):
        folder, names, columns = _LISTS[number % len(_LISTS)]
        _list(maker, folder, maker.choose(names), columns, number)


def _list(maker: Maker, folder: str, name: str, columns: Sequence[str], number: int) -> None:
    rng = maker.rng
    form = rng.choice(_FORMATS)
    shape = rng.choice(_SHAPES) if form in {"xlsx", "csv", "csv_sjis", "tsv", "docx", "html"} else "flat"
    rows_count = rng.choice((3, 5, 8, 12, 20, 40, 80)) if shape != "turned" else rng.choice((2, 3, 5))
    suffix = {
        "csv_sjis": "csv",
        "csv_utf16": "csv",
        "csv_quoted": "csv",
        "zip_csv": "zip",
        "eml_csv": "eml",
        "txt_fixed": "txt",
        "ndjson": "jsonl",
    }.get(form, form)
    made = maker.new(folder, name, suffix, kind=f"{form}/{shape}")
    kinds = [_checkup(maker) if c == "checkup" else KINDS[c] for c in columns]
    if shape == "wide":
        kinds += [KINDS[c] for c in ("amount", "joined", "title", "company", "order") * 3]
    headers: list[str] = []
    styles: list[str] = []
    widths: list[int] = []
    for kind in kinds:
        chosen = maker.pick(kind.headers)
        headers += chosen
        widths.append(len(chosen))
        styles.append(rng.choice(("", "", " ", "　", "half", "plain", "4", "s", "full", "m", "1", "rev", "hyphen", "chome")))
    styles = [_fitting(kind, style, rng) for kind, style in zip(kinds, styles, strict=True)]
    rows: list[list[str]] = []
    for who in maker.people(rows_count):
        row: list[str] = []
        for kind, style in zip(kinds, styles, strict=True):
            cells = kind.cells(who, maker, style)
            for text, truth in cells:
                if shape == "blanks" and text and len(kind.headers[0]) == 1 and kind is not KINDS["name"] and rng.random() < 0.15:
                    row.append(rng.choice(("", "-", "－", "未登録")))
                    continue
                row.append(text)
                made.truth += truth
                if kind is KINDS["emergency"] or kind is KINDS["note"]:
                    made.people.update(value for entity, value, _ in truth if entity == "PERSON")
            if kind.sensitive:
                made.sensitive.add(kind.sensitive)
        made.people.add(who.name)
        rows.append(row)
    grid, sheets, merges = _shaped(maker, made, shape, headers, rows, widths)
    made.content = _written(maker, made, form, name, headers, rows, grid, sheets, merges)


def _fitting(kind: Kind, style: str, rng: Any) -> str:
    by = {id(KINDS["dob"]): ("slash0", "slash", "wareki", "short", "iso", "compact", "long", "kanji_era", "short0"), id(KINDS["mobile"]): ("hyphen", "hyphen", "plain", "full", "float", "minus", "paren", "intl"),
          id(KINDS["phone"]): ("hyphen", "plain", "paren", "full", "float"), id(KINDS["address"]): ("hyphen", "chome", "kanji", "full", "ban_no", "", "minus")}  # fmt: skip
    return rng.choice(by[id(kind)]) if id(kind) in by else style


_TITLES = (
    "社外秘　{name}",
    "{name}（2026年4月1日現在）",
    "令和8年度 {name}",
    "【取扱注意】{name}",
    "{name}　作成：総務部",
    "{name}_最新版",
)


def _shaped(
    maker: Maker, made: Labelled, shape: str, headers: list[str], rows: list[list[str]], widths: list[int]
) -> tuple[list[list[str]], dict[str, list[list[str]]], list[str]]:
    """The rows of the sheet (or sheets) in the wanted shape; merged ranges."""
    width = len(headers)
    title = maker.choose(_TITLES).format(name=made.path.rsplit("/", 1)[-1].split(".")[0])
    merges: list[str] = []
    grid = [headers, *rows]
    if shape == "titles":
        grid = [[title], [], ["作成日", maker.date(), "", "部外秘"], [], *grid]
        merges = [f"A1:{chr(64 + min(width, 8))}1"]
    elif shape == "two_rows":
        parents, children, at = [], [], 0
        for size in widths:
            parents += [headers[at] if size == 1 else maker.rng.choice(("基本情報", "連絡先", "明細", "届出"))] + [""] * (size - 1)
            children += headers[at : at + size] if size > 1 else [""]
            at += size
        grid = [parents, children, *rows] if any(children) else [headers, *rows]
    elif shape == "no_header":
        grid = rows
    elif shape == "notes_below":
        grid = [*grid, [], ["※本資料の取扱いには十分注意してください"], ["合計", str(len(rows))]]
    elif shape == "repeated_header":
        grid = [line for i, row in enumerate(rows) for line in ([headers, row] if i % 20 == 0 else [row])]
    elif shape == "side_by_side":
        middle = (len(rows) + 1) // 2
        right = rows[middle:] + [[""] * width] * (middle - (len(rows) - middle))
        grid = [[*headers, "", *headers], *([*a, "", *b] for a, b in zip(rows[:middle], right, strict=True))]
    elif shape == "stacked":
        middle = (len(rows) + 1) // 2
        grid = [["本社"], headers, *rows[:middle], [], ["支社"], headers, *rows[middle:]]
    elif shape == "turned":
        grid = [list(column) for column in zip(headers, *rows, strict=True)]
    sheets = {"Sheet1": grid}
    if shape == "sheets":
        middle = (len(rows) + 1) // 2
        sheets = {
            "A班": [headers, *rows[:middle]],
            "B班": [headers, *rows[middle:]],
            "凡例": [["記号", "意味"], ["○", "提出済"], ["×", "未提出"]],
        }
    return grid, sheets, merges


def _written(
    maker: Maker,
    made: Labelled,
    form: str,
    name: str,
    headers: list[str],
    rows: list[list[str]],
    grid: list[list[str]],
    sheets: dict[str, list[list[str]]],
    merges: list[str],
) -> bytes:
    rng = maker.rng
    if form == "xlsx":
        return _workbook(maker, sheets, merges)
    if form in {"csv", "csv_quoted"}:
        return ("\ufeff" if rng.random() < 0.3 else "").encode() + csv_text(grid).encode("utf-8")
    if form == "csv_sjis":
        return csv_text(grid).encode("cp932", "replace") if _fits(grid) else csv_text(grid).encode("utf-8")
    if form == "csv_utf16":
        return csv_text(grid, "\t").encode("utf-16")
    if form == "tsv":
        return csv_text(grid, "\t").encode("utf-8")
    if form == "html":
        cells = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n" for row in grid)
        return f"<html><head><meta charset='utf-8'><title>{name}</title></head><body><h1>{name}</h1><table>{cells}</table></body></html>".encode()
    if form in {"json", "ndjson"}:
        records = [dict(zip(_unique(headers), row, strict=True)) for row in rows]
        if form == "ndjson":
            return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()
        return json.dumps(
            {"exported": "2026-11-01", "records": records} if rng.random() < 0.5 else records, ensure_ascii=rng.random() < 0.3, indent=2
        ).encode()
    if form == "xml":
        tags = [re.sub(r"[^\w]+", "_", h).strip("_") or f"field{i}" for i, h in enumerate(_unique(headers))]
        tags = [t if t[0].isalpha() else f"c{t}" for t in tags]
        body = "".join(
            "<record>" + "".join(f"<{t}>{escape(c)}</{t}>" for t, c in zip(tags, row, strict=True)) + "</record>\n" for row in rows
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n{body}</records>\n'.encode()
    if form == "docx":
        return docx([f"# {name}", "下記のとおり取りまとめました。", [row + [""] * (max(map(len, grid)) - len(row)) for row in grid]])
    if form == "pptx":
        return (
            pptx([(name, ["概要"], "", [headers, *rows[:12]])])
            if len(rows) <= 12
            else pptx([(name, [], "", [headers, *rows[i : i + 12]]) for i in range(0, len(rows), 12)])
        )
    if form == "sql":
        columns = ", ".join(f"`{h}`" for h in _unique(headers))
        target = rng.choice(("users", "m_customer", "employees"))
        lines = [f"INSERT INTO `{target}` ({columns}) VALUES ({', '.join(_quoted(c) for c in row)});" for row in rows]
        return ("-- dump 2026-11-01\nSET NAMES utf8mb4;\n" + "\n".join(lines) + "\n").encode()
    if form == "md":
        return "\n".join(
            [
                f"# {name}",
                "",
                "| " + " | ".join(headers) + " |",
                "|" + "---|" * len(headers),
                *("| " + " | ".join(row) + " |" for row in rows),
            ]
        ).encode()
    if form == "zip_csv":
        return zipped([(f"{name}.csv", csv_text(grid).encode("utf-8")), ("readme.txt", "圧縮前のデータは共有フォルダ参照".encode())])
    if form == "eml_csv":
        made.ignored += ["soumu@example.co.jp", "jinji@example.co.jp"]
        return mail(
            "soumu@example.co.jp",
            "jinji@example.co.jp",
            f"{name}送付の件",
            "お疲れ様です。\r\n添付のとおり送付します。\r\nよろしくお願いいたします。\r\n",
            attachments=[(f"{name}.csv", csv_text(grid).encode("utf-8"))],
        )
    if form == "pdf":
        return _page_table(grid)
    if form == "txt_fixed":
        widest = [max(_columns(row[i]) for row in grid if i < len(row)) + 2 for i in range(max(map(len, grid)))]
        return "\r\n".join("".join(c + " " * (widest[i] - _columns(c)) for i, c in enumerate(row)).rstrip() for row in grid).encode()
    raise ValueError(form)


def _page_table(grid: list[list[str]]) -> bytes:
    """A table drawn on pages, each cell at its column's place."""
    import io

    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=landscape(A4), invariant=1)
    widest = [max(_columns(row[i]) for row in grid if i < len(row)) + 2 for i in range(max(map(len, grid)))]
    size = min(9.0, 780 / (sum(widest) * 0.62))
    for first in range(0, len(grid), 28):
        sheet.setFont("HeiseiKakuGo-W5", size)
        for line, row in enumerate(grid[first : first + 28]):
            for i, cell in enumerate(row):
                if cell:
                    sheet.drawString(30 + sum(widest[:i]) * size * 0.62, 550 - line * 18, cell)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def _workbook(maker: Maker, sheets: dict[str, list[list[str]]], merges: list[str]) -> bytes:
    """A workbook in which dates are dates and some numbers are numbers, as people type them."""
    real = maker.rng.random() < 0.4

    def typed(cell: str) -> Any:
        parts = cell.split("/")
        if real and len(parts) == 3 and len(parts[0]) == 4 and all(p.isdigit() for p in parts):
            return dt.datetime(int(parts[0]), int(parts[1]), int(parts[2]))  # noqa: DTZ001 -- a spreadsheet's date has no zone
        if real and cell.isdigit() and cell[0] != "0" and len(cell) < 11:
            return float(cell) if maker.rng.random() < 0.5 else int(cell)
        return cell

    return xlsx({name: [[typed(c) for c in row] for row in rows] for name, rows in sheets.items()}, merge={next(iter(sheets)): merges})


def _fits(grid: list[list[str]]) -> bool:
    try:
        csv_text(grid).encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _unique(headers: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        out.append(header if seen[header] == 1 and header else f"{header or 'col'}{seen[header]}")
    return out


def _quoted(cell: str) -> str:
    return cell if cell.isdigit() and not cell.startswith("0") and len(cell) < 6 else "'" + cell.replace("'", "''") + "'"


def _columns(text: str) -> int:
    return sum(1 if ord(ch) < 0x300 or 0xFF61 <= ord(ch) <= 0xFF9F else 2 for ch in text)
