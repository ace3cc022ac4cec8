"""``/settings``: what this piiscan is set to. Nothing secret stands here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from piiscan.web.visit import Visit

__all__ = ["rows_of", "show"]

#: Names of what is secret, or may hold a secret (a webhook's address is its password).
_SECRET = re.compile(r"password(?!_env|_file)|token(?!_env|_file)|secret|fingerprint|^url$")


def show(visit: Visit) -> Response:
    """Every setting with its value."""
    site = visit.site
    return visit.render(
        "settings.html",
        rows=[row for row in rows_of(site.settings) if row[0] != "inventory"],  # stands above, without its password
        inventory=site.inventory.name,
        rules=len(site.catalogue.rules),
        hidden=SET,
    )


#: Stands for a value that is not shown.
SET = object()


def rows_of(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any, bool, str]]:
    """``(key, value, whether it is the default, description)`` of everything that can be set; secrets are :data:`SET`."""
    for name, info in type(model).model_fields.items():
        value, key = getattr(model, name), f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from rows_of(value, f"{key}.")
        elif isinstance(value, tuple) and value and all(isinstance(one, BaseModel) for one in value):
            for i, one in enumerate(value, 1):
                yield from rows_of(one, f"{key}[{i}].")
        else:
            default = value == info.get_default(call_default_factory=True)
            secret = bool(_SECRET.search(name)) or info.repr is False
            yield key, SET if secret and value else _plain(value), default, info.description or ""


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} = {one}" for name, one in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
