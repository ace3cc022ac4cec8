"""What the eighth stranger's files taught: each kind with its counter-examples."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Part, Record, Segment, Table


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit()


def _found(records: list[Record], entity: str) -> list[str]:
    return [hit.value for record in records for hit in record.hits if hit.entity == entity]


@pytest.fixture
def names(kit: Kit):
    def read(text: str) -> list[str]:
        document = Document(kit, "file.txt")
        return _found([*document.feed(Segment(Part("body"), text)), *document.finish()], "PERSON")

    return read


@pytest.fixture
def sheet(kit: Kit):
    def read(*lines: str, entity: str = "PERSON", name: str = "list.xlsx") -> list[str]:
        document = Document(kit, name)
        table = Table("Sheet1", [tuple(line.split("|")) for line in lines])
        records = [*document.feed(table), *document.finish()]
        return [hit.value for record in records for hit in record.hits if hit.entity.startswith(entity)]

    return read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("お世話になっております。\n総務部の林です。\n先日の件、確認しました。", "林"),
        ("お疲れ様です。谷です。\n明日の会議の件です。", "谷"),
        ("いつもお世話になっております、みやま商事の八ッ橋です。", "八ッ橋"),
        ("市長に対し、杉本文化課長は「適正である」と答えた。", "杉本"),
        ("雪ノ下課長\n\n総務の田中です。", "雪ノ下"),
        ("　配偶者　岡香織様", "岡香織"),
        ("同僚の大村と食事に行った。", "大村"),
        ("林に確認済み。", "林"),
        ("黒木まで電話してください。", "黒木"),
        ("児童福祉司 松本 が指導。", "松本"),
        ("師長 宮原 コメント：業務量の見直しも必要。", "宮原"),
    ],
)
def test_what_is_said_around_a_name_gives_it_away(names, text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "お疲れ様です。快晴です。",
        "お世話になっております。幸いです。",
        "福岡営業部長と会う",
        "第1条　甲は乙に対し、金　　　　円を貸し付けた。",
        "　　　　原　　　　告",
        "若葉の候　皆様にはますますご清栄のことと",
        "坊っちゃん",
        "キーマンは部長とのこと",
        "警察に連絡した。",
        "大根、小麦、大豆",
    ],
)
def test_words_that_look_like_names_are_none(names, text: str) -> None:
    assert names(text) == []


def test_some_who_are_counted_and_who_comes_on_which_day(names) -> None:
    assert names("田中・福田・黒木の三名で訪問。") == ["田中", "福田", "黒木"]
    assert names("大阪・京都・神戸の三つの支店") == []


def test_people_among_firms_are_told_by_whole_names(sheet) -> None:
    lines = (
        "得意先コード|得意先名称|締日",
        "1|北斗精機株式会社|末",
        "2|山本商店|末",
        "3|石橋 秀夫|20",
        "4|茂木蓮|20",
        "5|森田クリニック|末",
    )
    assert sheet(*lines) == ["石橋 秀夫", "茂木蓮"]
    assert sheet("得意先コード|得意先名称|締日", "1|本田技研|末", "2|松下電器|末", "3|高島屋|20") == []


def test_an_account_held_by_a_firm_is_nobodys(sheet) -> None:
    head = "支払先|銀行|支店|種別|口座番号|口座名義"
    firms = ("北斗精機株式会社|みずほ銀行|新宿支店|普通|6628311|ｶ)ﾎｸﾄｾｲｷ", "㈲高田設備|横浜銀行|本店|当座|6801581|ﾕ)ﾀｶﾀﾞｾﾂﾋﾞ")
    person = "佐藤 健一|みずほ銀行|新宿支店|普通|6801582|ｻﾄｳ ｹﾝｲﾁ"
    assert sheet(head, *firms, entity="JP_BANK_ACCOUNT") == []
    assert sheet(head, *firms, person, entity="JP_BANK_ACCOUNT") == ["6801582"]


def test_the_columns_of_an_export_are_known_by_their_headers(sheet) -> None:
    lines = (
        "Last Name|First Name|Mailing Zip/Postal Code|Contact Owner",
        "佐藤|由美子|352-0025|田頭悠真",
        "林|健一|761-0614|河井浩考",
    )
    assert sheet(*lines, entity="JP_POSTAL_CODE") == ["352-0025", "761-0614"]
    assert {"田頭悠真", "河井浩考"} <= set(sheet(*lines))
    shipped = (
        "ShipName|ShipPrefecture|ShipCity|ShipAddress1",
        "佐藤 由美子|福岡県|北九州市八幡東区|山路6-10-19",
        "林 健一|愛知県|弥富市|東蜆8-7-26",
    )
    assert sheet(*shipped, entity="JP_ADDRESS") == ["福岡県北九州市八幡東区山路6-10-19", "愛知県弥富市東蜆8-7-26"]


def test_a_child_is_named_behind_the_class(sheet) -> None:
    lines = (
        "役職|氏名|お子さんの学年・氏名|携帯",
        "会長|雨宮 健一|6-1 大輔|090-1234-5678",
        "会計|笹川 亮|2年 英樹・5-2 莉子|080-1234-5678",
    )
    assert {"大輔", "英樹", "莉子"} <= set(sheet(*lines))


def test_a_cell_may_hold_an_address_and_a_phone(sheet) -> None:
    lines = (
        "受付|申出者|住所・電話",
        "5/6|関野 里子|南あわじ市松帆塩浜2119番地　080-7642-4884",
        "5/7|木野 裕介|大牟田市黄金町5丁目26番2号　082-790-9641",
    )
    assert sheet(*lines, entity="JP_ADDRESS") == ["南あわじ市松帆塩浜2119番地", "大牟田市黄金町5丁目26番2号"]
    assert sheet(*lines, entity="PHONE_NUMBER") == ["080-7642-4884", "082-790-9641"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("住所　三重県桑名市西方5-25-24（メゾン緑102）", "三重県桑名市西方5-25-24（メゾン緑102）"),
        ("千葉県香取市扇島7-29-4（303）", "千葉県香取市扇島7-29-4（303）"),
        ("住所 大阪市北区梅田1-2-3（本社）", "大阪市北区梅田1-2-3"),
        ("港区芝1-2-3（2026年4月から）", "港区芝1-2-3"),
    ],
)
def test_a_room_in_brackets_belongs_to_the_address(kit: Kit, text: str, address: str) -> None:
    assert [text[r.start : r.end] for r in kit.spot(text) if r.entity_type == "JP_ADDRESS"] == [address]


@pytest.mark.parametrize(
    "text",
    [
        "田中さんは図書館で仏教の本を借りた。",
        "田中さんはうつ病をテーマにした映画を監督した。",
        "田中さん、熱中症に気をつけてください。",
        "田中さんは車いすバスケットボールのコーチ。",
        "田中さんは逮捕術の大会で優勝した。",
        "田中さんから、被害に遭った場合の相談先について質問があった。",
        "運転者 田中 健一　適性診断：初任診断",
        "田中さんは肺がん・乳がんのパンフレットを更新する。",
    ],
)
def test_what_is_about_an_illness_and_no_one_is_not_sensitive(kit: Kit, text: str) -> None:
    document = Document(kit, "file.txt")
    records = [*document.feed(Segment(Part("body"), text)), *document.finish()]
    assert [hit.value for record in records for hit in record.hits if hit.entity.startswith("JP_SENSITIVE")] == []


def test_the_title_of_a_book_says_nothing_of_who_borrowed_it(sheet) -> None:
    lines = (
        "利用者番号|氏名|書名|返却期限",
        "5392537|佐藤 由美子|がんと向き合う食事|2026/04/07",
        "5392538|林 健一|日本の歴史 3|2026/04/08",
    )
    assert sheet(*lines, entity="JP_SENSITIVE") == []
    told = ("利用者番号|氏名|備考|返却期限", "5392537|佐藤 由美子|乳がんで入院中|2026/04/07", "5392538|林 健一||2026/04/08")
    assert sheet(*told, entity="JP_SENSITIVE") != []


def test_members_of_a_church_and_parts_of_a_play(sheet) -> None:
    lines = ("No|氏名|洗礼年月日|司式者", "1|佐藤 由美子|2015-06-22|龍﨑牧師", "2|水田 智子|2023-08-20|岩永牧師")
    assert sheet(*lines, entity="JP_SENSITIVE_CREED") != []
    assert {"龍﨑", "岩永"} <= set(sheet(*lines))
    play = ("模擬裁判2026　配役表||", "役|氏名|学年", "被告人|佐藤 由美子|1", "検察官|林 健一|2")
    assert sheet(*play, entity="JP_SENSITIVE") == []


def test_letters_with_room_between_them_are_one_rare_name() -> None:
    import piiscan

    text = "清酒　二本　　生　方　幸　雄\n金　三千円　　勅　使　河　原　誠\n"
    assert [text[f.start : f.end] for f in piiscan.analyze_text(text) if f.entity == "PERSON"] == ["生　方　幸　雄", "勅　使　河　原　誠"]
