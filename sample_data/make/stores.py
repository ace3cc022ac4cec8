"""Mailboxes, Outlook files and office files of the last century."""

from __future__ import annotations

import random

from sample_data.make.build import Share, csv_text, mail, xlsx
from sample_data.make.metafiles import emf
from sample_data.make.old_office import excel, works
from sample_data.make.outlook import Item, emlx, mail_item, mbox, msg, packed_rtf, winmail
from sample_data.make.people import Person, people
from sample_data.make.positives import contact
from sample_data.make.pst import store
from sample_data.make.signatures import signed


def make(share: Share, rng: random.Random) -> None:
    """All of them."""
    crowd = people(rng, 30)
    _mailboxes(share, crowd[:8])
    _outlook(share, crowd[8:16])
    _old(share, crowd[16:28])
    _broken(share, crowd[28], rng)
    _store(share, people(rng, 3))
    _books(share, people(rng, 9))
    _cut(share, people(rng, 12))
    _drawn(share, people(rng, 4))
    _signed(share, people(rng, 4))
    notice = mail_item(
        ("監視システム", "alert@example.jp"),
        [(1, "運用チーム", "ops@example.jp")],
        "ディスク使用率 91 %",
        "サーバー db-03 の使用率が閾値を超えました。\n",
    )
    share.put("資料/メール/監視通知.msg", msg(notice), negative=True)


def _letter(writer: Person, reader: Person) -> bytes:
    body = f"{reader.surname}様\n\n新しい連絡先をお知らせします。\n\n氏名：{writer.name}\n携帯：{writer.mobile}\n"
    return mail(f"{writer.spaced} <{writer.email}>", f"{reader.spaced} <{reader.email}>", "連絡先の変更", body, charset="iso-2022-jp")


def _mailboxes(share: Share, crowd: list[Person]) -> None:
    pairs = [(crowd[0], crowd[1]), (crowd[2], crowd[3]), (crowd[4], crowd[5])]
    truth = share.put("メール/受信トレイ.mbox", mbox([_letter(a, b) for a, b in pairs]), level="medium", persons=None)
    for a, b in pairs:
        truth.add("PERSON", a.name, b.name).add("EMAIL_ADDRESS", a.email, b.email).add("PHONE_NUMBER", a.mobile)
    a, b = crowd[6:8]
    truth = share.put("メール/1042.emlx", emlx(_letter(a, b), a.spaced, "連絡先の変更"), level="medium", persons=None)
    truth.add("PERSON", a.name, b.name).add("EMAIL_ADDRESS", a.email, b.email).add("PHONE_NUMBER", a.mobile)


def _outlook(share: Share, crowd: list[Person]) -> None:
    a, b, c, d, e, f, g, h = crowd
    rows = csv_text([["氏名", "電話"], [d.name, d.mobile]]).encode("cp932")
    item = mail_item(
        (a.spaced, a.email),
        [(1, b.spaced, b.email), (2, c.spaced, c.email)],
        "参加者名簿",
        "名簿を送ります。\n",
        attachments=[("参加者.csv", rows)],
    )
    truth = share.put("メール/参加者名簿.msg", msg(item), level="medium", persons=None)
    truth.add("PERSON", a.name, b.name, c.name).add("EMAIL_ADDRESS", a.email, b.email, c.email)
    contact(truth, d, mobile=True)

    card = Item({0x001A: "IPM.Contact", 0x3001: e.spaced, 0x3A1C: e.mobile}, named={0x8083: e.email})
    truth = share.put("メール/連絡先_個人.msg", msg(card, narrow="cp932"), level="medium", persons=1)
    contact(truth, e, mobile=True, email=True)

    rich = "".join(f"\\u{ord(sign) - (0x10000 if ord(sign) > 0x7FFF else 0)}?" for sign in f"担当：{g.name}　電話：{g.phone}")
    item = mail_item(
        (f.spaced, f.email), [], "担当者の変更", "", attachments=[("名簿.xlsx", xlsx({"名簿": [["氏名", "携帯"], [h.name, h.mobile]]}))]
    )
    item.texts[0x1009] = packed_rtf(b"{\\rtf1\\ansi " + rich.encode("ascii") + b"\\par}")
    truth = share.put("メール/winmail.dat", winmail(item), level="medium", persons=None)
    truth.add("PERSON", f.name, g.name).add("EMAIL_ADDRESS", f.email).add("PHONE_NUMBER", g.phone)
    contact(truth, h, mobile=True)


