"""Pages of rows: walked to through an index, cut to their size, and continued by the key of their last row."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select

__all__ = ["WINDOWS", "Page", "cut", "key_text", "read_key", "walk"]

_Row = TypeVar("_Row")

#: Rows of an index that one page looks at, in windows that grow.
WINDOWS = (500, 4_500, 30_000)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows, and where to go on: ``next`` is given as ``after``; empty at the end."""

    rows: tuple[_Row, ...]
    next: str = ""


def walk(
    connection: Connection,
    window: Select[Any],
    length: int,
    joined: Any,
    beyond: Any,
    key_of: Any,
    size: int,
    key: tuple[Any, ...],
    row_after: Any = None,
    windows: Sequence[int] = WINDOWS,
) -> tuple[Sequence[Any], tuple[Any, ...]]:
    """Rows of ``window`` that the joined query lets through, until a page is full or the budget is spent.

    :param window: the index to walk, ordered; its first ``length`` columns are the key.
    :param joined: makes the query of a part of the window.
    :param beyond: the condition on the window for what comes after a key.
    :param row_after: the same on the rows, where the window's first row may hold rows before the key.
    :param windows: rows to look at, step by step; together the budget.
    :return: the rows, and the key to go on from; no key at the end.
    """
    found: list[Any] = []
    at = key
    for step in windows:
        if step < size and step != windows[-1]:
            continue
        part = (window.where(beyond(at)) if at else window).limit(step)
        inner = part.subquery()
        query = joined(inner)
        if row_after is not None and at and (more := row_after(at)) is not None:
            query = query.where(more)
        found += connection.execute(query.limit(size + 1 - len(found))).all()
        if len(found) > size:
            return found[:size], key_of(found[size - 1])
        # the window's last row: where to go on; none when it came to the end
        last = connection.execute(part.limit(1).offset(step - 1)).first()
        if last is None:
            return found, ()
        at = tuple(last)[:length]
    return found, at


def cut(rows: Sequence[Any], size: int, key_of: Any) -> tuple[Sequence[Any], tuple[Any, ...]]:
    return (rows[:size], key_of(rows[size - 1])) if len(rows) > size else (rows, ())


def key_text(tag: str, parts: Iterable[Any]) -> str:
    parts = list(parts)
    return (
        base64.urlsafe_b64encode(json.dumps([tag, *parts], ensure_ascii=False).encode("utf-8", "surrogatepass")).decode() if parts else ""
    )


def read_key(text: str, tag: str, length: int) -> list[Any]:
    if not text:
        return []
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode("ascii")).decode("utf-8", "surrogatepass"))
    except (ValueError, binascii.Error):
        found = None
    # a walk through files that stopped between two of them has no finding in its key
    fits = isinstance(found, list) and found[:1] == [tag] and len(found) - 1 in {length, length - (tag == "fpath")}
    if not fits or not all(isinstance(part, int | str) for part in found):
        raise ValueError("not the key of a page of this order")
    return list(found[1:])
