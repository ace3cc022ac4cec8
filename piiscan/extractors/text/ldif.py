"""Exports of directories (LDIF): an entry is a row, under the names that people have for the attributes."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading
from piiscan.extractors.segments import table_of
from piiscan.extractors.text.encodings import decode
from piiscan.extractors.text.plain import open_text
from piiscan.model import Part, Role, Segment

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "ldif"
MEDIA_TYPES = ("text/x-ldif",)
SUFFIXES = (".ldif", ".ldi")
DOC = FormatDoc(
    description="Exports of LDAP directories (LDIF)",
    description_ja="LDAPディレクトリの書き出し（LDIF）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("attributes of every entry, also those in base64", "comments", "certificates and photographs (read as files of their own)"),
    sees_ja=(
        "全エントリーの属性（base64のものを含む）",
        "コメント",
        "証明書と写真（別のファイルとして読みます）",
    ),
    limitations=("values that a URL points to (attribute:< …) are not fetched",),
    limitations_ja=("URLが指す値（属性:< …）は取りに行きません",),
    references=("RFC 2849",),
)

_ENTRIES = 1_000
_LABELS = {
    "cn": "氏名", "displayname": "表示名", "sn": "姓", "givenname": "名", "mail": "メールアドレス", "telephonenumber": "電話番号", "mobile": "携帯電話",
    "homephone": "自宅電話", "facsimiletelephonenumber": "FAX", "postaladdress": "住所", "homepostaladdress": "自宅住所", "street": "番地",
    "l": "市区町村", "st": "都道府県", "postalcode": "郵便番号", "employeenumber": "社員番号", "title": "役職", "o": "会社名", "ou": "部署",
    "uid": "ユーザーID", "userpassword": "パスワード", "description": "備考", "manager": "上司",
}  # fmt: skip
#: How a name is read stands under an option of its attribute (cn;lang-ja;phonetic), or, in Active Directory, under one of its own.
_READINGS = {
    "cn": "氏名カナ", "displayname": "氏名カナ", "sn": "姓カナ", "givenname": "名カナ", "msds-phoneticdisplayname": "氏名カナ", "msds-phoneticlastname": "姓カナ",
    "msds-phoneticfirstname": "名カナ",
}  # fmt: skip
_DULL = frozenset(
    {"objectclass", "changetype", "entryuuid", "entrycsn", "createtimestamp", "modifytimestamp", "structuralobjectclass", "version"}
)
_FILES = frozenset({"jpegphoto", "thumbnailphoto", "photo", "usercertificate", "usersmimecertificate", "audio"})


def extract(reading: Reading) -> Iterator[Piece]:
    """The entries as tables, then comments."""
    entries: list[dict[str, str]] = []
    entry: dict[str, str] = {}
    comments: list[str] = []
    tables = 0
    for line in _unfolded(open_text(reading)):
        if line.startswith("#"):
            if len(comments) < _ENTRIES and line[1:].strip():
                comments.append(line[1:].strip())
        elif line:
            name, _, value = line.partition(":")
            name, _, options = name.partition(";")
            name = _read_so(name.strip(), options)
            data = b""
            if value.startswith(":"):
                data = _base64(value[1:].strip())
                value = ""
            if data and name.lower() in _FILES:
                suffix = ".jpg" if data.startswith(b"\xff\xd8") else ".bin"
                yield reading.spool(name + suffix, data)
                continue
            _put(entry, name, decode(data)[0] if data else value.strip())
        elif entry:
            entries.append(entry)
            entry = {}
            if len(entries) >= _ENTRIES:
                tables += 1
                yield table_of(f"ディレクトリ{tables}", entries)
                entries = []
    if entry:
        entries.append(entry)
    if entries:
        yield table_of(f"ディレクトリ{tables + 1}", entries)
    if comments:
        yield Segment(Part("comments"), "\n".join(comments), role=Role.COMMENT)


def _unfolded(chunks: Iterator[str]) -> Iterator[str]:
    """Lines; one that begins with a space goes on with the line before."""
    held: str | None = None
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split("\n")
        for line in lines:
            if line.startswith(" ") and held:
                held += line[1:]
                continue
            if held is not None:
                yield held
            held = line
    if rest.startswith(" ") and held:
        held, rest = held + rest[1:], ""
    yield held or ""
    yield rest


def _read_so(name: str, options: str) -> str:
    """An attribute, or the header of the reading that it holds."""
    low = name.lower()
    return _READINGS.get(low, name) if low.startswith("msds-phonetic") or "phonetic" in options.lower().split(";") else name


def _put(entry: dict[str, str], name: str, value: str) -> None:
    if not value or name.lower() in _DULL:
        return
    label = _LABELS.get(name.lower(), name)
    if label not in entry:
        entry[label] = value
    elif value not in entry[label]:
        entry[label] += f", {value}"


def _base64(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text.replace(" ", ""))
    except (binascii.Error, ValueError):
        return b""