def _store(share: Share, crowd: list[Person]) -> None:
    a, b, c = crowd
    rows = csv_text([["氏名", "電話"], [c.name, c.mobile]]).encode("cp932")
    item = mail_item((a.spaced, a.email), [(1, b.spaced, b.email)], "参加者", "名簿を送ります。\n", attachments=[("参加者.csv", rows)])
    truth = share.put("メール/アーカイブ.pst", store({"受信トレイ": [item], "下書き": []}), level="medium", persons=None)
    truth.add("PERSON", a.name, b.name).add("EMAIL_ADDRESS", a.email, b.email)
    contact(truth, c, mobile=True)


def _books(share: Share, crowd: list[Person]) -> None:
    """An address book of a telephone, a calendar and a directory."""
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{p.spaced}\r\nN:{p.surname};{p.given};;;\r\nTEL;TYPE=CELL:{p.mobile}\r\nEMAIL:{p.email}\r\nEND:VCARD\r\n"
        for p in crowd[:4]
    )
    truth = share.text("その他/連絡先.vcf", cards, level="medium", persons=4)
    for p in crowd[:4]:
        truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile).add("EMAIL_ADDRESS", p.email)
    a, b = crowd[4:6]
    event = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:打ち合わせ\r\nDTSTART:20261110T100000\r\n"
        f'ORGANIZER;CN="{a.spaced}":mailto:{a.email}\r\nATTENDEE;CN="{b.spaced}":mailto:{b.email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    truth = share.text("その他/予定.ics", event, level="medium", persons=None)
    truth.add("PERSON", a.name, b.name).add("EMAIL_ADDRESS", a.email, b.email)
    entries = "".join(
        f"dn: uid={p.employee},o=example\nuid: {p.employee}\ncn: {p.name}\nmail: {p.email}\nmobile: {p.mobile}\n\n" for p in crowd[6:9]
    )
    p = crowd[0]
    notebook = (
        f"JAHISTC07,1\r\n1,{p.name},2,{p.born:%Y%m%d},{p.postal},{p.address},{p.mobile},,,,\r\n2,3,2型糖尿病\r\n5,20261020,1\r\n"
        "11,れいじ薬局,13,4,0000000,100-0005,東京都千代田区丸の内9-9-9,03-0000-0000\r\n51,例示会病院,13,1,0000000\r\n"
        "201,1,メトホルミン塩酸塩錠250mgMT,2,錠,4,3962002F2078\r\n301,1,【分2　朝夕食後】,28,日分,1,1,\r\n"
    )
    truth = share.text("薬局/お薬手帳データ.csv", notebook, encoding="cp932", level="critical", persons=1)
    truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile).add("DATE_OF_BIRTH", p.born.isoformat()).add("JP_ADDRESS", p.address)
    truth.add("JP_POSTAL_CODE", p.postal).add("JP_SENSITIVE_MEDICAL_HISTORY", "2型糖尿病").add(
        "JP_SENSITIVE_MEDICAL_CARE", "メトホルミン塩酸塩錠"
    )
    truth = share.text("システム/directory.ldif", f"version: 1\n\n{entries}", level="medium", persons=3)
    for p in crowd[6:9]:
        truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile).add("EMAIL_ADDRESS", p.email).add("JP_EMPLOYEE_NUMBER", p.employee)


def _old(share: Share, crowd: list[Person]) -> None:
    group = crowd[:10]
    rows: list[list[str | float]] = [["氏名", "携帯電話", "生年月日"]]
    rows += [[p.name, float(p.mobile.replace("-", "")), float(p.born.toordinal() - 693594)] for p in group]
    styles = {(r, c): c for r in range(1, len(rows)) for c in (1, 2)}
    content = excel(4, rows, formats=("General", "00000000000", "yyyy/mm/dd"), styles=styles)
    truth = share.put("旧データ/顧客台帳_Excel4.xls", content, level="medium", persons=10)
    for p in group:
        truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile.replace("-", "")).add("DATE_OF_BIRTH", p.born.isoformat())
    p = crowd[10]
    text = f"会員登録票\n\n氏名：{p.spaced}\n住所：{p.address}\n電話：{p.phone}\n"
    truth = share.put("旧データ/会員登録票.wps", works(text), level="medium", persons=1)
    contact(truth, p, phone=True, address=True)


def _drawn(share: Share, crowd: list[Person]) -> None:
    """A table pasted as a picture: whole, and cut within its last row."""
    group = crowd[:3]
    drawing = emf([("氏名", "携帯電話"), *((p.name, p.mobile) for p in group)], title="Microsoft Excel")
    truth = share.put("営業/訪問先_図として保存.emf", drawing, level="medium", persons=None)
    for p in group:
        truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile)
    p = crowd[3]
    cut = emf([(f"氏名：{p.name}", f"携帯：{p.mobile}"), ("備考", "なし")])[:-100]
    truth = share.put("broken/途中で切れた.emf", cut, outcome="partial", problem="broken-part", level="medium", persons=1)
    contact(truth, p, mobile=True)


