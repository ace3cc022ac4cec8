"""Mailboxes and Outlook files: every person in them comes out, and what cannot be read is said."""

from __future__ import annotations

import random
import struct
import time
from dataclasses import replace

import pytest
from office_kit import Seen, read

from piiscan.extractors import engines
from piiscan.extractors.identify import identify
from piiscan.extractors.mail import _lzfu
from piiscan.extractors.mail._heap import heap_properties
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind
from sample_data.make.build import csv_text, mail
from sample_data.make.outlook import Item, emlx, mail_item, mbox, msg, packed_rtf, winmail
from sample_data.make.pst import store

SENDER = ("佐藤 花子", "hanako@example.jp")
TO = [(1, "鈴木 一郎", "ichiro@example.jp"), (2, "高橋 次郎", "jiro@example.jp"), (3, "田中 三郎", "saburo@example.jp")]


def bare(texts: dict[int, str | bytes]) -> Item:
    return Item({0x001A: "IPM.Note", **texts})


# ------------------------------------------------------------------------- msg


@pytest.mark.parametrize("narrow", ["", "cp932", "utf-8"])
def test_msg_people_and_body(narrow: str) -> None:
    seen = read(msg(mail_item(SENDER, TO, "名簿の件", "電話は 090-1234-5678 です。\r\n髙橋"), narrow=narrow), "a.msg")
    assert seen.formats == {"msg"}
    assert seen.at(Part("header")).split("\n") == [
        "From: 佐藤 花子 <hanako@example.jp>",
        "To: 鈴木 一郎 <ichiro@example.jp>",
        "Cc: 高橋 次郎 <jiro@example.jp>",
        "Bcc: 田中 三郎 <saburo@example.jp>",
        "Subject: 名簿の件",
    ]
    assert seen.at(Part("body")) == "電話は 090-1234-5678 です。\n髙橋"
    assert seen.of(Role.MAIL_HEADER)
    assert seen.problems == []


def test_msg_is_known_by_content_whatever_its_name() -> None:
    seen = read(msg(mail_item(SENDER, TO, "件名", "本文")), "a.jpg")
    assert seen.kinds == {ProblemKind.DISGUISED}
    assert "本文" in seen.text


def test_msg_internet_headers_add_what_is_not_said() -> None:
    texts: dict[int, str | bytes] = {
        0x0037: "x",
        0x007D: "From: hanako@example.jp\r\nReply-To: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>\r\n",
    }
    assert "Reply-To: 山田 <yamada@example.jp>" in read(msg(bare(texts)), "a.msg").at(Part("header"))


@pytest.mark.parametrize("body", [0x1013, 0x1009])
def test_msg_rich_bodies_alone(body: int) -> None:
    html = "<html><meta charset='shift_jis'><body><p>山田太郎</p><p>03-1234-5678</p></body></html>".encode("cp932")
    rtf = b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 MS;}}\\f0 \\'8e\\'52\\'93\\'63\\'91\\'be\\'98\\'59\\par 03-1234-5678}"
    content = html if body == 0x1013 else packed_rtf(rtf)
    text = read(msg(bare({body: content})), "a.msg").text
    assert "山田太郎" in text
    assert "03-1234-5678" in text


def test_msg_bodies_that_say_the_same_come_once() -> None:
    texts: dict[int, str | bytes] = {
        0x1000: "山田太郎\r\n03-1234-5678",
        0x1013: "<p>山田太郎</p><p>03-1234-5678</p><p>担当 吉田</p>".encode(),
        0x1009: packed_rtf(b"{\\rtf1 03-1234-5678\\par}"),
    }
    seen = read(msg(bare(texts)), "a.msg")
    assert seen.text.count("03-1234-5678") == 1
    assert "担当 吉田" in seen.text


def test_msg_contacts_and_fields_of_users() -> None:
    item = Item(
        {0x001A: "IPM.Contact", 0x3001: "山田 太郎", 0x3A1C: "090-1234-5678", 0x3A29: "丸の内1-1-1", 0x3A76: "machine"},
        named={0x8083: "taro@example.jp", 0x802D: "ヤマダ", "会員番号": "A-123"},
    )
    for content, name in ((msg(item), "a.msg"), (winmail(item), "winmail.dat")):
        told = read(content, name).at(Part("properties")).split("\n")
        assert set(told) == {
            "full name: 山田 太郎", "mobile phone: 090-1234-5678", "street: 丸の内1-1-1", "email 1: taro@example.jp",
            "surname reading: ヤマダ", "会員番号: A-123",
        }  # fmt: skip


