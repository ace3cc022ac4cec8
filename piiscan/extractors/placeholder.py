"""Files that only stand for others in a cloud: iCloud's stubs and the links of Google Drive. Reported, never fetched.

Placeholders of OneDrive, Dropbox and other file systems are seen by their attributes, in :mod:`piiscan.sources.local`.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.problems import ProblemKind

__all__ = ["DOC", "GOOGLE", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

#: suffixes of Google Drive's links to documents that exist only there
GOOGLE = (".gdoc", ".gsheet", ".gslides", ".gform", ".gdraw", ".gtable", ".gsite", ".gmap", ".gjam", ".gscript")

NAME = "placeholder"
MEDIA_TYPES = ()
SUFFIXES = (".icloud", *GOOGLE)
DOC = FormatDoc(
    description="Placeholder of a file that lies in a cloud (iCloud, Google Drive)",
    description_ja="クラウド上のファイルの代わりに置かれた印（iCloud、Googleドライブ）",
    sees=("that the content is not here",),
    sees_ja=("中身がここにないこと",),
    limitations=("the file in the cloud is not fetched",),
    limitations_ja=("クラウドにあるファイルは取りに行きません",),
    references=("https://eclecticlight.co/2023/06/22/icloud-drive-dataless-files/",),
    engine="own reader",
    engine_ja="自前の読み取り",
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The problem that says so."""
    yield problem(ProblemKind.PLACEHOLDER, "iCloud" if reading.name.lower().endswith(".icloud") else "Google Drive")