def _signed(share: Share, crowd: list[Person]) -> None:
    """A mail inside its signature: whole, and cut in its certificate."""
    a, b, c, d = crowd
    truth = share.put("メール/署名済みメール.p7m", signed(a.name, a.email, _letter(a, b)), level="medium", persons=None)
    truth.add("PERSON", a.name, b.name).add("EMAIL_ADDRESS", a.email, b.email).add("PHONE_NUMBER", a.mobile)
    content = signed(c.name, c.email, _letter(c, d))
    cut = content[: content.rindex(c.name.encode()) + 60]
    truth = share.put("broken/途中で切れた.p7m", cut, outcome="partial", problem="broken-part", level="medium", persons=None)
    truth.add("PERSON", c.name, d.name).add("EMAIL_ADDRESS", c.email, d.email).add("PHONE_NUMBER", c.mobile)


def _broken(share: Share, person: Person, rng: random.Random) -> None:
    content = msg(mail_item((person.spaced, person.email), [], "x", "y", attachments=[("a.bin", rng.randbytes(6000))]))
    share.put("broken/途中で切れた.msg", content[:700], outcome="failed", problem="broken")
    share.put("broken/回覧文書.xdw", b"\x60\x0e\x82\x02" + rng.randbytes(3000), outcome="failed", problem="unsupported")


def _cut(share: Share, crowd: list[Person]) -> None:
    """Files that end early: who stands before the cut is still found."""
    partial = {"outcome": "partial", "problem": "broken-part", "level": "medium"}

    def put(name: str, content: bytes, person: Person, *, email: bool = False, persons: int | None = 1) -> None:
        truth = share.put(f"broken/途中で切れた.{name}", content, persons=persons, **partial)
        contact(truth, person, mobile=True, email=email)

    a, b, c, d, e, f, g, h, i, j, k, m = crowd
    put("emlx", emlx(_letter(a, b), a.spaced, "連絡先の変更")[:-420], a, email=True, persons=None)
    share.truths[-1].add("PERSON", b.name).add("EMAIL_ADDRESS", b.email)
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{c.spaced}\r\nTEL;TYPE=CELL:{c.mobile}\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:"
    put("vcf", card.encode(), c)
    event = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:面談\r\nDESCRIPTION:氏名：{d.name}　携帯：{d.mobile}\r\nLOCATION:会議室"
    )
    put("ics", event.encode(), d)
    dump = f"CREATE TABLE members (id INTEGER, name TEXT, tel TEXT);\nINSERT INTO members VALUES (1, '{e.name}', '{e.mobile}'), (2, '"
    put("sql", dump.encode(), e)
    whole = msg(mail_item((f.spaced, f.email), [], "連絡先", f"携帯：{f.mobile}\n"))
    size = whole.index("__substg1.0_1000001F".encode("utf-16-le")) + 0x78  # of the body, in the directory
    put("本文.msg", whole[:size] + bytes([whole[size] + 40]) + whole[size + 1 :], f, email=True)
    wrapped = winmail(mail_item((g.spaced, g.email), [], "連絡先", f"携帯：{g.mobile}\n", attachments=[("記録.txt", b"0123456789" * 200)]))
    put("winmail.dat", wrapped[:-1500], g, email=True)
    rows = [["氏名", "携帯"], [h.name, h.mobile], *[[f"品目{n}", float(n)] for n in range(20)]]
    put("xls", excel(4, rows)[:-200], h)
    share.put(
        "broken/途中で切れた.pst",
        store({"受信トレイ": [mail_item((i.spaced, i.email), [], "x", "y")]})[:9000],
        outcome="failed",
        problem="broken",
    )
    put("wps", works(f"氏名：{j.name}\n携帯：{j.mobile}\n" + "備考なし\n" * 40, bare=True)[:-300], j)
    multipart = mail(
        f"{k.spaced} <{k.email}>", m.email, "名簿", f"氏名：{k.name}\n携帯：{k.mobile}\n", attachments=[("記録.txt", b"0123456789" * 100)]
    )
    put("mbox", mbox([_letter(k, m), multipart[: multipart.rindex(b"--")][:-300]]), k, email=True, persons=None)
    share.truths[-1].add("PERSON", m.name).add("EMAIL_ADDRESS", m.email)
