"""OLE containers that are no document of a known program: what is packed into one is taken out and read.

Objects that Office, Outlook and others embed lie in such a container: a whole
file (``Package``, ``CONTENTS``), or the file that someone dragged into a
document (``Ole10Native``).
"""

from __future__ import annotations

from collections.abc import Iterator

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, properties, stream
from piiscan.extractors.office._opc import cut, ole10native
from piiscan.model import Part, Role
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "ole-object"
MEDIA_TYPES = ("application/x-ole-storage",)
SUFFIXES = (".bin", ".ole")
DOC = FormatDoc(
    description="OLE containers around an embedded file",
    description_ja="OLEコンテナー（埋め込みオブジェクト）",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=("the file that is packed into it", "document properties"),
    sees_ja=(
        "中に収められたファイル",
        "文書のプロパティ",
    ),
    limitations=("a container of an unknown program is reported as unsupported",),
    limitations_ja=("不明なプログラムのものは未対応と報告します",),
    references=("[MS-CFB]", "[MS-OLEDS]"),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside, then the properties."""
    packed = False
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        for name in ("Package", "CONTENTS", "\x01Ole10Native"):
            data = stream(ole, name)
            if not data:
                continue
            packed = True
            label = name.strip("\x01")
            if name == "\x01Ole10Native":
                try:
                    label, data = ole10native(data, label)
                except ValueError:
                    yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "Ole10Native", label)
                    continue
            yield reading.spool(label, data)
        yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
        yield from damaged(ole)
    if not packed:
        yield problem(ProblemKind.UNSUPPORTED if reading.depth == 0 else ProblemKind.PART_NOT_READ, "OLE container")
