"""The one catalogue of sentences for people, Japanese and English side by side (``locale/messages.toml``)."""

from __future__ import annotations

import locale
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "detect_language", "say", "translated"]

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


@cache
def _forms(section: str) -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """The English sentences of a section as patterns with a group for each value, the most definite first."""
    texts = [texts for key, texts in _catalogue().items() if key.startswith(section + ".")]
    texts.sort(key=lambda of: (of["en"].count("{"), -len(of["en"])))
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(of["en"])), re.DOTALL), of) for of in texts]


def translated(section: str, sentence: str, lang: str) -> str:
    """An English ``sentence`` that was filled in elsewhere, in ``lang``; as it is when the section has none like it."""
    if lang != "en":
        for form, texts in _forms(section):
            if match := form.fullmatch(sentence):
                return texts[lang].format(**match.groupdict())
    return sentence
