"""一太郎 documents (.jtd, .jtt): the text, as far as it can be reached without the maker's program.

The format is not published. Its OLE container keeps the body in a stream
``DocumentText``: UTF-16 big-endian, with commands of the layout in between.
Stretches that read as Japanese or Latin text are taken, the rest is left, and
the outcome always says that only text was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, properties, stream
from piiscan.extractors.segments import cut
from piiscan.extractors.text.plain import blocks
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "jtd"
MEDIA_TYPES = ("application/x-js-taro",)
SUFFIXES = (".jtd", ".jtt")
DOC = FormatDoc(
    description="Ichitaro documents",
    description_ja="一太郎文書",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=("the body's characters, with the text of tables and boxes that stand in it", "document properties"),
    sees_ja=(
        "本文の文字（本文中の表と枠の文字を含む）",
        "文書のプロパティ",
    ),
    limitations=(
        "the format is not published: text is recognised by its look, headers and drawings may be missed, so the outcome is always partial",
        "compressed documents (.jtdc, .jttc) and versions before 8 (.jsw, .jfw and older) are reported as unsupported",
    ),
    limitations_ja=(
        "形式が公開されていないため、文字は内容から見分けます。ヘッダーや図形を読み落とすことがあり、結果は常に「一部のみ」です",
        "圧縮された文書（.jtdc、.jttc）とバージョン8より前（.jsw、.jfw以前）は未対応と報告します",
    ),
    references=("olefile; observation of the stream",),
)

_TEXT = ("DocumentText", "Header", "Footer", "FootNote", "Endnote")
_PLAIN = r"\t\n\r -~¡-ÿΑ-ωА-я‐-‧‰-⁋₀-₉ℂ-⅋Ⅰ-ⅿ←-⇿∀-⋿①-⓿─-➾　-〿ぁ-ヿㇰ-ㇿ㈠-㋿㌀-㏿㐀-䶿一-鿿豈-﫿！-｠｡-ﾟ￠-￥𠀀-\U0003ffff"
_RUN = re.compile(rf"[{_PLAIN}]+")
_TELLING = re.compile(r"[ぁ-ゖァ-ヺー一-鿿0-9A-Za-z０-９Ａ-ｚ]")
_COMMON = re.compile(r"[ぁ-んァ-ヶ、。 -~\r\n　]")


def extract(reading: Reading) -> Iterator[Piece]:
    """The text streams, then properties."""
    if reading.size > reading.limits.xml_bytes:
        yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}")
        return
    found = False
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        for path in ole.listdir():
            if path[-1] in _TEXT and (text := _readable(stream(ole, path))):
                found = found or path[-1] == _TEXT[0]
                if path[-1] == _TEXT[0]:
                    yield from blocks(iter([text]))
                else:
                    yield from cut(Part(path[-1].lower()), text, Role.HEADER)
        yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
        yield from damaged(ole)
    if found:
        yield problem(ProblemKind.PART_NOT_READ, "Ichitaro document (一太郎文書): layout, drawings and objects")
    else:
        yield problem(ProblemKind.UNSUPPORTED, "Ichitaro document (一太郎文書)")


def _readable(data: bytes) -> str:
    """The stretches of text, each on a line of its own unless only a command stands between them."""
    best = max((data[start:][: len(data[start:]) // 2 * 2].decode("utf-16-be", "replace") for start in (0, 1)), key=_score)
    lines = [run.replace("\r\n", "\n").replace("\r", "\n") for run in _RUN.findall(best) if _TELLING.search(run)]
    return "\n".join(lines).strip()


def _score(text: str) -> int:
    return len(_COMMON.findall(text))
