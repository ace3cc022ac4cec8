"""Office documents behind a password: opened with the passwords of the settings, or reported as encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading
from piiscan.extractors.office.encrypted import decrypt_ole, is_encrypted_ole

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "is_encrypted_ole"]

NAME = "encrypted-office"
MEDIA_TYPES = ("application/x-tika-ooxml-protected", "application/x-ole-encrypted")
SUFFIXES = ()
DOC = FormatDoc(
    description="Office document with a password (docx, xlsx, pptx and the old doc, xls, ppt)",
    description_ja="パスワード付きOffice文書",
    engine="msoffcrypto-tool",
    sees=("the decrypted document, read as a file of its own, when a password of the settings opens it",),
    sees_ja=("設定のパスワードで開けた場合、復号した文書（別のファイルとして読みます）",),
    limitations=(
        "without its password nothing of it is seen; it is reported with its cipher",
        "documents under rights management (IRM) cannot be opened",
        "the decrypted document is held in memory while it is written to the spool",
    ),
    limitations_ja=(
        "パスワードがなければ中身は一切読めません。暗号方式を添えて報告します",
        "権限管理（IRM）で保護された文書は開けません",
        "復号した文書は、作業フォルダーに書き出すまでメモリーに置かれます",
    ),
    references=("[MS-OFFCRYPTO]",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The decrypted document as an embedded file, or the problem ``encrypted``."""
    yield decrypt_ole(reading)
