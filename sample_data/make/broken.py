"""Files that cannot be (fully) read: encrypted, damaged, disguised, hostile, unknown."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from pathlib import Path

from sample_data.make.build import Share, csv_text, docx, pdf, xlsx
from sample_data.make.people import people


def make(share: Share, rng: random.Random) -> None:
    """All of them."""
    p = people(rng, 3)
    book = xlsx({"名簿": [["氏名", "電話"], *[[q.name, q.mobile] for q in p]]})
    share.put("broken/パスワード付き.xlsx", _encrypted_office(book), outcome="failed", problem="encrypted")
    share.put("broken/パスワード付き.pdf", pdf([["秘密の書類"]], password="himitsu"), outcome="failed", problem="encrypted")
    share.put("broken/パスワード付き.zip", _encrypted_zip(), outcome="failed", problem="encrypted")
    document = docx(["# 報告書", "本文です。"])
    share.put("broken/途中で切れた.docx", document[: len(document) // 3], outcome="failed", problem="broken")
    share.put("broken/途中で切れた.pdf", pdf([["報告書"]])[:200], outcome="failed", problem="broken")
    share.put("broken/空のファイル.txt", b"", outcome="scanned", negative=True)
    truth = share.put(
        "broken/写真のふり.jpg",
        docx([f"氏名：{p[0].spaced}", f"電話：{p[0].mobile}"]),
        outcome="scanned",
        problem="disguised",
        level="medium",
        persons=1,
    )
    truth.add("PERSON", p[0].name).add("PHONE_NUMBER", p[0].mobile)
    share.put("broken/図面.dwg", b"AC1032" + bytes(rng.randrange(256) for _ in range(4000)), outcome="failed", problem="unsupported")
    share.put("broken/写真.png", b"\x89PNG\r\n\x1a\n" + bytes(rng.randrange(256) for _ in range(2000)), outcome="failed", problem="broken")
    share.put("broken/爆弾.zip", _bomb(), outcome="partial", problem="bomb")
    share.put("broken/実体爆弾.xml", _entity_bomb(), outcome="partial", problem="bomb")
    rows = csv_text([["氏名", "電話"], [p[1].name, p[1].mobile]]).encode("cp932")
    truth = share.put("broken/一部だけ読める.zip", _half_zip(rows), outcome="partial", problem="broken-part", level="medium", persons=1)
    truth.add("PERSON", p[1].name).add("PHONE_NUMBER", p[1].mobile)


def _encrypted_office(content: bytes) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("himitsu", out)
    return out.getvalue()


def _encrypted_zip() -> bytes:
    """A zip whose one member is ZipCrypto-encrypted (the flag bit and twelve header bytes are what readers look at)."""
    body = b"\x8f" * 12 + bytes(range(64))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("secret.csv", date_time=(2026, 11, 2, 10, 0, 0)), body)
    content = bytearray(out.getvalue())
    content[6] |= 1
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def _bomb() -> bytes:
    """300 MB of zeros in 300 kB."""
    info = zipfile.ZipInfo("zeros.txt", date_time=(2026, 11, 2, 10, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open(info, "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return out.getvalue()


def _entity_bomb() -> bytes:
    lines = ["<?xml version='1.0'?>", "<!DOCTYPE lolz [", "<!ENTITY a 'lol'>"]
    lines += [f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)]
    return "\n".join([*lines, "]>", "<lolz>&j;</lolz>"]).encode()


def _half_zip(rows: bytes) -> bytes:
    """Two members; the second one's bytes are damaged, so its checksum fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(zipfile.ZipInfo("list.csv", date_time=(2026, 11, 2, 10, 0, 0)), rows)
            archive.writestr(zipfile.ZipInfo("memo.txt", date_time=(2026, 11, 2, 10, 0, 0)), b"memo memo memo memo")
        content = path.read_bytes()
    return content.replace(b"memo memo memo memo", b"memo memo mXmo memo")
