"""Who signs a letter, a note or a card with one name, and who is named behind what he said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_family, is_listed_family, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.variants import foreign_surnames, katakana, modern_forms
from piiscan.detect.names.words import name_words

__all__ = ["FREQUENT", "LISTED", "jointly", "signed"]

#: そうでした。　純: who signs behind what he wrote on a card with others.
_CARD = re.compile(r"[ ]{1,4}(?P<name>[々一-鿿豈-\ufaff]{1,4})[ \t]*(?=[\r\n]|\Z)")
_WIDE = re.compile(r"[ ]{2,4}(?=[一-鿿])")
_CARD_ENDS = frozenset("。!?♪☆)笑w")
#: 勇拝, 純.: who ends a letter so.
_SIGNED = re.compile(r"(?m)^[ \t]*(?P<name>[々一-鿿]{1,5}|[々一-鿿]{1,4}[ ][々一-鿿]{1,3}|[ぁ-ゖ]{2,4})(?:[ ]?拝|\.)[ \t]*\r?$")
#: 市立中央病院　消化器内科　星 昭　拝
_SIGNED_OF = re.compile(r"(?m)(?<=[科部課室院所係局][ ])(?P<name>[々一-鿿]{1,4}[ ][々一-鿿ぁ-ゖ]{1,4})[ ]?拝[ \t]*\r?$")
_SIGNED_LEAST = 0.8
#: 次回調整　七五三掛記: who wrote a note.
_RECORDED = re.compile(r"記[ \t]*(?:[\r\n]|\Z)")
_WRITTEN = re.compile(r"(?<=[ ])(?P<name>[々〆ヶ一-鿿豈-\ufaff]{2,4})記(?=[ \t]*(?:[\r\n]|\Z))")
#: A family name alone in the last line, below a sentence.
_LAST = re.compile(
    r"\n(?:(?<=[。!?)]\n)|(?<=[。!?)]\r\n))[ \t]*(?:\r?\n)?[ \t]*(?P<name>[々一-鿿豈-\ufaff]{1,4}|[ァ-ヺー]{2,6})[ \t]*(?=\r?\n[ \t]*(?:\r?\n|[-=_>*])|\s*\Z)"
)
#: Best regards, / Shinobu
_GREETED = re.compile(
    r"(?im)^[ \t>]*(?:best(?: regards| wishes)?|(?:kind |warm )?regards|thanks|thank you|many thanks|sincerely(?: yours)?|yours sincerely|cheers)[,.!]?[ \t]*\r?\n(?:[ \t>]*\r?\n)?[ \t>]*(?-i:(?P<name>[A-Z][a-z]{1,14}))[ \t]*(?=[\r\n]|\Z)"
)
#: （青木 れん）: who said it.
_QUOTED = re.compile(r"\((?P<name>[々一-鿿]{1,4}[ ][ぁ-ゖ]{2,4})\)")
#: Below 遠藤　奈々　様: 　　　律　様, who has the same family name; the line above, whole.
_BELOW = re.compile(r"\n(?P<indent>[ ]{1,16})(?P<name>[々一-鿿ぁ-ゖァ-ヺー]{1,4})(?P<title>[ ]{0,3}(?:様|殿|さま))?[ \t]*(?=\r?\n|\Z)")
_ABOVE = re.compile(
    r"(?P<indent>[ ]{0,16})(?P<name>[々〆ヶ一-鿿豈-\ufaff]{1,4}[ ]{1,3}[々一-鿿ぁ-ゖァ-ヺー]{1,4}?)(?P<title>[ ]{0,3}(?:様|殿|さま))?[ \t]*\r?"
)
_WHOLE: Final = 0.9
#: The rank of a frequent given name.
_OFTEN_GIVEN: Final = 2
#: A surname of so many is frequent.
FREQUENT = 8000
#: From this probability on a text that stands alone is a name.
LISTED = 0.95
#: A surname of so many is one that signs.
_SIGNER = 1_000
#: From this probability on one word in Latin letters is a name.
_ONE_LATIN = 0.3


def signed(text: str, gaps: Iterable[tuple[int, int]]) -> Iterator[RuleSpan]:
    """Who ends a letter or a note with one name, and who is named in brackets behind what he said."""
    lex = lexicon()
    if "拝" in text or ".\n" in text or ".\r" in text or text.endswith("."):
        for match in _SIGNED.finditer(text):
            name = match["name"]
            kana = name[0] < "ァ" and katakana(name) in lex.given_readings and match.group().rstrip().endswith("拝")
            if kana or lex.given.get(modern_forms(name)) or is_family(name) or judge(name).score >= LISTED:
                yield RuleSpan(*match.span("name"), 0.9, "title of a signature, a name")
    if "拝" in text:
        for match in _SIGNED_OF.finditer(text):
            if judge(match["name"]).score >= _SIGNED_LEAST:
                yield RuleSpan(*match.span("name"), 0.9, "title of a signature, a name")
    if _RECORDED.search(text):
        for match in _WRITTEN.finditer(text):
            if is_listed_family(match["name"]) or (is_family(match["name"]) and bearers(match["name"]) >= _SIGNER):
                yield RuleSpan(*match.span("name"), 0.8, "title of a signature, surname list")
    if "\n" in text and not text.isascii():
        for match in _LAST.finditer(text):
            name = match["name"]
            borne = lex.surnames.get(modern_forms(name), 0)
            listed = (
                borne >= (_SIGNER if len(name) > 1 else FREQUENT) or name in foreign_surnames() or (name in lex.foreign and len(name) > 2)
            )
            headed = is_place(name) and text[match.end() :].strip()  # what goes on below a place's name is about it
            if listed and not headed and name not in name_words().nobody and judge(name).why not in {"a word", "no person"}:
                yield RuleSpan(*match.span("name"), 0.8, "title of a signature, surname list")
    if "est" in text or "egards" in text or "hank" in text or "incerely" in text or "heers" in text:
        for match in _GREETED.finditer(text):
            if judge(match["name"]).score >= _ONE_LATIN:
                yield RuleSpan(*match.span("name"), 0.8, "title of a signature, a name")
    wide = (match.start() - 1 for match in _WIDE.finditer(text)) if "  " in text else ()
    ends = [start for start in (*(start for start, _ in gaps), *wide) if start >= 0 and text[start] in _CARD_ENDS]
    card = [signed for start in ends if (signed := _CARD.match(text, start + 1)) and _could_sign(signed["name"])]
    if len(card) > 1:
        yield from (RuleSpan(*signed.span("name"), 0.85, "title of a signature, a name") for signed in card)
    if " " in text and "(" in text:
        for match in _QUOTED.finditer(text):
            family, _, given = match["name"].partition(" ")
            if is_family(family) and katakana(given) in lex.given_readings:
                yield RuleSpan(*match.span("name"), 0.97, "surname list + given-name list")


def jointly(text: str) -> Iterator[RuleSpan]:
    """Given names below the whole one of a family, indented and with its title or, as it, without: those to whom or by whom one letter is."""
    lex = lexicon()
    last: tuple[int, int, bool] | None = None  # where such a line ended, its indent, whether it has a title
    for match in _BELOW.finditer(text):
        name, titled = match["name"], match["title"] is not None
        start = text.rfind("\n", 0, match.start()) + 1
        above = _ABOVE.fullmatch(text, start, match.start())
        if above is not None and judge(above["name"]).score >= _WHOLE:
            last = (match.start(), len(above["indent"]), above["title"] is not None)
        if last is None or last[0] != match.start() or last[1] >= len(match["indent"]) or last[2] != titled:
            continue
        known = lex.given.get(modern_forms(name), 0)
        if titled and not known and katakana(name) not in lex.given_readings:
            continue
        if not titled and known != _OFTEN_GIVEN:
            continue  # 記, 以上 below whom a letter is to
        last = (match.end(), last[1], titled)
        yield RuleSpan(*match.span("name"), 0.85, "title of a signature, given-name list")


def _could_sign(name: str) -> bool:
    lex = lexicon()
    borne = lex.surnames.get(modern_forms(name), 0)
    return (borne >= (_SIGNER if len(name) > 1 else FREQUENT) or bool(lex.given.get(name))) and name not in lex.not_names
