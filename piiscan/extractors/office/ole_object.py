"""OLE containers that are no document of a known program: what is packed into one is taken out and read.

Objects that Office, Outlook and others embed lie in such a container: a whole
file (``Package``, ``CONTENTS``), or the file that someone dragged into a
document (``Ole10Native``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, properties, stream
from piiscan.extractors.office._opc import ole10native
from piiscan.extractors.segments import cut
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
    sees=("the file that is packed into it", "the text of its preview", "document properties"),
    sees_ja=(
        "中に収められたファイル",
        "表示用の図にある文字",
        "文書のプロパティ",
    ),
    limitations=("of a container of an unknown program only the preview is read, and it is reported; formulas and macros are not read",),
    limitations_ja=("不明なプログラムのものは表示用の図の文字だけを読み、そのことを報告します。数式とマクロは読みません",),
    references=("[MS-CFB]", "[MS-OLEDS]"),
)

_PREVIEWS = ("\x02OlePres", "\x03EPRINT", "\x03META")
_METAFILE = re.compile(rb"\x01\0\0\0.{36} EMF|\x01\0\x09\0\0[\x01\x03]", re.DOTALL)
_PREVIEW_HEAD = 4096  # bytes in which the metafile begins
#: streams of what holds no text of a person's: a formula, and macros, which are not read anywhere
_NO_TEXT = frozenset({"equation native", "_vba_project"})


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside, then the properties."""
    packed = False
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        for name in ("Package", "package_stream", "CONTENTS", "\x01Ole10Native"):
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
        shown = False
        if not packed:
            for name, preview in _previews(ole):
                shown = True
                yield reading.spool(name, preview)
        yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
        yield from damaged(ole)
        streams = {path[-1].casefold() for path in ole.listdir() if ole.get_size(path)}
    if packed or not streams or streams & _NO_TEXT:
        return
    told = "OLE container; only its preview was read" if shown else "OLE container"
    yield problem(ProblemKind.UNSUPPORTED if reading.depth == 0 else ProblemKind.PART_NOT_READ, told)


def _previews(ole: Any) -> Iterator[tuple[str, bytes]]:
    """The metafiles by which other programs show an object ([MS-OLEDS] 2.3.4), with names for people."""
    for path in ole.listdir():
        if path[-1].startswith(_PREVIEWS):
            data = stream(ole, path)
            if found := _METAFILE.search(data[:_PREVIEW_HEAD]):
                yield path[-1].strip("\x01\x02\x03"), data[found.start() :]
