"""Files that hold personal data, in the shapes that offices really have."""

from __future__ import annotations

import json
import random

from sample_data.make.build import Share, Truth, csv_text, docx, mail, pdf, pptx, xlsx, zipped
from sample_data.make.people import Person, card, insurer, my_number, people, wareki, wareki_short

COMPANY = "株式会社あおぞら商事"


def contact(truth: Truth, person: Person, *, name: str = "", kana: bool = False, mobile: bool = False, phone: bool = False, email: bool = False, address: bool = False, postal: bool = False, born: bool = False) -> None:  # fmt: skip
    """Record the parts of a person that a file shows."""
    truth.add("PERSON", name or person.name)
    if kana:
        truth.add("PERSON", person.kana)
    if mobile:
        truth.add("PHONE_NUMBER", person.mobile)
    if phone:
        truth.add("PHONE_NUMBER", person.phone)
    if email:
        truth.add("EMAIL_ADDRESS", person.email)
    if address:
        truth.add("JP_ADDRESS", person.address)
    if postal:
        truth.add("JP_POSTAL_CODE", person.postal)
    if born:
        truth.add("DATE_OF_BIRTH", person.born.isoformat())


def make(share: Share, rng: random.Random) -> None:
    """All of them."""
    crowd = people(rng, 1500)
    rosters(share, rng, crowd)
    forms(share, rng, crowd[200:])
    health(share, rng, crowd[300:])
    pay(share, rng, crowd[400:])
    letters(share, crowd[500:])
    mails(share, crowd[600:])
    exports(share, rng, crowd[700:])
    hidden_places(share, crowd[800:])
    sensitive(share, rng, crowd[900:])


