"""The one catalogue of sentences for people, Japanese and English side by side (``locale/messages.toml``)."""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "detect_language", "say"]

LANGUAGES = ("ja", "en")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "locale" / "messages.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {f"{section}.{key}": texts for section, entries in sections.items() for key, texts in entries.items()}


def detect_language(environment: Mapping[str, str] | None = None) -> str:
    """``"ja"`` under a Japanese locale (or ``PIISCAN_LANG=ja``), else ``"en"``."""
    environment = os.environ if environment is None else environment
    for name in ("PIISCAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return "ja" if value.lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def say(key: str, lang: str, **values: Any) -> str:
    """The sentence ``section.key`` in ``lang``, filled in.

    :raises KeyError: when the catalogue has no such sentence (a programmer's error).
    """
    return _catalogue()[key][lang].format(**values)
