"""Archives, compressed files, databases and shortcuts that hold a list of persons; encrypted and damaged ones of each."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from sample_data.make.archives import cab, compress, iso, lzh, rar5, winzip
from sample_data.make.build import Share, csv_text, mail, pptx, xlsx, zipped
from sample_data.make.databases import LONG, TEXT, access, dbf, dbt, lnk
from sample_data.make.people import Person, people

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Member = tuple[str, bytes]
_STAMP = 1793581200  # 2026-11-02
_PASSWORD = "himitsu"


def make(share: Share, rng: random.Random) -> None:
    """All of them."""
    crowd = people(rng, 60)
    groups = [crowd[at : at + 2] for at in range(0, 60, 2)]
    _archives(share, groups)
    _databases(share, groups[20:])
    _closed(share, groups[26])
    _damaged(share, groups[27:], rng)
    _documents(share, people(rng, 8))


def _list(group: Sequence[Person]) -> bytes:
    return csv_text([["氏名", "携帯電話"], *[[p.name, p.mobile] for p in group]]).encode("cp932")


def _put(share: Share, path: str, content: bytes, group: Sequence[Person], **facts: object) -> None:
    truth = share.put(path, content, level="medium", persons=len(group), **facts)
    for p in group:
        truth.add("PERSON", p.name).add("PHONE_NUMBER", p.mobile)


def _archives(share: Share, groups: Sequence[Sequence[Person]]) -> None:
    def members(group: Sequence[Person]) -> list[Member]:
        return [("総務/名簿.csv", _list(group)), ("総務/readme.txt", "会場の案内です。\r\n".encode("cp932"))]

    makers = {
        "名簿_utf8.tar": _tar,
        "名簿_eucjp.tar": lambda m: _tar(m, "euc_jp"),
        "名簿.tar.gz": lambda m: gzip.compress(_tar(m), mtime=0),
        "名簿.7z": _sevenz,
        "名簿.rar": rar5,
        "名簿.lzh": lzh,
        "名簿.cab": cab,
        "名簿.iso": lambda m: iso([(name.rsplit("/", 1)[-1], data) for name, data in m]),
        "名簿_自己解凍.exe": lambda m: b"MZ" + bytes(510) + zipped(m),
    }
    single = {"名簿.csv.gz": lambda data: gzip.compress(data, mtime=0), "名簿.csv.bz2": bz2.compress, "名簿.csv.xz": lzma.compress, "名簿.csv.zst": zstd.compress, "名簿.csv.Z": compress}  # fmt: skip
    rest = iter(groups)
    for (name, pack), group in zip(makers.items(), rest, strict=False):
        _put(share, f"書庫/{name}", pack(members(group)), group)
    for (name, squeeze), group in zip(single.items(), rest, strict=False):
        _put(share, f"書庫/{name}", squeeze(_list(group)), group)
    group = next(rest)
    whole = _sevenz(members(group))
    half = len(whole) // 2
    _put(share, "書庫/分割.7z.001", whole[:half], group)
    share.put("書庫/分割.7z.002", whole[half:], outcome="partial", problem="part-not-read")


def _databases(share: Share, groups: Sequence[Sequence[Person]]) -> None:
    a, b, c, d = groups[:4]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE 顧客 (番号 INTEGER PRIMARY KEY, 氏名 TEXT, 電話番号 TEXT)")
        base.executemany("INSERT INTO 顧客 (氏名, 電話番号) VALUES (?, ?)", [(p.name, p.mobile) for p in a])
        base.commit()
        base.close()
        _put(share, "データベース/顧客.sqlite", path.read_bytes(), a)
    fields = [("氏名", "C", 20), ("電話番号", "C", 14), ("備考", "M", 10)]
    rows = [(p.name, p.mobile, str(number)) for number, p in enumerate(b, 1)]
    _put(share, "データベース/会員.dbf", dbf(fields, rows, version=0x83), b)
    share.put("データベース/会員.dbt", dbt(["継続", "休会"]), outcome="failed", problem="unsupported")
    _put(share, "データベース/会員.parquet", _parquet(c), c)
    owner = d[0]
    rows_of = [(number, p.name, p.mobile) for number, p in enumerate(groups[4], 1)]
    _put(share, "データベース/顧客.mdb", access("顧客名簿", [("番号", LONG), ("氏名", TEXT), ("電話番号", TEXT)], rows_of), groups[4])
    truth = share.put(
        "データベース/給与へのショートカット.lnk", lnk(path="\\\\fs01\\人事\\給与.xlsx", comment=f"担当：{owner.name}（{owner.email}）")
    )
    truth.add("PERSON", owner.name).add("EMAIL_ADDRESS", owner.email)


def _closed(share: Share, group: Sequence[Person]) -> None:
    """Encrypted ones."""
    rows = _list(group)
    share.put("broken/パスワード付き_AES.zip", winzip([("名簿.csv", rows)], _PASSWORD), outcome="failed", problem="encrypted")
    share.put("broken/パスワード付き.7z", _sevenz([("名簿.csv", rows)], _PASSWORD), outcome="failed", problem="encrypted")
    share.put(
        "broken/パスワード付き.rar",
        rar5([("名簿.csv", bytes(64))], encryption=b"\0\0\x0f" + bytes(range(32))),
        outcome="failed",
        problem="encrypted",
    )
    share.put("broken/暗号化.dbf", dbf([("NAME", "C", 20)], [("x",)], encrypted=True), outcome="failed", problem="encrypted")
    locked = bytearray(access("t", [("a", TEXT)], [("x",)], ace=True))
    told = b'<encryption xmlns="x"><keyData saltSize="16" keyBits="256" cipherAlgorithm="AES"/>'
    locked[0x299 : 0x299 + len(told)] = told
    share.put("broken/パスワード付き.accdb", bytes(locked), outcome="failed", problem="encrypted")
    share.put("broken/途中で切れた.mdb", access("t", [("a", TEXT)], [("x",)])[:8192], outcome="failed", problem="broken")
    share.put("broken/暗号化.parquet", b"PARE" + bytes(range(200)) + b"PARE", outcome="failed", problem="encrypted")
    share.put("broken/.名簿.xlsx.icloud", b"bplist00\xd1\x01\x02\x5fNSURLNameKey" + bytes(40), outcome="failed", problem="placeholder")


def _damaged(share: Share, groups: Sequence[Sequence[Person]], rng: random.Random) -> None:
    """Cut ones; where the list comes before the cut it is still found."""
    filler = "".join(f"{rng.random()}\r\n" for _ in range(3000)).encode()
    a, b, c = groups[:3]
    first: list[Member] = [("名簿.csv", _list(a)), ("計測.txt", filler)]
    for name, content in {"tar": _tar(first), "lzh": lzh(first), "rar": rar5(first)}.items():
        _put(share, f"broken/途中で切れた.{name}", content[: len(content) * 2 // 3], a, outcome="partial", problem="broken-part")
    text = _list(b) + filler
    for name, content in {
        "gz": gzip.compress(text, mtime=0),
        "bz2": bz2.compress(text, 1),
        "xz": lzma.compress(text)[:20],
        "zst": zstd.compress(text),
    }.items():
        share.put(f"broken/途中で切れた.{name}", content[:40], outcome="failed", problem="broken")
    share.put("broken/壊れた.Z", b"\x1f\x9d\x90" + bytes([65, 0xFF, 0xFF, 0xFF]) * 4, outcome="failed", problem="broken")
    content = _sevenz(first)
    share.put("broken/途中で切れた.7z", content[: len(content) // 2], outcome="failed", problem="broken")
    content = cab(first)
    share.put("broken/途中で切れた.cab", content[: len(content) // 2], outcome="partial", problem="broken-part")
    image = iso([("名簿.csv", _list(a)), ("計測.txt", filler)])
    _put(share, "broken/途中で切れた.iso", image[: len(image) - 20_000], a, outcome="partial", problem="broken-part")
    share.put("broken/途中で切れた.exe", b"MZ" + bytes(510) + zipped(first)[:200], outcome="failed", problem="unsupported")
    share.put("broken/一つだけ.7z.001", _sevenz(first)[:3000], outcome="partial", problem="broken-part")
    rows = [(p.name, p.mobile) for p in c]
    content = dbf([("氏名", "C", 20), ("電話番号", "C", 14)], rows, records=500)
    _put(share, "broken/途中で切れた.dbf", content, c, outcome="partial", problem="broken-part")
    share.put("broken/途中で切れた.parquet", _parquet(c)[:300], outcome="failed", problem="broken")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE t (a TEXT)")
        base.commit()
        base.close()
        share.put("broken/途中で切れた.sqlite", path.read_bytes()[:900], outcome="failed", problem="broken")
    share.put("broken/途中で切れた.lnk", lnk(path="C:\\a.txt")[:60], outcome="failed", problem="broken")


def _documents(share: Share, crowd: Sequence[Person]) -> None:
    """Documents that the rest of the share has none of, and such as are damaged but keep what comes before the damage."""
    a, b, c, d, e, f, g, h = crowd
    text = f"氏名：{a.name}　携帯：{a.mobile}"
    letters = "".join(f"\\u{ord(sign) - (0x10000 if ord(sign) > 0x7FFF else 0)}?" for sign in text)
    rtf = b"{\\rtf1\\ansi\\ansicpg932 " + letters.encode("ascii") + b"\\par"
    _put(share, "総務/連絡先.rtf", rtf + b"}", [a])
    _put(share, "broken/途中で切れた.rtf", rtf, [a], outcome="partial", problem="broken-part")
    _put(share, "総務/連絡先.odt", _odt(f"氏名：{b.name}　携帯：{b.mobile}"), [b])
    share.put("broken/壊れた.odt", _odt("報告書<"), outcome="partial", problem="broken-part")
    book = xlsx({"名簿": [["氏名", "電話"], [c.name, c.mobile]]})
    share.put("broken/途中で切れた.xlsx", book[: len(book) // 3], outcome="failed", problem="broken")
    deck = pptx([("報告", ["本文です。"], "", [])])
    share.put("broken/途中で切れた.pptx", deck[: len(deck) // 3], outcome="failed", problem="broken")
    _put(share, "broken/文字化けあり.csv", _list([d]) + b"\x81\xff\xfe\x80\r\n", [d])
    _put(share, "broken/文字化けあり.txt", f"氏名：{e.name}\n携帯：{e.mobile}\n".encode("cp932") + b"\x81\xff\xfe\x80", [e])
    _put(
        share,
        "broken/途中で切れた.json",
        f'[{{"氏名": "{f.name}", "携帯": "{f.mobile}"}}, {{"氏'.encode(),
        [f],
        outcome="partial",
        problem="broken-part",
    )
    _put(share, "broken/途中で切れた.html", f"<html><body><table><tr><th>氏名<th>携帯<tr><td>{g.name}<td>{g.mobile}".encode(), [g])
    letter = mail(
        "",
        "",
        "連絡先",
        f"氏名：{h.name}\n携帯：{h.mobile}\n",
        attachments=[("案内.zip", zipped([("案内.txt", "会場の案内です。".encode() * 40)]))],
    )
    _put(share, "broken/途中で切れた.eml", letter[: len(letter) - 160], [h], outcome="partial")


def _odt(text: str) -> bytes:
    space = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f"<office:document-content {space}><office:body><office:text><text:p>{text}</text:p></office:text></office:body></office:document-content>"
    return zipped([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", body.encode())])


def _tar(members: Sequence[Member], encoding: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT, encoding=encoding) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), _STAMP
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _sevenz(members: Sequence[Member], password: str | None = None) -> bytes:
    import py7zr

    out = io.BytesIO()
    with mock.patch("time.time", return_value=_STAMP), py7zr.SevenZipFile(out, "w", password=password) as archive:
        for name, content in members:
            archive.writestr(content, name)
    return out.getvalue()


def _parquet(group: Sequence[Person]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table({"氏名": [p.name for p in group], "電話番号": [p.mobile for p in group]}), out)
    return out.getvalue()