def test_attachments_and_attached_messages_of_every_depth() -> None:
    inner = mail_item(("吉田", "yoshida@example.jp"), [], "中の件名", "中の本文", attachments=[("名簿.csv", "氏名\n山田太郎\n".encode("cp932"))], named={"部署番号": "77"})  # fmt: skip
    item = mail_item(SENDER, TO, "外", "外の本文", attachments=[("表.csv", b"a,b\n1,2\n"), ("転送", inner)], named={"社員番号": "123"})
    for content, name, member in ((msg(item), "a.msg", "転送.msg"), (winmail(item), "winmail.dat", "転送.winmail.dat")):
        seen = read(content, name)
        assert {"表.csv", member, f"{member}/名簿.csv"} == seen.members
        for text in ("山田太郎", "yoshida@example.jp", "中の本文", "部署番号: 77", "社員番号: 123"):
            assert text in seen.text
        assert seen.problems == []


def test_embedded_objects_of_a_message_are_read() -> None:
    from piiscan.extractors.office._ole import build

    package = build({("Package",): csv_text([["氏名", "電話"], ["山田太郎", "03-1234-5678"]]).encode()})
    content = bytearray(msg(mail_item(SENDER, [], "x", "y", attachments=[("object", package)])))
    assert "山田太郎" in read(bytes(content), "a.msg").text


def test_encrypted_messages_are_said() -> None:
    item = mail_item(SENDER, TO, "x", "", attachments=[("smime.p7m", b"\x30\x80" + bytes(50))])
    item.texts[0x001A] = "IPM.Note.SMIME"
    assert ProblemKind.ENCRYPTED_PART in read(msg(item), "a.msg").kinds


def test_a_message_in_a_message_ends_at_the_limit() -> None:
    item = mail_item(SENDER, [], "x", "深い本文")
    for _ in range(9):
        item = mail_item(SENDER, [], "x", "本文", attachments=[("転送", item)])
    seen = read(msg(item), "a.msg", archive_depth=4)
    assert ProblemKind.LIMIT in seen.kinds
    assert "深い" not in seen.text


# ---------------------------------------------------------------- compressed RTF


