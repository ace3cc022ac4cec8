"""RAR archives of both generations (1.5 to 4, and 5)."""

from __future__ import annotations

import io
from collections.abc import Iterator

from piiscan.extractors.archive._libarchive import members_of, version
from piiscan.extractors.archive._rarcrypt import plain_rar
from piiscan.extractors.archive._volumes import Joined, volumes
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "rar"
MEDIA_TYPES = ("application/vnd.rar",)
SUFFIXES = (".rar",)
DOC = FormatDoc(
    description="RAR archive (1.5 to 4, and 5)",
    description_ja="RAR書庫",
    sees=(
        "members of every depth",
        "members and archives under a password of the settings",
        "names in Unicode and in Shift_JIS",
        "archives cut into volumes that lie beside each other",
        "what comes before the damage in a damaged archive",
    ),
    sees_ja=(
        "何段でも、すべてのファイル",
        "設定のパスワードで開けるファイルと書庫",
        "UnicodeとShift_JISのファイル名",
        "並べて置かれた分割書庫",
        "壊れた書庫の、破損箇所より前",
    ),
    limitations=(
        "of solid archives of RAR 1.5 to 4 only the first member is read, and what RAR before 2.9 compressed is not; both are reported",
        "members under an unknown password are reported by name; of RAR 3 and 4, passwords of up to 28 characters are tried",
        "comments are not read",
    ),
    limitations_ja=(
        "RAR 1.5～4のソリッド書庫は最初のファイルだけを読み、RAR 2.9より前の圧縮は読めません。どちらも報告します",
        "パスワードが不明なファイルは名前を示して報告します。RAR 3・4では28文字までのパスワードを試します",
        "コメントは読みません",
    ),
    references=("https://www.rarlab.com/technote.htm",),
    engine="libarchive; own decryption",
    engine_ja="libarchive、自前の復号",
    needs=("libarchive",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The members that are files."""
    parts = volumes(reading)
    with Joined(parts) if parts else reading.open() as file:
        source = io.BufferedReader(file) if isinstance(file, Joined) else file
        modern = source.read(8).startswith(b"Rar!\x1a\x07\x01")
        if reading.passwords and version() is not None:
            plain = plain_rar(source, reading.passwords, reading.budget.expired)
            if plain is not None:
                yield reading.spool(reading.name, plain)
                return
        source.seek(0)
        yield from members_of(reading, ("rar5",) if modern else ("rar",), cipher="AES-256" if modern else "AES-128", file=source)
