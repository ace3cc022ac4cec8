"""What the ninth stranger's files taught: each kind with its counter-examples."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Part, Record, RecordKind, Segment, Table
from sample_data.make.people import corporate_number, my_number


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit()


@pytest.fixture
def found(kit: Kit):
    def read(text: str, entity: str = "PERSON") -> list[str]:
        document = Document(kit, "file.txt")
        records = [*document.feed(Segment(Part("body"), text)), *document.finish()]
        return [hit.value for record in records for hit in record.hits if hit.entity.startswith(entity)]

    return read


@pytest.fixture
def records(kit: Kit):
    def read(*lines: str, name: str = "list.xlsx") -> list[Record]:
        document = Document(kit, name)
        table = Table("Sheet1", [tuple(line.split("|")) for line in lines])
        return [*document.feed(table), *document.finish()]

    return read


@pytest.fixture
def sheet(records):
    def read(*lines: str, entity: str = "PERSON") -> list[str]:
        return [hit.value for record in records(*lines) for hit in record.hits if hit.entity.startswith(entity)]

    return read


def test_of_whose_family_somebody_is_stands_before_the_name(sheet) -> None:
    form = (
        "利用者氏名|近藤 京子|生年月日|昭和10年4月1日",
        "キーパーソン|長女 近藤綾香様（090-1234-5678）|続柄|長女",
        "住所|東京都千代田区千代田1-1|備考|なし",
    )
    assert sheet(*form) == ["近藤 京子", "近藤綾香"]
    assert judge("長女 近藤綾香").start == 3
    assert judge("次男坊 太郎").start == 0


class TestDuties:
    """当直者|副当直|待機: the same people in column after column."""

    _PLAN = (
        "日付|当直者|副当直|待機（自宅）",
        "6/1|真野|日本|祖父江",
        "6/2|日本|栗花落|真野",
        "6/3|長野|祖父江|栗花落",
        "6/4|栗花落|真野|日本",
        "6/5|祖父江|長野|鍛治",
        "6/6|鍛治|真野|祖父江",
    )

    def test_who_stands_under_a_header_that_says_nothing(self, sheet) -> None:
        names = sheet(*self._PLAN)
        assert len(names) == 18
        assert names.count("日本") == 3
        assert names.count("栗花落") == 3

    def test_words_in_the_columns_beside_names_are_none(self, sheet) -> None:
        names = sheet("産地|商品|生産者", "福島|りんご|福島", "千葉|梨|千葉", "長野|芋|長野", "埼玉|葱|田中")
        assert "田中" in names
        assert len(names) == len(set(names))

    def test_a_mark_is_nobody_however_often_it_comes(self, sheet) -> None:
        names = sheet("日付|早番|遅番|夜勤", "6/1|佐藤|高橋|応援", "6/2|高橋|応援|佐藤", "6/3|渡辺|佐藤|高橋", "6/4|応援|渡辺|佐藤")
        assert "応援" not in names
        assert names.count("佐藤") == 4


class TestShifts:
    _ROWS = ("早|休|早|有|休|40h", "遅|遅|通|遅|早|24h", "早|早|通|有|早|40h", "休|遅|休|遅|早|40h", "遅|休|通|有|早|32h")
    _NAMES = ("大原 悦子", "相良 優子", "太田 秀夫", "宮嶋 陸", "長野 尊紀")

    def test_days_head_a_plan_and_totals_are_nobody(self, sheet) -> None:
        rows = [f"{name}|{row}" for name, row in zip(self._NAMES, self._ROWS, strict=True)]
        lines = ("7月前半シフト||||||", "スタッフ|1(水)|2(木)|3(金)|4(土)|5(日)|計", *rows, "必要人数|5|5|6|7|7|", "出勤計|5|5|6|6|7|")
        assert sheet(*lines) == list(self._NAMES)

    def test_the_last_line_over_totals_is_no_header(self, sheet) -> None:
        rows = [f"{name}|{row}" for name, row in zip(self._NAMES, self._ROWS, strict=True)]
        assert set(sheet(*rows, "定員|5|5|6|7|7|", "計|5|5|6|6|7|")) == set(self._NAMES)


class TestSeries:
    """A|B|C|D of a bus: where two columns are of names, the others are."""

    def test_those_on_the_few_other_seats(self, sheet) -> None:
        lines = ("列|A|B|C|D", "1|千葉|後藤|西森|丸山", "2|高田|星野||ガイド席")
        assert set(sheet(*lines)) == {"千葉", "後藤", "西森", "丸山", "高田", "星野"}

    def test_marks_and_goods_in_a_series_are_none(self, sheet) -> None:
        assert sheet("棚|A|B|C", "上段|ねじ|釘|工具", "下段|油|布|手袋", "床|台車|箱|紐") == []
        assert sheet("問|1|2|3", "春日|ア|イ|ウ", "山本|イ|ウ|ア", "中村|ウ|ア|イ") in ([], ["春日", "山本", "中村"])


def test_a_header_of_what_people_do_in_the_middle_of_a_sheet(sheet) -> None:
    lines = (
        "列|A|B|C",
        "1|赤沢|寺尾|本多",
        "2|丸山|亀田|土屋",
        "部屋割",
        "部屋|部屋長|同室者|備考",
        "501|赤沢英三|寺尾千代|",
        "502|丸山太郎|亀田めぐみ|",
    )
    names = sheet(*lines)
    assert not {"部屋長", "同室者"} & set(names)
    assert {"赤沢英三", "寺尾千代", "丸山太郎", "亀田めぐみ"} <= set(names)


def test_a_family_name_of_one_sign_in_a_column_of_names(sheet) -> None:
    names = ["大原", "相良", "太田", "金", "長野", "宮嶋"]
    assert sheet("担当者|件数", *(f"{name}|{n}" for n, name in enumerate(names))) == names
    whole = ["大原 悦子", "相良 優子", "太田 秀夫", "真壁 貴式", "長野 尊紀"]
    assert sheet("氏名|件数", *(f"{name}|{n}" for n, name in enumerate(whole))) == whole


class TestStacks:
    """Visiting cards one below the other in a single column."""

    @staticmethod
    def _card(name: str, mail: str, number: int) -> tuple[str, ...]:
        return (
            "北斗精機株式会社",
            "営業部　課長",
            name,
            "〒100-0001",
            f"東京都千代田区千代田1-{number}",
            f"携帯　090-1234-567{number}",
            f"E-mail: {mail}",
        )

    def test_each_card_is_one_record_of_one_person(self, records) -> None:
        people = [("齊藤　美月", "saito@example.co.jp"), ("畑　みどり", "hata@example.co.jp"), ("小木曽 陽子", "ogiso@example.or.jp")]
        lines = [line for n, (name, mail) in enumerate(people, 1) for line in (*self._card(name, mail, n), "--------")]
        found = records(*lines)
        assert [record.kind for record in found] == [RecordKind.SECTION] * 3
        assert [[hit.value for hit in record.hits if hit.entity == "PERSON"] for record in found] == [[name] for name, _ in people]
        assert all(any(hit.entity == "EMAIL_ADDRESS" for hit in record.hits) for record in found)

    def test_a_list_of_addresses_without_names_is_no_stack(self, records) -> None:
        lines = [f"user{n}@example.co.jp" for n in range(20)]
        assert len(records(*lines)) == 20

    def test_lines_that_name_somebody_and_more_are_people_each(self, records) -> None:
        lines = [f"{name}　090-1234-56{n:02d}" for n, name in enumerate(("齊藤 美月", "畑 みどり", "小木曽 陽子") * 5)]
        assert len(records(*lines)) == len(lines)


def test_my_numbers_among_those_of_firms(sheet) -> None:
    import random

    rng = random.Random(5)
    mine = [my_number(rng) for _ in range(5)]
    rows = [f"{name}|{number}" for name, number in zip(("宮沢 浩", "滝沢 隆", "岩見 杏奈", "相良 健一", "加藤 隆"), mine, strict=True)]
    lines = ("支払を受ける者|個人番号又は法人番号", *rows, f"北斗精機株式会社|{corporate_number(rng)}")
    assert sheet(*lines, entity="JP_MY_NUMBER") == mine
    assert sheet("名称|会社法人等番号", *rows, entity="JP_MY_NUMBER") == []


def test_firms_below_a_header_of_people(sheet) -> None:
    names = ("宮沢 浩", "滝沢 隆", "岩見 杏奈", "相良 健一", "加藤 隆", "三浦印刷所", "さくら保育園")
    assert sheet("支払を受ける者の氏名|支払金額", *(f"{name}|71,100" for name in names)) == list(names[:5])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("森副理事長：見直しを提案する。\n三島副理事長：賛成。", ["森", "三島"]),
        ("主治医 猫田Drに報告済み。", ["猫田"]),
        ("出席：滝保護司、丸調査官、シャルマ保護司", ["滝", "丸", "シャルマ"]),
        ("香典等の取りまとめは下田まで。", ["下田"]),
        ("引継ぎメモ（安東→勘解由小路）", ["安東", "勘解由小路"]),
        ('2026-06-01 WARN mail user=ジョンソン・エミリー reason="550 unknown"', ["ジョンソン・エミリー"]),
        ('{"your-name":"飯田友和","your-kana":"いいだともかず","agree":"1"}', ["飯田友和", "いいだともかず"]),
    ],
)
def test_what_gives_a_name_away(found, text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "長谷川式認知症スケールと長谷川式が知られる。",
        "東北支部長会議、中央執行委員会、全国執行役員会",
        "経路：成田→羽田→千葉",
        "user=admin user: guest staff=総務 owner: root",
        '"user":"システム管理者", "data-kana":"on"',
    ],
)
def test_words_that_look_like_names_are_none(found, text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "is_name"), [("港 修", True), ("社 太一", True), ("陳建国", True), ("部 修", False), ("東京港", False), ("金閣寺", False), ("廊下側", False), ("必要人数", False), ("田中計", True)])  # fmt: skip
def test_family_names_that_end_as_places_do(text: str, is_name: bool) -> None:
    assert (judge(text).score >= 0.5) is is_name


def test_a_birth_date_told_in_english(found) -> None:
    assert found("Your date of birth on file is December 29, 1951 and your card is valid.", "DATE_OF_BIRTH") == ["December 29, 1951"]
    assert found("The date of birth field was added to the form on May 3, 2020.", "DATE_OF_BIRTH") == []


def test_a_problem_of_a_schoolbook_is_about_nobody(found) -> None:
    problem = "問1　太郎さんは時速4kmで歩きます。時間の差を求めなさい。\n問2　ある病院の外来患者は1日320人で、15％が糖尿病の患者です。何人ですか。"
    assert found(problem, "JP_SENSITIVE") == []
    assert found("太郎さんは糖尿病の患者です。先月から通院しています。", "JP_SENSITIVE_MEDICAL_HISTORY") == ["糖尿病"]


def test_who_works_with_such_procedures_is_not_in_one(found) -> None:
    assert found("出席：滝保護司、辻調査官", "JP_SENSITIVE") == []
    assert found("新保は令和8年2月、家庭裁判所の審判で保護観察処分となった。担当は滝保護司。", "JP_SENSITIVE_JUVENILE") == ["保護観察処分"]


def test_minutes_and_contracts_in_lines_are_no_tables(found) -> None:
    minutes = (
        "第12回理事会 議事録\n日時　令和8年5月20日（水）18:00～19:30\n出席　矢部 奈々（理事長）、五百旗頭　樹（副理事長）、長野　康平、宮前 日砂子\n"
        "欠席　中井 樹（委任状あり）\n議長　矢部\n"
    )
    assert found(minutes) == ["矢部 奈々", "五百旗頭　樹", "長野　康平", "宮前 日砂子", "中井 樹", "矢部"]
    contract = (
        "甲　住所 広島県安芸郡海田町稲荷町4-16　氏名 狩野 杏奈　㊞\n乙　住所 三戸郡南部町法師岡4-11　氏名 丸　晃芸　㊞\n"
        "連帯保証人　住所 京都府京都市北区小山西元町785　氏名 小森 奈々　㊞\n"
    )
    assert found(contract) == ["狩野 杏奈", "丸　晃芸", "小森 奈々"]


def test_a_table_whose_header_is_labels_stays_one(found) -> None:
    table = "役職　　氏名　　　電話\n会長　　狩野 杏奈　090-1234-5678\n書記　　丸 晃芸　　090-1234-5679\n会計　　小森 奈々　090-1234-5670\n"
    assert found(table) == ["狩野 杏奈", "丸 晃芸", "小森 奈々"]


def test_a_sentence_in_a_row_of_goods_may_name_somebody(sheet) -> None:
    row = "商品|電気ケトル|お申し出内容|ふたが閉まらないとのこと。店員 伊藤 の対応が悪かった。"
    assert "伊藤" in sheet("受付番号|A-31|受付日時|2026年5月9日", row, "対応者|櫻井|備考|なし")
    assert sheet("銘柄|久保田|八海山|高木", "産地|新潟|新潟|山形") == []


@pytest.mark.parametrize("number", ["090-5218 9250", "080 5218-9250"])
def test_a_number_with_two_signs(found, number: str) -> None:
    assert found(f"小野 つとむ（友人） {number}", "PHONE_NUMBER") == [number]


@pytest.mark.parametrize("text", ["品番 090-1234 567890", "8090-1234 5678", "1 090-1234 5678 22"])
def test_longer_figures_are_no_such_number(found, text: str) -> None:
    assert found(text, "PHONE_NUMBER") == []


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("mst_prefecture", []),
        ("m_city", []),
        ("ProductCategories", []),
        ("customers", ["千葉", "山口", "宮崎", "福島"]),
        ("Sheet1", ["千葉", "山口", "宮崎", "福島"]),
    ],
)
def test_a_table_of_a_database_is_called_by_what_is_in_it(kit: Kit, table: str, names: list[str]) -> None:
    document = Document(kit, "dump.sql")
    rows = tuple((str(n), name) for n, name in enumerate(("千葉", "山口", "宮崎", "福島"), 1))
    records = [*document.feed(Table(table, rows)), *document.finish()]
    assert [hit.value for record in records for hit in record.hits] == names


def test_whoever_speaks_is_not_whom_he_speaks_of(found) -> None:
    text = "――田淵さんが始めたきっかけは。\n田淵　父の工場を手伝ったのが最初です。大橋さんに誘われました。\n――今も？\n田淵　大橋とは年に一度は会います。\n"
    assert found(text) == ["田淵", "田淵", "大橋", "田淵", "大橋"]
    born = "――お生まれは。\n神崎　佐渡です。父は漁師をしていました。\n――出会いは。\n神崎　高校の先輩に誘われました。\n"
    assert found(born) == ["神崎", "神崎"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("支援者：担任 長野、特別支援教育コーディネーター シルバ", ["長野", "シルバ"]),
        ("委員　大塚（委員長）、小竹、神谷\n", ["大塚", "小竹", "神谷"]),
        ("井上舞君（旧姓 青森）は今春、転居しました。", ["井上舞", "青森"]),
        ("・わからないことは佐渡まで（内線1234）。", ["佐渡"]),
        ("引継ぎメモ（佐渡→目黒）", ["佐渡", "目黒"]),
        ("引継ぎ先：営業→経理", []),
        ('{"your-kana":"さんとすかるろす","agree":"1"}', ["さんとすかるろす"]),
        ("氏　　名　五　百　旗　頭　京　子\n", ["五　百　旗　頭　京　子"]),
        ("注　意　事　項　一　覧　表\n", []),
        ("[LINE] 大槻家のトーク履歴\n", ["大槻"]),
        ("画家の皆さん、専門家の皆様へ", []),
        ("キーパーソン：港 七海（長女）", ["港 七海"]),
        ("キーパーソンは部長とのこと。", []),
        ("出席　三ツ矢（外科部長）、栗山（放射線科）、雪ノ下（薬剤部）、祖父江（医事課・記録）", ["三ツ矢", "栗山", "雪ノ下", "祖父江"]),
        ("nameKana: アオモリキヨシ\nfileKana: アイウエオ\n", ["アオモリキヨシ"]),
        ("委員　北海道、東北、関東の各ブロックから選出する。", []),
        ("旧姓 なし　旧姓は使用しない", []),
    ],
)
def test_more_that_gives_a_name_away(found, text: str, names: list[str]) -> None:
    assert found(text) == names


def test_whither_somebody_ill_was_brought(sheet) -> None:
    lines = ("傷病者氏名|初診時傷病名|搬送先", "大原 悦子|熱中症|見本総合病院", "相良 優子|急性心筋梗塞|中央医療センター")
    assert sheet(*lines, entity="JP_SENSITIVE_MEDICAL_CARE") == ["見本総合病院", "中央医療センター"]
    assert sheet("担当者|品名|搬送先", "大原 悦子|冷蔵庫|第二倉庫", "相良 優子|洗濯機|横浜店", entity="JP_SENSITIVE") == []
