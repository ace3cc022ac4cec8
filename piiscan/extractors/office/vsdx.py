"""Visio drawings since 2013 (.vsdx): texts of shapes page by page, and what the package holds beside them."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._opc import LOCAL, Element, Package, Rel, document_properties, link_targets
from piiscan.extractors.segments import cut
from piiscan.model import Page, Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "vsdx"
MEDIA_TYPES = ("application/vnd.ms-visio.drawing", "application/vnd.visio")
SUFFIXES = (".vsdx", ".vsdm", ".vssx", ".vstx")
DOC = FormatDoc(
    description="Visio drawing (Open Packaging Conventions)",
    description_ja="Visio図面",
    engine="lxml",
    sees=("texts and data fields of shapes on every page and master", "comments, link targets, document properties", "embedded files"),
    sees_ja=(
        "全ページとマスターの図形の文字とデータ項目",
        "コメント、リンク先、文書のプロパティ",
        "埋め込みファイル",
    ),
    limitations=("SVG drawings are not read", "Visio 2010 and older (.vsd) need the extra `tika`"),
    limitations_ja=(
        "SVGの図は読みません",
        "Visio 2010以前（.vsd）には拡張 `tika` が必要です",
    ),
    references=("[MS-VSDX]",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """Pages in the order of their parts' numbers, then masters, comments and properties."""
    package = Package.open(reading)
    if not isinstance(package, Package):
        yield package
        return
    with package:
        links: list[tuple[str, Rel]] = []
        pages = package.parts("visio/pages/page")
        pages = [part for part in pages if not part.casefold().endswith("/pages.xml")]
        seen = False
        for number, part in enumerate(pages, 1):
            if number > reading.limits.pages:
                yield problem(ProblemKind.LIMIT, f"limits.pages = {reading.limits.pages}")
                break
            root = package.root(part)
            for piece in cut(Page(number), "\n".join(_texts(root)) if root is not None else ""):
                seen = True
                yield piece
            for rel in package.rels(part).values():
                if rel.external:
                    links.append((part, rel))
                elif rel.kind in {"oleObject", "package"}:
                    yield from package.embed(rel.target)
            yield from package.take_faults()
        masters: dict[str, None] = {}
        for part in package.parts("visio/masters/master"):
            root = package.root(part)
            masters.update(dict.fromkeys(_texts(root) if root is not None else ()))
        yield from cut(Part("master"), "\n".join(masters), Role.HEADER)
        comments = package.root("visio/comments.xml") if package.has("visio/comments.xml") else None
        if comments is not None:
            entries = [element.text or "" for element in comments.iter("{*}CommentEntry")]
            authors = [element.get("Name") or "" for element in comments.iter("{*}AuthorEntry")]
            yield from cut(Part("comments"), "\n".join(entries), Role.COMMENT)
            yield from cut(Part("authors"), "\n".join(authors), Role.METADATA)
        yield from link_targets(links)
        yield from document_properties(package)
        yield from package.take_faults()
        yield from package.pictures("visio/media/", seen=seen)


def _texts(root: Element) -> Iterator[str]:
    """Text of each shape, and the values of its data fields (section ``Property``, [MS-VSDX] 2.2.5.4)."""
    for element in root.iter("{*}Text", "{*}Section"):
        if LOCAL[element.tag] == "Text":
            text = "".join(str(part) for part in element.itertext()).strip()
            if text:
                yield text
        elif element.get("N") == "Property":
            for row in element:
                cells = {cell.get("N"): cell.get("V") or "" for cell in row}
                if cells.get("Value"):
                    yield f"{cells.get('Label') or row.get('N') or ''}: {cells['Value']}"
