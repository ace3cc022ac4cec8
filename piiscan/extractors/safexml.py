"""How every XML parser here is made: nothing in a file may fetch, include or expand anything."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["LENIENT", "SAFE"]

SAFE: Final[dict[str, Any]] = {"resolve_entities": False, "no_network": True, "load_dtd": False}

#: For parts of packages: damaged ones are read as far as they go; comments and instructions are nobody's text.
LENIENT: Final[dict[str, Any]] = {
    **SAFE,
    "recover": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
    "huge_tree": False,
}