def test_compressed_rtf_as_the_specification_shows_it() -> None:
    # [MS-OXRTFCP] 4.1.1 and 4.1.2: the examples of the specification.
    plain = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
    assert _lzfu.unpack(plain, 1000) == (b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", True)
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert _lzfu.unpack(crossing, 1000) == (b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", True)


def test_compressed_rtf_that_ends_early_gives_what_there_is() -> None:
    content = packed_rtf(b"{\\rtf1 03-1234-5678\\par and more and more}")
    text, whole = _lzfu.unpack(content[:40], 1000)
    assert not whole
    assert text.startswith(b"{\\rtf1 03-1234")
    assert _lzfu.unpack(packed_rtf(b"x" * 5000), 100) == (b"x" * 100, False)
    assert ProblemKind.BROKEN_PART in read(msg(bare({0x1009: content[:40]})), "a.msg").kinds


# ------------------------------------------------------------------------- tnef


def test_winmail_people_body_and_code_page() -> None:
    seen = read(winmail(mail_item(SENDER, TO, "名簿の件", "電話は 090-1234-5678 です。")), "winmail.dat")
    assert seen.formats == {"tnef"}
    assert "To: 鈴木 一郎 <ichiro@example.jp>" in seen.at(Part("header"))
    assert "Cc: 高橋 次郎 <jiro@example.jp>" in seen.at(Part("header"))
    assert seen.at(Part("body")) == "電話は 090-1234-5678 です。"


def test_winmail_old_attributes() -> None:
    def attribute(number: int, data: bytes) -> bytes:
        return struct.pack("<BII", 1, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    name, address = "山田太郎\0".encode("cp932"), b"SMTP:taro@example.jp\0"
    content = struct.pack("<IH", 0x223E9F78, 1)
    content += attribute(0x00008000, struct.pack("<4H", 4, 8 + len(name) + len(address), len(name), len(address)) + name + address)
    content += attribute(0x00018004, "件名\0".encode("cp932")) + attribute(0x0002800C, "本文 03-1234-5678\0".encode("cp932"))
    content += attribute(0x00038005, struct.pack("<7H", 2026, 11, 2, 10, 5, 0, 1))
    seen = read(content, "winmail.dat")
    assert seen.at(Part("header")) == "From: 山田太郎 <taro@example.jp>\nSubject: 件名\nDate: 2026-11-02 10:05"
    assert seen.at(Part("body")) == "本文 03-1234-5678"


def test_winmail_in_a_mail() -> None:
    content = mail(
        "a@example.jp",
        "b@example.jp",
        "x",
        "y",
        attachments=[("winmail.dat", winmail(mail_item(SENDER, TO, "名簿", "本文 090-1234-5678")))],
    )
    seen = read(content, "a.eml")
    assert "winmail.dat" in seen.members
    assert "090-1234-5678" in seen.text


def test_winmail_that_ends_early_is_said() -> None:
    content = winmail(mail_item(SENDER, TO, "名簿の件", "本文", attachments=[("表.csv", b"a,b\n" * 50)]))
    assert read(content[:-60], "winmail.dat").kinds == {ProblemKind.BROKEN_PART}


# -------------------------------------------------------------------- mailboxes


def test_mbox_messages_are_members_by_number() -> None:
    first = mail("佐藤 花子 <hanako@example.jp>", "b@example.jp", "一通目", "本文一\n\nFrom now on 03-1111-1111\n", charset="iso-2022-jp")
    second = mail("c@example.jp", "d@example.jp", "二通目", "本文二", attachments=[("名簿.csv", "氏名\n山田太郎\n".encode("cp932"))])
    seen = read(mbox([first, second]), "Inbox")
    assert "mbox" not in {form for member, form, _ in seen.pieces if member}
    assert seen.members == {"1.eml", "2.eml", "2.eml/名簿.csv"}
    for text in ("佐藤 花子", "本文一", "03-1111-1111", "山田太郎"):
        assert text in seen.text


def test_mbox_body_lines_that_only_look_like_an_envelope() -> None:
    body = "お世話になります。\n\nFrom Tokyo we write to you.\n\n03-1234-5678\n"
    content = b"From a@b Mon Nov  2 10:00:00 2026\n" + mail("a@example.jp", "b@example.jp", "x", body, charset="utf-8").replace(
        b"\r\n", b"\n"
    )
    assert read(content, "x.mbox").members == {"1.eml"}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_mbox_across_the_blocks_in_which_it_is_read(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from piiscan.extractors.mail import mbox as module

    monkeypatch.setattr(module, "_BLOCK", 1500)
    messages = [mail(f"p{i}@example.jp", "b@example.jp", f"件名{i}", f"本文{i} " + "x" * (i * 37 % 900)) for i in range(60)]
    content = mbox(messages).replace(b"\n", end)
    seen = read(content, "x.mbox")
    assert seen.members == {f"{i + 1}.eml" for i in range(60)}
    for i in range(60):
        assert f"本文{i} " in next(piece.text for member, _, piece in seen.pieces if member == f"{i + 1}.eml" and "本文" in piece.text)


def test_mbox_messages_do_not_count_as_unpacked() -> None:
    messages = [mail("a@example.jp", "b@example.jp", "x", f"本文{i} " + "あ" * 3000) for i in range(50)]
    seen = read(mbox(messages), "x.mbox", archive_members=10, archive_bytes=50_000)
    assert seen.problems == []
    assert "本文49" in seen.text


def test_emlx_message_and_property_list() -> None:
    content = emlx(mail("a@example.jp", "b@example.jp", "件名", "本文 03-1234-5678"), "佐藤 花子", "件名")
    seen = read(content, "12.emlx")
    assert seen.formats == {"emlx"}
    assert "03-1234-5678" in seen.text
    assert "佐藤 花子" in seen.at(Part("property list"))
    assert read(content[:200], "12.emlx").kinds == {ProblemKind.BROKEN_PART}


@pytest.mark.parametrize(
    "content", ["1\n00:00:01,000 --> 00:00:05,200\n司会：時間です\n\n2\n00:00:05,900 --> …\n井上：はい\n", "12\nNote: 電話 090-0000-0000\n"]
)
def test_a_number_above_a_colon_is_no_message(content: str) -> None:
    seen = read(content.encode(), "字幕.srt")
    assert seen.formats == {"text"}
    assert content.splitlines()[-1] in seen.text


def test_maildir_messages_have_no_suffix(tmp_path) -> None:
    path = tmp_path / "1793581200.M1P2.host:2,S"
    path.write_bytes(b"Return-Path: <a@example.jp>\nReceived: from x by y\nFrom: a@example.jp\nTo: b@example.jp\nSubject: x\n\nbody\n")
    assert identify(path, path.name).format == "eml"


# -------------------------------------------------------------------------- eml


def test_delivery_reports_name_their_receivers() -> None:
    content = (
        b"From: mailer@example.jp\nTo: a@example.jp\nSubject: failed\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nfailed\n--b\n'
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\n\nFinal-Recipient: rfc822; taro.yamada@example.jp\n"
        b"Action: failed\n--b\nContent-Type: text/rfc822-headers\n\nTo: jiro@example.jp\n--b--\n"
    )
    seen = read(content, "a.eml")
    assert "taro.yamada@example.jp" in seen.text
    assert "jiro@example.jp" in seen.text


def test_uuencoded_files_in_a_body() -> None:
    import binascii

    data = "氏名,電話\n山田太郎,03-1234-5678\n".encode("cp932")
    lines = b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, len(data), 45)).decode()
    seen = read(mail("a@example.jp", "b@example.jp", "x", f"添付します。\n\nbegin 644 meibo.csv\n{lines}`\nend\n以上\n"), "a.eml")
    assert seen.members == {"meibo.csv"}
    assert "山田太郎" in seen.text
    assert "以上" in seen.text


# -------------------------------------------------------------------------- pst


def outlook_store() -> bytes:
    inner = mail_item(("吉田", "y@example.jp"), [], "中の件名", "中の本文 03-1111-2222")
    item = mail_item(SENDER, TO, "外の件名", "外の本文 090-1234-5678", attachments=[("名簿.csv", "氏名\n山田太郎\n".encode("cp932")), ("転送", inner)], named={"社員番号": "E-123"})  # fmt: skip
    long = mail_item(("伊藤", "ito@example.jp"), [], "長い", "長い本文" * 200)
    card = Item({0x001A: "IPM.Contact", 0x3001: "山田 花子", 0x3A1C: "080-1234-5678"}, named={0x8083: "hanako@example.jp"})
    many = [mail_item(("林", f"hayashi{i}@example.jp"), [], f"件名{i}", f"本文{i}") for i in range(40)]
    return store({"受信トレイ": [item, long], "連絡先": [card], "多数": many})


def test_pst_items_of_every_folder() -> None:
    seen = read(outlook_store(), "outlook.pst")
    assert {"pst", "msg", "csv"} >= {form for _, form, _ in seen.pieces}
    assert {member.split("/")[0] for member in seen.members} == {"受信トレイ", "連絡先", "多数"}
    for text in (
        "From: 佐藤 花子 <hanako@example.jp>", "To: 鈴木 一郎 <ichiro@example.jp>", "Cc: 高橋 次郎 <jiro@example.jp>", "Bcc: 田中 三郎 <saburo@example.jp>",
        "Subject: 外の件名", "090-1234-5678", "社員番号: E-123", "山田太郎", "長い本文" * 200, "full name: 山田 花子", "email 1: hanako@example.jp",
        "吉田 <y@example.jp>", "中の本文 03-1111-2222", "hayashi39@example.jp",
    ):  # fmt: skip
        assert text in seen.text
    assert seen.problems == []


def test_pst_items_do_not_count_as_unpacked_and_long_parts_of_attached_messages_are_said() -> None:
    inner = mail_item(
        ("吉田", "y@example.jp"), [(1, "森", "mori@example.jp")], "中", "中の本文 03-1111-2222", attachments=[("a.txt", b"x")]
    )
    content = store({"受信": [mail_item(SENDER, [], "外", "本文", attachments=[("転送", inner)])] * 12})
    seen = read(content, "outlook.ost", archive_members=30, archive_bytes=60_000)
    assert ProblemKind.BOMB not in seen.kinds
    assert seen.text.count("中の本文 03-1111-2222") == 12


def test_pst_heaps_that_are_damaged_give_what_they_hold() -> None:
    from sample_data.make.pst import _properties

    whole = _properties({0x0037: (0x1F, "件名"), 0x0C1A: (0x1F, "佐藤"), 0x3705: (0x03, 5)})
    found, elsewhere = heap_properties(whole)
    assert found == {(0x0037, 0x1F): "件名".encode("utf-16-le"), (0x0C1A, 0x1F): "佐藤".encode("utf-16-le"), (0x3705, 0x03): b"\5\0\0\0"}
    assert elsewhere == 0
    rng = random.Random(3)
    for _ in range(300):
        broken = bytearray(whole)
        broken[rng.randrange(4, len(broken))] = rng.randrange(256)
        heap_properties(bytes(broken[: rng.randrange(13, len(broken) + 1)]))


def test_pst_without_its_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", tuple(replace(entry, probe=lambda: None) for entry in engines.ENGINES))
    (problem,) = read(outlook_store(), "outlook.pst").problems
    assert problem.kind is ProblemKind.UNSUPPORTED
    assert "libpff-python" in problem.detail


@pytest.mark.parametrize(("charset", "encoding"), [("gb2312", "gb18030"), ("ks_c_5601-1987", "cp949"), ("windows-1251", "cp1251"), ("us-ascii", "utf-8"), ("x-nonsense", "cp932")])  # fmt: skip
def test_bodies_of_every_charset(charset: str, encoding: str) -> None:
    text = {"gb18030": "镕基您好", "cp949": "안녕하세요 뷁", "cp1251": "Здравствуйте", "utf-8": "山田太郎です", "cp932": "山田太郎です"}[
        encoding
    ]
    content = f"From: a@example.jp\nTo: b@example.jp\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n".encode() + text.encode(
        encoding
    )
    assert text in read(content, "a.eml").text


def test_a_damaged_body_stays_in_its_charset_and_encodings_have_things_around_them() -> None:
    head = b"From: a@example.jp\nTo: b@example.jp\nSubject: x\nContent-Type: text/plain; charset=utf-8\n"
    body = "お世話になっております。山田太郎です。".encode() * 5
    assert "山田太郎です" in read(head + b"\n" + body[:-1], "a.eml").text
    import base64

    assert "山田太郎です" in read(head + b"Content-Transfer-Encoding: base64 (yes)\n\n" + base64.encodebytes(body), "a.eml").text


def test_msg_eight_bit_texts_by_their_language() -> None:
    item = Item({0x001A: b"IPM.Note".decode(), 0x1000: "x"}, numbers={0x3FF1: 1049, 0x3FDE: 65001})
    content = msg(item, narrow="cp932").replace(struct.pack("<HHIII", 3, 0x3FFD, 6, 932, 0), struct.pack("<HHIII", 3, 0x7FFD, 6, 932, 0))
    russian = "Привет, это письмо. Здравствуйте".encode("cp1251")
    import olefile

    from piiscan.extractors.office._ole import build, stream

    with olefile.OleFileIO(content) as ole:
        streams = {tuple(path): stream(ole, path) for path in ole.listdir()}
    streams["__substg1.0_1000001E",] = russian
    assert "Здравствуйте" in read(build(streams), "a.msg").text


# ------------------------------------------------------------------------ damage


def _mutations(content: bytes, count: int, seed: int):
    rng = random.Random(seed)
    for _ in range(count):
        data = bytearray(content)
        for _ in range(rng.choice([1, 3, 20])):
            data[rng.randrange(len(data))] = rng.choice([0, 255, 0x7F, 0x80, rng.randrange(256)])
        yield bytes(data[: rng.randrange(len(data))] if rng.random() < 0.3 else data)


@pytest.mark.parametrize("form", ["msg", "tnef", "mbox", "emlx", "pst"])
def test_damage_ends_in_text_or_a_problem(form: str) -> None:
    inner = mail_item(("吉田", "y@example.jp"), TO, "中", "本文", attachments=[("a.csv", b"a,b\n1,2\n")])
    item = mail_item(SENDER, TO, "外", "本文", attachments=[("x.bin", bytes(300)), ("転送", inner)], named={"番号": "1"})
    item.texts[0x1009] = packed_rtf(b"{\\rtf1 hello\\par}" * 20)
    plain = mail("a@example.jp", "b@example.jp", "x", "本文", attachments=[("a.csv", b"a,b\n")])
    content, name = {
        "msg": (msg(item), "a.msg"),
        "tnef": (winmail(item), "winmail.dat"),
        "mbox": (mbox([plain] * 3), "a.mbox"),
        "pst": (store({"受信": [item]}), "a.pst"),
        "emlx": (emlx(plain, "佐藤", "x"), "a.emlx"),
    }[form]
    began = time.monotonic()
    for data in _mutations(content, 60, 20261125):
        seen: Seen = read(data, name)
        assert seen.pieces
        assert ProblemKind.INTERNAL not in seen.kinds
    assert time.monotonic() - began < 30


def test_mail_of_several_encodings_is_still_mail() -> None:
    head = b"From: a@example.jp\nTo: b@example.jp\nSubject: x\nContent-Type: text/plain; charset=x-unknown\n\n"
    content = (
        head + "氏名：山田太郎\n".encode("iso2022_jp") + "電話：03-1234-5678\n".encode("cp932") + "住所：千代田区\n".encode() + bytes(8)
    )
    seen = read(content, "message")
    assert seen.formats == {"eml"}
    assert "03-1234-5678" in seen.text


def test_a_mail_that_ends_before_its_last_part_does_says_so() -> None:
    whole = mail("a@example.jp", "b@example.jp", "名簿", "氏名：山田太郎", attachments=[("a.txt", b"0123456789" * 100)])
    assert read(whole, "a.eml").kinds == set()
    assert read(whole[:-300], "a.eml").kinds == {ProblemKind.BROKEN_PART}
