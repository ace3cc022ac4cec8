"""The one catalogue of sentences for people, Japanese and English side by side (``locale/messages.toml``)."""

from __future__ import annotations

import locale
import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from piiscan.problems import ProblemKind

if TYPE_CHECKING:
    from piiscan.model import Location

__all__ = ["LANGUAGES", "detail_words", "detect_language", "form_of", "place_words", "say", "shown", "translated"]

LANGUAGES = ("ja", "en")

#: Which sentences of the catalogue (by how their keys begin) a sentence made elsewhere is looked for among; else those of its own section.
_AMONG = {"fault": ("fault.", "pydantic.", "toml.", "yaml.", "regex.", "system."), "readers": ("page.readers_",)}
#: A value with such a name, or with such a name and a number, is itself a sentence made elsewhere.
_NESTED = re.compile(r"(detail|fault|problem|readers|statement)\d*")
#: Parts of documents that have a name in every language; others are shown as they are called (a mail's ``Subject``).
_PARTS = {
    "body": "body",
    "html body": "body",
    "header": "header",
    "footer": "footer",
    "comment": "comments",
    "comments": "comments",
    "notes": "notes",
    "text box": "text_box",
    "docProps": "properties",
    "metadata": "properties",
    "properties": "properties",
    "property list": "properties",
    "authors": "authors",
    "sheet names": "sheet_names",
    "links": "links",
    "target": "links",
    "chart": "chart",
    "deleted text": "deleted_text",
    "form": "form",
    "card": "card",
    "calendar": "calendar",
}
_VALUE = re.compile(r"\{(\w+)\}")
_ONE_OR_MORE = re.compile(r"\{(\w+):([^|{}]+)\|([^|{}]+)\}")


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
    """The sentence ``section.key`` in ``lang``, filled in. ``{n:file|files}`` is the first word for 1, else the second.

    :raises KeyError: when the catalogue has no such sentence (a programmer's error).
    """
    return _numbered(_catalogue()[key][lang], values).format(**values)


def _numbered(text: str, values: Mapping[str, Any]) -> str:
    return _ONE_OR_MORE.sub(lambda m: m[2] if str(values[m[1]]) == "1" else m[3], text)


class _Form(NamedTuple):
    """An English sentence of the catalogue as what it looks like when it is filled in."""

    key: str
    look: re.Pattern[str]
    texts: Mapping[str, str]
    nested: Mapping[str, str]  # value -> the section it is a sentence of
    wordless: bool  # nothing but values and signs


def _form(key: str, texts: Mapping[str, str]) -> _Form:
    parts = _VALUE.split(texts["en"])
    nested = {name: found[1] for name in parts[1::2] if (found := _NESTED.fullmatch(name))}
    look = ""
    for i, part in enumerate(parts):
        if i % 2 == 0:
            look += re.escape(part.replace("{{", "{").replace("}}", "}"))
        elif f"(?P<{part}>" in look:
            look += f"(?P={part})"
        elif part.endswith("plural"):
            look += f"(?P<{part}>s?)"
        else:  # what stands before a sentence is as short as can be, so that the sentence is whole
            look += f"(?P<{part}>.+{'?' if nested.keys() & parts[i + 2 :: 2] else ''})"
    return _Form(key, re.compile(look, re.DOTALL), texts, nested, not any(ch.isalnum() for part in parts[::2] for ch in part))


@cache
def _forms(section: str) -> list[_Form]:
    """The sentences of a section, those with the most words of their own first."""
    if section == "problem":
        texts = {f"problem.{kind.word}": {"en": kind.en, "ja": kind.ja} for kind in ProblemKind}
        texts |= {f"problem.{kind.word}.todo": {"en": kind.todo_en, "ja": kind.todo_ja} for kind in ProblemKind}
    elif section == "statement":
        from piiscan.resources import read_yaml, recognizers_dir

        listed = read_yaml(recognizers_dir() / "context" / "statements.yaml")["statements"].values()
        texts = {f"statement.{one['name']}": {"en": one["name"], "ja": one["ja"]} for each in listed for one in each}
    else:
        among = _AMONG.get(section, (f"{section}.",))
        texts = {key: texts for key, texts in _catalogue().items() if key.startswith(among)}
    forms = [_form(key, texts) for key, texts in texts.items()]
    return sorted(forms, key=lambda form: -len(_VALUE.sub("", form.texts["en"])))


@lru_cache(maxsize=4096)
def _fitting(section: str, sentence: str) -> tuple[_Form, dict[str, str]] | None:
    """The form and its values: the one that holds most sentences that are known too, of these the one with most words."""
    best, most = None, -1
    for form in _forms(section):
        if match := form.look.fullmatch(sentence):
            values = match.groupdict()
            known = sum(_fitting(of, values[name]) is not None for name, of in form.nested.items())
            if known > max(most, 0 if form.wordless else -1):
                best, most = (form, values), known
    return best


def form_of(section: str, sentence: str) -> str | None:
    """The key of the catalogue's sentence that an English ``sentence`` was made of; ``None`` when the section has none like it."""
    found = _fitting(section, sentence)
    return found[0].key if found else None


@lru_cache(maxsize=4096)
def translated(section: str, sentence: str, lang: str) -> str:
    """An English ``sentence`` that was made elsewhere, in ``lang``; as it is where the section has none like it.

    What is stored, logged, raised and given to machines stays English; this is
    for the border to people. A value that is called ``detail``, ``fault``,
    ``problem``, ``readers`` or ``statement`` in the catalogue is a sentence of
    that section and given in ``lang`` too. Several lines are several sentences.
    """
    if lang == "en":
        return sentence
    if "\n" in sentence:
        return "\n".join(translated(section, line, lang) for line in sentence.split("\n"))
    found = _fitting(section, sentence)
    if found is None:
        return sentence
    form, values = found
    return form.texts[lang].format(**values | {name: translated(of, values[name], lang) for name, of in form.nested.items()})


def detail_words(kind: str, detail: str, lang: str) -> str:
    """The detail of a problem as people read it.

    :param kind: the problem's word. Of what is left out the detail is the user's own rule, which stays.
    """
    return detail if kind == ProblemKind.EXCLUDED.word else translated("detail", detail, lang)


def shown(text: str) -> str:
    r"""``text`` with everything that does not print, or turns the writing direction, made visible.

    >>> print(shown("a\u202egpj.exe"), shown("表\n紙"))
    a\u202egpj.exe 表\x0a紙
    """
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or unicodedata.category(ch) == "Zs" else _escaped(ch) for ch in text)


def _escaped(ch: str) -> str:
    code = ord(ch)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def place_words(place: Location, lang: str) -> str:
    """A place in a document as people say it: ``名簿 D列``, ``本文``, ``page 3``."""
    from piiscan.model import Cell, Column, Line, Page, Paragraph, Part, Slide, cell_name, column_name  # the command line starts without

    match place:
        case Line(n):
            return say("page.place_line", lang, number=f"{n:,}")
        case Page(n):
            return say("page.place_page", lang, number=f"{n:,}")
        case Paragraph(n):
            return say("page.place_paragraph", lang, number=f"{n:,}")
        case Slide(n):
            return say("page.place_slide", lang, number=f"{n:,}")
        case Part(name):
            return say(f"page.place_{_PARTS[name]}", lang) if name in _PARTS else name
        case Cell(sheet, row, column):
            return f"{sheet} {cell_name(row, column)}".strip()
        case Column(sheet, column):
            return f"{sheet} {say('page.place_column', lang, letters=column_name(column))}".strip()