def rosters(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    staff = crowd[:24]
    rows = [
        ["社員名簿", "", "", "", "", ""],
        ["2026年10月1日現在", "", "", "", "", "総務部"],
        [],
        ["社員番号", "氏名", "フリガナ", "部署", "携帯電話", "メールアドレス"],
    ]
    rows += [[p.employee, p.spaced, p.kana, rng.choice(["営業部", "総務部", "経理部", "開発部"]), p.mobile, p.email] for p in staff]
    truth = share.put("人事/社員名簿.xlsx", xlsx({"名簿": rows}, merge={"名簿": ["A1:F1"]}), level="medium", persons=24)
    for p in staff:
        contact(truth, p, kana=True, mobile=True, email=True)

    customers = crowd[24:44]
    head = ["顧客番号", "お名前", "郵便番号", "住所", "電話番号", "生年月日", "備考"]
    rows = [head] + [
        [f"C{20001 + i}", p.name, p.postal, p.address, p.phone, wareki(p.born), rng.choice(["", "", "DM不要", "平日午前の連絡を希望"])]
        for i, p in enumerate(customers)
    ]
    truth = share.text("営業/顧客一覧.csv", csv_text(rows), "cp932", level="medium", persons=20)
    for p in customers:
        contact(truth, p, phone=True, address=True, postal=True, born=True)

    members = crowd[44:60]
    rows = [["会員ID", "姓", "名", "セイ", "メイ", "性別", "メール", "登録日"]]
    rows += [[1000 + i, p.surname, p.given, p.surname_kana, p.given_kana, p.sex, p.email, "2024/05/12"] for i, p in enumerate(members)]
    truth = share.put("営業/会員登録.csv", b"\xef\xbb\xbf" + csv_text(rows).encode(), level="medium", persons=16)
    for p in members:
        truth.add("PERSON", p.surname, p.given, p.surname_kana, p.given_kana).add("EMAIL_ADDRESS", p.email)

    alumni = crowd[60:72]
    rows = [["氏名", "旧姓", "郵便番号", "住所", "電話"]] + [[p.spaced, "", p.postal, p.address, p.phone] for p in alumni]
    truth = share.text("その他/同窓会名簿.tsv", csv_text(rows, "\t"), "euc-jp", level="medium", persons=12)
    for p in alumni:
        contact(truth, p, address=True, postal=True, phone=True)

    cards = crowd[72:90]
    rows = [["宛名", "〒", "住所１", "住所２", "敬称"]]
    truth = Truth("")
    for p in cards:
        street, _, building = p.address.partition(" ")
        rows.append([p.spaced, p.postal, street, building, "様"])
    truth = share.text("その他/年賀状住所録.csv", csv_text(rows), "cp932", level="medium", persons=18)
    for p in cards:
        truth.add("PERSON", p.name).add("JP_ADDRESS", p.address.partition(" ")[0]).add("JP_POSTAL_CODE", p.postal)
        truth.ignore(p.address.partition(" ")[2] or "建物なし")

    many = crowd[:1100]
    rows = [["no", "name", "email"]] + [[i + 1, p.name, f"user{i + 1}.{p.email}"] for i, p in enumerate(many)]
    truth = share.text("システム/メルマガ配信先_全件.csv", csv_text(rows), level="critical", persons=1100)
    for i, p in enumerate(many):
        truth.add("PERSON", p.name).add("EMAIL_ADDRESS", f"user{i + 1}.{p.email}")

    two = crowd[90:102]
    rows = [
        ["第一チーム"],
        ["氏名", "内線", "携帯"],
        *[[p.name, str(rng.randint(1000, 9999)), p.mobile] for p in two[:6]],
        [],
        [],
        ["第二チーム"],
        ["氏名", "内線", "携帯"],
        *[[p.name, str(rng.randint(1000, 9999)), p.mobile] for p in two[6:]],
    ]
    truth = share.put("人事/緊急連絡網.xlsx", xlsx({"連絡網": rows}), level="medium", persons=12)
    for p in two:
        contact(truth, p, mobile=True)

    plain = crowd[102:112]
    lines = ["緊急連絡先（取扱注意）", ""] + [f"{i}. {p.spaced}　{p.mobile}" for i, p in enumerate(plain, 1)]
    truth = share.text("人事/緊急連絡先.txt", "\n".join(lines) + "\n", "utf-16", level="medium", persons=10)
    for p in plain:
        contact(truth, p, mobile=True)

    bare = crowd[112:124]
    truth = share.text(
        "その他/エクスポート_見出しなし.csv",
        csv_text([[p.name, p.mobile, p.email, p.born.isoformat()] for p in bare]),
        level="medium",
        persons=12,
    )
    for p in bare:
        contact(truth, p, mobile=True, email=True)
        truth.ignore(p.born.isoformat())

    kana = crowd[124:136]
    import jaconv

    rows = [["口座名義ｶﾅ", "銀行名", "支店名", "預金種目", "口座番号"]] + [
        [jaconv.z2h(p.kana), p.bank, p.branch, "普通", p.account] for p in kana
    ]
    truth = share.text("経理/振込先一覧_半角カナ.csv", csv_text(rows), "cp932", level="high", persons=12)
    for p in kana:
        truth.add("PERSON", p.kana).add("JP_BANK_ACCOUNT", p.account)

    pta = crowd[136:148]
    rows = [["学年", "児童氏名", "保護者氏名", "電話番号", "メール"]]
    truth = None
    pairs = [(p, q) for p, q in zip(pta[::2], pta[1::2], strict=True)]
    rows += [[f"{rng.randint(1, 6)}年", f"{q.surname}{p.given}", q.name, q.mobile, q.email] for p, q in pairs]
    truth = share.put("その他/PTA名簿.xlsx", xlsx({"名簿": rows}), level="medium", persons=None)
    for p, q in pairs:
        truth.add("PERSON", f"{q.surname}{p.given}", q.name).add("PHONE_NUMBER", q.mobile).add("EMAIL_ADDRESS", q.email)


def resume_rows(p: Person) -> list[list[str]]:
    age = str(2026 - p.born.year)
    return [
        ["履歴書", "", "2026年10月20日現在", ""],
        ["フリガナ", p.kana, "性別", p.sex],
        ["氏名", p.spaced, "生年月日", f"{wareki(p.born)}生（満{age}歳）"],
        ["現住所", f"〒{p.postal} {p.address}", "電話", p.phone],
        ["メール", p.email, "携帯電話", p.mobile],
        ["年", "月", "学歴・職歴", ""],
        ["1998", "3", "県立第一高等学校 卒業", ""],
        ["2002", "3", "大学経済学部 卒業", ""],
        ["2002", "4", "商社に入社", ""],
        ["", "", "現在に至る", ""],
    ]


def forms(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    for i, p in enumerate(crowd[:3]):
        truth = share.put(f"人事/応募者/履歴書_{i + 1}.docx", docx(["# 履歴書", resume_rows(p)]), level="medium", persons=1)
        contact(truth, p, kana=True, mobile=True, phone=True, email=True, address=True, postal=True, born=True)
    p = crowd[3]
    truth = share.put("人事/応募者/履歴書_4.xlsx", xlsx({"履歴書": resume_rows(p)}), level="medium", persons=1)
    contact(truth, p, kana=True, mobile=True, phone=True, email=True, address=True, postal=True, born=True)
    p = crowd[4]
    lines = ["履 歴 書", "", f"ふりがな　{p.kana}", f"氏名　{p.spaced}", f"生年月日　{wareki(p.born)}", f"現住所　〒{p.postal}", f"　　　　{p.address}", f"電話番号　{p.mobile}", f"E-mail　{p.email}", "", "学歴", "平成10年3月　県立第一高等学校　卒業"]  # fmt: skip
    truth = share.put("人事/応募者/履歴書_5.pdf", pdf([lines]), level="medium", persons=1)
    contact(truth, p, kana=True, mobile=True, email=True, address=True, postal=True, born=True)

    for i, p in enumerate(crowd[5:8]):
        rows = [
            ["会員申込書", ""],
            ["お申込日", "2026年9月3日"],
            ["お名前", p.spaced],
            ["フリガナ", p.kana],
            ["ご住所", f"〒{p.postal} {p.address}"],
            ["お電話番号", p.phone],
            ["生年月日", p.born.strftime("%Y/%m/%d")],
            ["ご署名", ""],
        ]
        name, content = [
            ("申込書_A.docx", docx(["あおぞらカルチャースクール", rows])),
            ("申込書_B.xlsx", xlsx({"申込書": rows})),
            ("申込書_C.pdf", pdf([["　".join(row) for row in rows]])),
        ][i]
        truth = share.put(f"営業/申込書/{name}", content, level="medium", persons=1)
        contact(truth, p, kana=True, phone=True, address=True, postal=True, born=True)

    p = crowd[8]
    text = f"""【お問い合わせフォーム】
お名前：{p.spaced}
ふりがな：{p.kana}
メールアドレス：{p.email}
電話番号：{p.mobile}
お問い合わせ内容：
先日購入した商品の保証期間について教えてください。
"""
    truth = share.text("営業/問い合わせ_20261101.txt", text, level="medium", persons=1)
    contact(truth, p, kana=True, mobile=True, email=True)

    p = crowd[9]
    text = f"""退職届

私儀、このたび一身上の都合により、2026年12月31日をもって退職いたします。

2026年11月2日
営業部　{p.spaced}
住所　{p.address}
電話　{p.mobile}
"""
    truth = share.text("人事/退職届.txt", text, "cp932", level="medium", persons=1)
    contact(truth, p, mobile=True, address=True)

    guests = crowd[10:20]
    rows = [["予約日", "時間", "お客様名", "人数", "電話番号"]] + [
        [f"2026-11-{10 + i:02d}", "18:30", f"{p.surname}様", rng.randint(1, 6), p.mobile] for i, p in enumerate(guests)
    ]
    truth = share.put("営業/予約表.xlsx", xlsx({"11月": rows}), level="medium", persons=None)
    for p in guests:
        truth.add("PERSON", p.surname).add("PHONE_NUMBER", p.mobile)

    people_ids = crowd[20:28]
    rows = [["氏名", "免許証番号", "有効期限", "車両"]] + [[p.name, p.licence, "2028-05-31", "営業車"] for p in people_ids]
    truth = share.text("総務/運転免許証管理.csv", csv_text(rows), level="high", persons=8)
    for p in people_ids:
        truth.add("PERSON", p.name).add("JP_DRIVER_LICENSE", p.licence)

    foreign = [
        ("グエン・ティ・ラン", "AB12345678CD"),
        ("マリア・サントス", "CD87654321EF"),
        ("キム・ミンジュン", "EF11223344GH"),
        ("チャン・ヴァン・ナム", "GH55667788JK"),
    ]
    rows = [["氏名", "在留カード番号", "在留期限"]] + [[n, c, "2027-03-31"] for n, c in foreign]
    truth = share.put("総務/在留カード確認.xlsx", xlsx({"確認": rows}), level="high", persons=4)
    for n, c in foreign:
        truth.add("PERSON", n).add("JP_RESIDENCE_CARD", c)


def health(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    group = crowd[:15]
    rows = [
        ["2026年度 定期健康診断結果一覧"],
        ["社員番号", "氏名", "生年月日", "身長", "体重", "血圧（上）", "血圧（下）", "HbA1c", "γ-GTP", "総合判定"],
    ]
    rows += [
        [
            p.employee,
            p.name,
            p.born.isoformat(),
            rng.randint(150, 182),
            rng.randint(48, 90),
            rng.randint(98, 165),
            rng.randint(58, 99),
            round(rng.uniform(4.9, 8.2), 1),
            rng.randint(12, 190),
            rng.choice("ABCD"),
        ]
        for p in group
    ]
    truth = share.put("人事/健康診断/健診結果一覧_2026.xlsx", xlsx({"結果": rows}, merge={"結果": ["A1:J1"]}), level="critical", persons=15)
    for p in group:
        contact(truth, p, born=True)
    truth.add("JP_SENSITIVE_CHECKUP_RESULT", "HbA1c")

    p = crowd[15]
    rows = [
        ["氏名", p.spaced, "生年月日", wareki(p.born)],
        ["受診日", "2026年6月3日", "性別", p.sex],
        ["血圧", "152/94 mmHg", "判定", "C"],
        ["HbA1c", "7.1 %", "判定", "D"],
        ["γ-GTP", "121 U/L", "判定", "C"],
        ["医師の所見", "高血圧症、要精密検査", "", ""],
    ]
    truth = share.put("人事/健康診断/個人票.docx", docx(["# 健康診断個人票", rows]), level="critical", persons=1)
    contact(truth, p, born=True)
    truth.add("JP_SENSITIVE_CHECKUP_RESULT", "152/94")

    p, doctor = crowd[16], crowd[17]
    text = f"""診療情報提供書

紹介先医療機関　中央総合病院　循環器内科　御中
2026年9月14日
あおぞらクリニック　医師　{doctor.spaced}

患者氏名：{p.spaced}　様
生年月日：{wareki(p.born)}
住所：{p.address}
電話：{p.phone}

傷病名：狭心症、２型糖尿病
既往歴：高血圧症、脂質異常症
家族歴：父が心筋梗塞
現在の処方：アスピリン腸溶錠100mg、メトホルミン500mg
"""
    truth = share.text("医務室/診療情報提供書.txt", text, level="critical", persons=None)
    contact(truth, p, phone=True, address=True, born=True)
    truth.add("PERSON", doctor.name).add("JP_SENSITIVE_MEDICAL_HISTORY", "狭心症")
    p, doctor = crowd[18], crowd[19]
    truth = share.put("医務室/診断書.docx", docx(["# 診断書", f"氏名　{p.spaced}", f"生年月日　{wareki(p.born)}", "病名　適応障害", "上記の診断により、2026年11月1日から1か月間の休養を要する。", "2026年10月30日", f"青葉メンタルクリニック　医師　{doctor.spaced}"]), level="critical", persons=None)  # fmt: skip
    contact(truth, p, born=True)
    truth.add("PERSON", doctor.name).add("JP_SENSITIVE_MEDICAL_HISTORY", "適応障害")

    p = crowd[20]
    truth = share.put("医務室/休職者面談記録.pdf", pdf([["面談記録", f"対象者：{p.spaced}（{p.employee}）", "面談日：2026年10月12日", "うつ病のため休職中。月1回通院し、抗うつ薬を服用している。", "来月の復職を希望している。"]]), level="critical", persons=1)  # fmt: skip
    truth.add("PERSON", p.name).add("JP_SENSITIVE_MEDICAL_HISTORY", "うつ病")

    group = crowd[21:29]
    rows = [["患者番号", "患者氏名", "生年月日", "病名", "主治医"]]
    illnesses = ["高血圧症", "２型糖尿病", "気管支喘息", "胃潰瘍", "乳癌", "関節リウマチ", "緑内障", "慢性腎臓病"]
    doctor = crowd[30]
    rows += [
        [f"{300100 + i}", p.name, wareki_short(p.born), illness, doctor.surname]
        for i, (p, illness) in enumerate(zip(group, illnesses, strict=True))
    ]
    truth = share.text("医務室/患者台帳.csv", csv_text(rows), "cp932", level="critical", persons=None)
    for p in group:
        truth.add("PERSON", p.name).add("DATE_OF_BIRTH", p.born.isoformat())
    truth.add("JP_SENSITIVE_MEDICAL_HISTORY", "高血圧症").ignore(doctor.surname)

    group = crowd[31:37]
    rows = [["氏名", "保険者番号", "記号", "番号"]]
    for p in group:
        rows.append([p.name, insurer(rng), f"{rng.randint(10, 99)}", f"{rng.randint(1000, 9999)}"])
    truth = share.put("総務/健康保険_被保険者一覧.xlsx", xlsx({"一覧": rows}), level="high", persons=6)
    for p, row in zip(group, rows[1:], strict=True):
        truth.add("PERSON", p.name).ignore(row[1], row[2], row[3])


def pay(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    group = crowd[:18]
    rows = [["給与所得者 個人番号一覧（取扱注意）"], ["社員番号", "氏名", "個人番号", "扶養人数"]] + [
        [p.employee, p.name, p.my_number, rng.randint(0, 4)] for p in group
    ]
    truth = share.put("経理/給与/個人番号一覧.xlsx", xlsx({"R8": rows}), level="critical", persons=18)
    for p in group:
        truth.add("PERSON", p.name).add("JP_MY_NUMBER", p.my_number)

    group = crowd[18:34]
    rows = [["氏名", "金融機関", "支店", "種別", "口座番号", "支給額"]] + [
        [p.name, p.bank, p.branch, "普通", p.account, rng.randint(180, 560) * 1000] for p in group
    ]
    truth = share.put("経理/給与/給与振込_202610.xlsx", xlsx({"振込": rows}), level="high", persons=16)
    for p in group:
        truth.add("PERSON", p.name).add("JP_BANK_ACCOUNT", p.account)

    p = crowd[34]
    lines = [
        "令和8年分 給与所得の源泉徴収票",
        "",
        f"住所　{p.address}",
        f"氏名　{p.spaced}",
        f"個人番号　{p.my_number[:4]} {p.my_number[4:8]} {p.my_number[8:]}",
        "支払金額　5,120,000円",
        f"支払者　{COMPANY}",
    ]
    truth = share.put("経理/給与/源泉徴収票.pdf", pdf([lines]), level="critical", persons=1)
    truth.add("PERSON", p.name).add("JP_ADDRESS", p.address).add("JP_MY_NUMBER", p.my_number)

    group = crowd[35:45]
    rows = [["氏名", "生年月日", "基礎年金番号", "資格取得日"]] + [[p.name, wareki(p.born), p.pension, "2019-04-01"] for p in group]
    truth = share.put("総務/年金資格取得.xlsx", xlsx({"届": rows}), level="high", persons=10)
    for p in group:
        truth.add("PERSON", p.name).add("DATE_OF_BIRTH", p.born.isoformat()).add("JP_BASIC_PENSION_NUMBER", p.pension)

    group = crowd[45:55]
    rows = [["会員名", "カード番号", "有効期限", "セキュリティコード"]] + [
        [p.romaji.upper(), card(rng, rng.choice(["4", "52", "3540"])), "05/28", f"{rng.randint(0, 999):03d}"] for p in group
    ]
    truth = share.text("営業/カード決済_控え.csv", csv_text(rows), level="critical", persons=10)
    for row in rows[1:]:
        truth.add("PERSON", row[0]).add("CREDIT_CARD", row[1]).ignore(row[3], row[2])

    p = crowd[55]
    number = card(rng, "4")
    text = f"ご注文ありがとうございます。\n\nお支払い方法：クレジットカード\nカード番号：{number[:4]}-{number[4:8]}-{number[8:12]}-{number[12:]}\nお名前：{p.spaced}\nお届け先：〒{p.postal} {p.address}\nお電話：{p.phone}\n"
    truth = share.text("営業/注文控え.txt", text, level="high", persons=1)
    contact(truth, p, phone=True, address=True, postal=True)
    truth.add("CREDIT_CARD", number)

    p = crowd[56]
    truth = share.text("総務/個人番号届出書.txt", f"個人番号（マイナンバー）届出書\n\n社員番号\t{p.employee}\n氏名\t{p.spaced}\n個人番号\t{p.my_number[:4]}-{p.my_number[4:8]}-{p.my_number[8:]}\n\n扶養親族\n氏名\t{p.surname} 一郎\n個人番号\t{(other := my_number(rng))}\n", "iso-2022-jp", level="critical", persons=2)  # fmt: skip
    truth.add("PERSON", p.name, f"{p.surname}一郎").add("JP_MY_NUMBER", p.my_number, other)

    group = crowd[57:62]
    rows = [["システム", "ユーザーID", "パスワード", "担当"]] + [
        [s, f"admin{i}", f"Pa{rng.randint(1000, 9999)}x!Zq", p.surname]
        for i, (s, p) in enumerate(zip(["勤怠", "会計", "販売管理", "ファイルサーバ", "Web"], group, strict=True))
    ]
    truth = share.put("システム/パスワード一覧.xlsx", xlsx({"一覧": rows}), level="high")
    for row in rows[1:]:
        truth.add("CREDENTIAL", row[2]).ignore(row[3], row[1])


def letters(share: Share, crowd: list[Person]) -> None:
    a, b, c, d = crowd[:4]
    body = ["# 第12回 営業会議 議事録", "日時：2026年10月5日 14:00〜15:00", "場所：本社3階 会議室A", f"出席者：{a.surname}部長、{b.surname}課長、{c.name}、{d.name}（記録）", "1. 上期の売上について", "前年比104%で着地した。", "2. 次回予定", "11月9日に開催する。"]  # fmt: skip
    truth = share.put("総務/議事録_20261005.docx", docx(body), level="low", persons=4)
    truth.add("PERSON", a.surname, b.surname, c.name, d.name)

    p = crowd[4]
    text = f"""{p.spaced} 様

拝啓　時下ますますご清栄のこととお慶び申し上げます。
このたびはお問い合わせをいただき、誠にありがとうございました。
ご注文の品は、下記のご住所宛にお送りいたしました。

〒{p.postal}
{p.address}
TEL {p.phone}

敬具
"""
    truth = share.text("営業/送付状.txt", text, level="medium", persons=1)
    contact(truth, p, phone=True, address=True, postal=True)

    p = crowd[5]
    slides = [
        ("新体制のご案内", ["2026年10月1日より体制が変わります"], "", []),
        ("お問い合わせ窓口", [f"担当：{p.spaced}", f"携帯：{p.mobile}"], f"{p.name}の自宅は{p.address}", []),
    ]
    truth = share.put("営業/体制案内.pptx", pptx(slides), level="medium", persons=1)
    contact(truth, p, mobile=True, address=True)

    group = crowd[6:11]
    rows = [["氏名", "役割", "連絡先"]] + [[q.name, "実行委員", q.mobile] for q in group]
    truth = share.put("総務/イベント実行委員.pptx", pptx([("実行委員", ["連絡先一覧"], "", rows)]), level="medium", persons=5)
    for q in group:
        contact(truth, q, mobile=True)

    p = crowd[11]
    html = f"<!doctype html><html lang='ja'><head><meta charset='utf-8'><title>お客様の声</title></head><body><h1>お客様情報</h1><table><tr><th>氏名</th><td>{p.spaced}</td></tr><tr><th>住所</th><td>{p.address}</td></tr><tr><th>電話</th><td>{p.phone}</td></tr></table><!-- 確認者メモ {p.email} --></body></html>"
    truth = share.text("営業/お客様情報.html", html, level="medium", persons=1)
    contact(truth, p, phone=True, address=True, email=True)

    group = crowd[12:18]
    lines = ["誓約書", "", "私は、業務上知り得た秘密を漏らしません。", ""] + [f"署名　{q.spaced}　　住所　{q.address}" for q in group]
    truth = share.put("総務/誓約書_連名.pdf", pdf([lines], size=9), level="medium", persons=6)
    for q in group:
        contact(truth, q, address=True)


def mails(share: Share, crowd: list[Person]) -> None:
    def signature(p: Person) -> str:
        return f"\n--\n{COMPANY}　営業部\n{p.spaced}（{p.romaji}）\nTEL {p.phone}　携帯 {p.mobile}\n{p.email}\n"

    for i, charset in enumerate(["utf-8", "iso-2022-jp", "shift_jis"]):
        a, b = crowd[2 * i], crowd[2 * i + 1]
        content = mail(f"{a.spaced} <{a.email}>", f"{b.spaced} <{b.email}>", "打ち合わせの件", f"{b.surname}様\n\nお世話になっております。{a.surname}です。\n来週の打ち合わせの日程をお知らせください。\n{signature(a)}", charset=charset)  # fmt: skip
        truth = share.put(f"メール/打ち合わせ_{charset}.eml", content, level="medium", persons=2)
        truth.add("PERSON", a.name, b.name, b.surname, a.surname, a.name, a.romaji).add("EMAIL_ADDRESS", a.email, b.email, a.email).add(
            "PHONE_NUMBER", a.phone, a.mobile
        )

    a, b, p = crowd[6:9]
    sheet = xlsx({"応募者": [["氏名", "電話", "メール"], [p.name, p.mobile, p.email]]})
    truth = share.put("メール/応募者リスト送付.eml", mail(f"{a.name} <{a.email}>", b.email, "応募者リスト", "添付のとおり送付します。\n", attachments=[("応募者リスト.xlsx", sheet)]), level="medium", persons=None)  # fmt: skip
    truth.add("PERSON", a.name).add("EMAIL_ADDRESS", a.email, b.email)
    contact(truth, p, mobile=True, email=True)

    a, b, p = crowd[9:12]
    page = f"<html><body><p>{b.surname}様</p><p>新しい連絡先です。</p><table><tr><th>氏名</th><th>携帯</th></tr><tr><td>{p.name}</td><td>{p.mobile}</td></tr></table></body></html>"
    truth = share.put(
        "メール/連絡先変更_html.eml",
        mail(a.email, b.email, "連絡先変更のお知らせ", "HTMLメールです。\n", html=page),
        level="medium",
        persons=None,
    )
    truth.add("PERSON", b.surname).add("EMAIL_ADDRESS", a.email, b.email)
    contact(truth, p, mobile=True)

    inner = mail(
        f"{crowd[12].name} <{crowd[12].email}>",
        crowd[13].email,
        "個人番号の提出",
        f"個人番号は {crowd[12].my_number} です。よろしくお願いします。\n{crowd[12].name}\n",
    )
    truth = share.put(
        "メール/転送_個人番号.eml",
        mail(crowd[13].email, crowd[14].email, "Fwd: 個人番号の提出", "転送します。\n", attachments=[("original.eml", inner)]),
        level="critical",
        persons=None,
    )
    truth.add("EMAIL_ADDRESS", crowd[13].email, crowd[14].email, crowd[12].email, crowd[13].email).add(
        "PERSON", crowd[12].name, crowd[12].name
    ).add("JP_MY_NUMBER", crowd[12].my_number)


def exports(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    group = crowd[:12]
    records = [
        {"id": i, "full_name": p.name, "phone": p.mobile, "email": p.email, "birth_date": p.born.isoformat(), "active": True}
        for i, p in enumerate(group, 1)
    ]
    truth = share.text("システム/users.json", json.dumps(records, ensure_ascii=False, indent=1), level="medium", persons=12)
    for p in group:
        contact(truth, p, mobile=True, email=True, born=True)

    group = crowd[12:22]
    text = "".join(
        json.dumps(
            {"ts": f"2026-11-0{i % 9 + 1}T10:00:00+09:00", "user": {"name": p.name, "tel": p.phone}, "action": "login"}, ensure_ascii=False
        )
        + "\n"
        for i, p in enumerate(group)
    )
    truth = share.text("システム/audit.jsonl", text, level="medium", persons=10)
    for p in group:
        contact(truth, p, phone=True)

    group = crowd[22:32]
    items = "".join(
        f"  <customer id='{i}'><name>{p.name}</name><kana>{p.kana}</kana><address>{p.address}</address><tel>{p.phone}</tel></customer>\n"
        for i, p in enumerate(group)
    )
    truth = share.text(
        "システム/customers.xml", f"<?xml version='1.0' encoding='utf-8'?>\n<customers>\n{items}</customers>\n", level="medium", persons=10
    )
    for p in group:
        contact(truth, p, kana=True, phone=True, address=True)

    group = crowd[32:40]
    sql = "CREATE TABLE members (id INTEGER, name TEXT, tel TEXT, mail TEXT);\n" + "".join(
        f"INSERT INTO members VALUES ({i}, '{p.name}', '{p.mobile}', '{p.email}');\n" for i, p in enumerate(group, 1)
    )
    truth = share.text("システム/dump.sql", sql, level="medium", persons=8)
    for p in group:
        contact(truth, p, mobile=True, email=True)

    group = crowd[40:46]
    log = "".join(f"2026-11-03 12:0{i}:11 INFO mailer sent to={p.email} name={p.name} tel={p.mobile}\n" for i, p in enumerate(group))
    truth = share.text("システム/app.log", log, "cp932", level="medium", persons=6)
    for p in group:
        contact(truth, p, mobile=True, email=True)

    group = crowd[46:56]
    rows = [["宛先氏名", "宛先電話", "宛先住所", "品名"]] + [
        [p.name, p.phone, p.address, rng.choice(["お茶", "洗剤", "書籍"])] for p in group
    ]
    inner = zipped([("出荷/宛先リスト.csv", csv_text(rows).encode("cp932"))], shift_jis=True)
    truth = share.put(
        "営業/出荷データ.zip",
        zipped([("11月分.zip", inner), ("読んでください.txt", "11月分の出荷データです。".encode("cp932"))], shift_jis=True),
        level="medium",
        persons=10,
    )
    for p in group:
        contact(truth, p, phone=True, address=True)

    group = crowd[56:66]
    rows = [["回答番号", "お名前（任意）", "メールアドレス", "自由記述"]] + [
        [i, p.name, p.email, rng.choice(["とても満足しています。\nまた利用します。", "価格が少し高いと感じました。", ""])]
        for i, p in enumerate(group, 1)
    ]
    truth = share.text("営業/アンケート回答.csv", csv_text(rows), level="medium", persons=10)
    for p in group:
        contact(truth, p, email=True)


def hidden_places(share: Share, crowd: list[Person]) -> None:
    p = crowd[0]
    truth = share.put("総務/規程_ヘッダーに氏名.docx", docx(["# 文書管理規程", "第1条　この規程は、文書の管理について定める。"], header=f"作成者 {p.spaced}　内線 2231", footer=f"連絡先 {p.email}"), level="medium", persons=1)  # fmt: skip
    contact(truth, p, email=True)
    p = crowd[1]
    truth = share.put("総務/備品一覧_コメントに電話.xlsx", xlsx({"備品": [["品名", "数量"], ["椅子", 12], ["机", 6]]}, comments={"備品": {"B2": f"不足時は{p.name}さん {p.mobile} へ"}}), level="medium", persons=1)  # fmt: skip
    contact(truth, p, mobile=True)
    group = crowd[2:8]
    rows = [["氏名", "携帯電話"]] + [[q.name, q.mobile] for q in group]
    truth = share.put(
        "総務/集計_隠しシート.xlsx",
        xlsx({"集計": [["月", "件数"], ["10月", 20]], "元データ": rows}, hidden=["元データ"]),
        level="medium",
        persons=6,
    )
    for q in group:
        contact(truth, q, mobile=True)
    group = crowd[8:16]
    rows = [["氏名", "電話番号", "郵便番号"]] + [[q.name, int(q.mobile.replace("-", "")), int(q.postal.replace("-", ""))] for q in group]
    truth = share.put(
        "総務/電話帳_数値で保存.xlsx",
        xlsx({"電話帳": rows}, number_formats={"電話帳": {"B": "00000000000", "C": "0000000"}}),
        level="medium",
        persons=8,
    )
    for q in group:
        contact(truth, q, mobile=True, postal=True)
    p = crowd[16]
    truth = share.text("システム/form.html", f"<html><head><meta charset='shift_jis'></head><body><form><input name='name' value='{p.spaced}'><input name='tel' value='{p.mobile}'><input type='hidden' name='mail' value='{p.email}'></form></body></html>", "cp932", level="medium", persons=1)  # fmt: skip
    contact(truth, p, mobile=True, email=True)


def sensitive(share: Share, rng: random.Random, crowd: list[Person]) -> None:
    group = crowd[:6]
    kinds = [
        "身体障害者手帳2級",
        "精神障害者保健福祉手帳3級",
        "療育手帳B",
        "身体障害者手帳4級",
        "精神障害者保健福祉手帳2級",
        "身体障害者手帳1級",
    ]
    rows = [["氏名", "生年月日", "障害者手帳", "雇入日"]] + [
        [p.name, p.born.isoformat(), kind, "2021-04-01"] for p, kind in zip(group, kinds, strict=True)
    ]
    truth = share.put("人事/障害者雇用状況.xlsx", xlsx({"一覧": rows}), level="critical", persons=6)
    for p in group:
        contact(truth, p, born=True)
    truth.add("JP_SENSITIVE_DISABILITY", "身体障害者手帳2級")

    p = crowd[6]
    truth = share.put("人事/懲戒/顛末書.docx", docx(["# 顛末書", f"対象者：営業部　{p.spaced}（{p.employee}）", f"{p.surname}は、2026年8月に窃盗の容疑で逮捕され、略式命令により罰金20万円の有罪判決を受けた。", "就業規則に基づき懲戒処分を検討する。"]), level="critical", persons=1)  # fmt: skip
    truth.add("PERSON", p.name, p.surname).add("JP_SENSITIVE_CRIMINAL_RECORD", "有罪判決")

    p = crowd[7]
    truth = share.text("人事/相談記録/相談記録.txt", f"相談記録票\n相談者：{p.spaced}\n連絡先：{p.mobile}\n相談日：2026年7月9日\n内容：夫から暴力を受け、警察に被害届を提出した。現在は避難している。\n", level="critical", persons=1)  # fmt: skip
    contact(truth, p, mobile=True)
    truth.add("JP_SENSITIVE_CRIME_VICTIM", "被害届")

    group = crowd[8:13]
    drugs = ["アムロジピン5mg", "メトホルミン250mg", "ロキソプロフェン60mg", "フェブキソスタット10mg", "アトルバスタチン10mg"]
    rows = [["患者名", "生年月日", "処方薬", "日数"]] + [[p.name, wareki(p.born), drug, 28] for p, drug in zip(group, drugs, strict=True)]
    truth = share.text("医務室/処方一覧.csv", csv_text(rows), level="critical", persons=5)
    for p in group:
        contact(truth, p, born=True)
    truth.add("JP_SENSITIVE_MEDICAL_CARE", "アムロジピン")

    p = crowd[13]
    truth = share.text(
        "人事/相談記録/配慮事項.txt",
        f"配慮事項メモ\n\n氏名：{p.spaced}\n所属：開発部\n宗教上の理由（イスラム教）により、礼拝の時間と場所を確保する。\n",
        level="critical",
        persons=1,
    )
    truth.add("PERSON", p.name).add("JP_SENSITIVE_CREED", "イスラム教")

    group = crowd[14:20]
    rows = [["社員番号", "氏名", "ストレスチェック結果", "面接指導"]] + [
        [p.employee, p.name, rng.choice(["高ストレス", "該当なし"]), rng.choice(["要", "不要"])] for p in group
    ]
    truth = share.put("人事/健康診断/ストレスチェック.xlsx", xlsx({"結果": rows}), level="critical", persons=6)
    for p in group:
        truth.add("PERSON", p.name)
    truth.add("JP_SENSITIVE_CHECKUP_RESULT", "高ストレス")


__all__ = ["make"]
