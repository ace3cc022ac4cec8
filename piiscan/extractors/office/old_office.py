"""Office files that nothing else here reads: Visio before 2013, Publisher, Project, OneNote, WordPerfect and the like.

Apache Tika reads them, compiled to a native library by ``extractous`` and run
inside the worker like every other engine. It is large (some 45 MB to
download), so it is an extra; without it such a file is reported as unsupported
by the name of its format. It is given a file, never a URL, and no programs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.engines import engine, missing
from piiscan.extractors.identify import identify
from piiscan.extractors.segments import cut
from piiscan.extractors.text.plain import blocks
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "no_programs"]

NAME = "old-office"
MEDIA_TYPES = (
    "application/vnd.visio",
    "application/x-mspublisher",
    "application/vnd.ms-project",
    "application/onenote",
    "application/vnd.wordperfect",
    "application/vnd.ms-htmlhelp",
    "application/x-hwp",
    "application/x-quattro-pro",
)
SUFFIXES = (".vsd", ".pub", ".mpp", ".one", ".wpd", ".chm", ".hwp", ".qpw")
DOC = FormatDoc(
    description="Visio before 2013, Publisher, OneNote, WordPerfect, Hangul, Quattro Pro, compiled help",
    description_ja="旧Visio・Publisher・OneNote・WordPerfectなど",
    engine="extractous (Apache Tika)",
    sees=("the text that Apache Tika finds, embedded files included", "author, title and other properties"),
    sees_ja=(
        "Apache Tikaが取り出す文字（埋め込みファイルを含む）",
        "作成者、題名などのプロパティ",
    ),
    limitations=(
        "without the extra these files are reported as unsupported, by the name of their format",
        "positions inside the document are lines of the extracted text",
        "of Project plans only the properties are read, and the outcome says so",
        "embedded files come as part of the text, not as members of their own",
        "pictures in them are not read",
        "Tika writes objects inside such a file to the system's temporary folder while it reads them and removes them; a worker that is killed meanwhile leaves one behind",
    ),
    limitations_ja=(
        "拡張がなければ、形式名を示して未対応と報告します",
        "文書内の位置は、取り出した文字の行番号です",
        "Projectの計画はプロパティだけを読み、そのように報告します",
        "埋め込みファイルは独立したファイルではなく本文の一部として読みます",
        "中の画像は読みません",
        "Tikaは読み取り中、中のオブジェクトをシステムの一時フォルダーに書き出し、後で消します。途中で強制終了された場合は一つ残ることがあります",
    ),
    needs=("extractous",),
    references=("https://tika.apache.org/", "https://github.com/yobix-ai/extractous"),
)

_MOST = 64 * 1024**2  # characters
_TELLING = (
    "dc:title", "dc:subject", "dc:creator", "dc:description", "meta:keyword", "cp:category", "cp:subject", "meta:last-author", "extended-properties:Company",
    "extended-properties:Manager", "Message-From", "w:Comments", "comment", "Author", "initial-creator",
)  # fmt: skip


def extract(reading: Reading) -> Iterator[Piece]:
    """The text as lines, then the properties."""
    what = identify(reading.path, reading.name).detected
    if engine("extractous").probe() is None:
        fault = missing("extractous")
        yield replace(fault, detail=f"{what}; {fault.detail}")
        return
    from extractous import Extractor

    try:
        with no_programs(), reading.private_path() as path:
            text, facts = Extractor().set_extract_string_max_length(_MOST).extract_file_to_string(str(path))
    except Exception as error:  # noqa: BLE001 -- the native library raises one class for all that a file does to it
        yield problem(ProblemKind.BROKEN, f"{what}: {type(error).__name__}")
        return
    if text.strip():
        yield from blocks(iter([text.replace("\r\n", "\n").replace("\r", "\n")]))
    yield from cut(Part("docProps"), "\n".join(_properties(facts)), Role.METADATA)
    if len(text) >= _MOST:
        yield problem(ProblemKind.LIMIT, f"{_MOST} characters of text")
    if not text.strip():
        yield problem(ProblemKind.PART_NOT_READ, f"{what}: no text found in it")


@contextlib.contextmanager
def no_programs() -> Iterator[None]:
    """Tika looks for Tesseract on the search path and would hand it every picture; meanwhile the path leads nowhere."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.path.join(os.path.dirname(__file__), "no-programs")  # noqa: PTH118, PTH120 -- a name, not a place
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def _properties(facts: Any) -> Iterator[str]:
    seen: set[str] = set()
    for key in _TELLING:
        for value in facts.get(key, ()) if isinstance(facts, dict) else ():
            if str(value).strip() and str(value) not in seen:
                seen.add(str(value))
                yield f"{key}: {value}"
