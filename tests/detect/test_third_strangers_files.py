"""Kinds of texts that the third blind share had (docs/detection.md), with other people: each rule with what it must leave alone."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Hit, Line, Segment
from piiscan.settings import Detection


def hits(text: str) -> list[Hit]:
    document = Document(Kit.of(Detection()))
    records = [*document.feed(Segment(Line(1), text)), *document.finish()]
    return [hit for record in records for hit in record.hits]


def values(text: str, entity: str = "PERSON") -> list[str]:
    return [hit.value for hit in hits(text) if hit.entity == entity]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("氏　名　小野寺　誠（旧姓 滝川）", ["小野寺　誠", "滝川"]),
        ("姓 Hirano　名 Yuki", ["Hirano", "Yuki"]),
        ("姓：平野　名：結衣", ["平野", "結衣"]),
        ("お子様の氏名　蓮", ["蓮"]),
        ("執刀医　堺", ["堺"]),
        ("担当 劉", ["劉"]),
        ("受付者：原", ["原"]),
        ("（控除）控除対象配偶者　大西 恵　123456789012", ["大西 恵"]),
        ("中原様宅　エアコンの取付工事", ["中原"]),
        ("14:00　きむ様 2名", ["きむ"]),
        ("折り返し、舘様へご連絡ください。", ["舘"]),
        ("父親（雅俊さん）に説明した。", ["雅俊"]),
        ("長男健太と次女美咲がおります。", ["健太", "美咲"]),
        ("養子縁組により長男工藤 健太（昭和45年3月16日生）が相続する。", ["工藤 健太"]),
        ("従業員の相談：南という男性から連絡があった。", ["南"]),
        ("受付の李（090-1234-5678）、森（080-2345-6789）", ["李", "森"]),
        ("- 窓口: 劉 内線 4021", ["劉"]),
        ("お電話ありがとうございます、サポートセンターの平松でございます。", ["平松"]),
        ("担当の大島には再度指導いたしました。", ["大島"]),
        ("田島家　大森家　結婚披露宴", ["田島", "大森"]),
        ("黒川みちこ後援会 入会のご案内", ["黒川みちこ"]),
        ("ふじたゆうこちゃん", ["ふじたゆうこ"]),
        ("ふじた ゆうこちゃん誕生日", ["ふじた ゆうこ"]),
        ("森永議員に送付", ["森永"]),
        ("取引先の劉部長に送った。", ["劉"]),
        ("3/3 夜勤　リーダー 川口", ["川口"]),
        ("CW 大橋", ["大橋"]),
        ("次男（健）より電話あり。", ["健"]),
        ("監事（原）「異議なし」", ["原"]),
        ("会費は森さんが集めます。", ["森"]),
        ("四ツ谷様に代替品を発送", ["四ツ谷"]),
        ("担当相談員　劉", ["劉"]),
        ("保ケ部茂さんと八ッ橋健治を表彰", ["保ケ部茂", "八ッ橋健治"]),
        ("3年1組　カワムラケンジ　発熱のため欠席", ["カワムラケンジ"]),
        ("1班 長谷川　2班 大橋", ["長谷川", "大橋"]),
        ('dict(name="大橋健二", kana="オオハシケンジ")', ["大橋健二", "オオハシケンジ"]),
        ('{"real_name": "大橋 健二", "display_name": "大橋"}', ["大橋 健二", "大橋"]),
        ("Phạm Thị Lan さんが入社した。", ["Phạm Thị Lan"]),
        ("担当：Trần Văn Dũng", ["Trần Văn Dũng"]),
        ("大橋 健二  Kenji Ohashi\n営業部", ["大橋 健二", "Kenji Ohashi"]),
        ("（宗検事が担当）", ["宗"]),
        ("/人事/評価/大島_面談.docx", ["大島"]),
        ("相談者　原", ["原"]),
        ("2 月 柳田 サントス 関口\n9 月 大西 細川 落合", ["柳田", "サントス", "関口", "大西", "細川", "落合"]),
        ("2 月 細川 落合 大西\n9 月 品川 天野", ["細川", "落合", "大西", "品川", "天野"]),
        ("担当は佐藤 光、西村 和泉、林 薫です。", ["佐藤 光", "西村 和泉", "林 薫"]),
        ("出席者：比留間（議長）、道祖土、原、梶原", ["比留間", "道祖土", "原", "梶原"]),
        ("当社：黒田、小滝", ["黒田", "小滝"]),
        ("フリガナ：パクジヒョン", ["パクジヒョン"]),
        ("連絡は班長（ブラウン　エミ　TEL 62-5146）まで", ["ブラウン　エミ"]),
        ("山田（内線1234）、佐々（PHS 5521）", ["山田", "佐々"]),
        ("送付状\n\n劉　建国\n\n以上", ["劉　建国"]),
        ("大島愛　出向　青葉医院", ["大島愛"]),
        ("（黄巡査部長）に届けた。", ["黄"]),
    ],
)
def test_names_that_their_surroundings_give_away(text: str, names: list[str]) -> None:
    assert values(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "住　所　郡山市外河原",
        "振込先は当行鶴見支店 普通でお願いします。",
        "Date:   Mon Jun 12 10:11:12 2023 +0900",
        "曹洞宗・臨済宗の作法",
        "豚肉・酒除去",
        "麻酔 全麻",
        "母という人は強い。私という人間。王様という名前の店。",
        "長男家族が来る。次女夫婦が来た。長男が結婚した。",
        "担当の方が伺います。担当の窓口に連絡してください。担当の係から電話します。",
        "大阪（06-1234-5678）、千葉（043-222-3333）",
        "本家 分家 国家 農家 専門家",
        "大家さん、奥様、皆様、業者様、本人様、喪主様に連絡する。",
        '{"name": "Tokyo", "author": "none", "kana": ""}',
        "1組 体育 2組 国語 3組 算数",
        "届_面談.docx 一覧_評価.xlsx",
        "ありがとうございます。以上でございます。",
        "中小企業後援会",
        "先方：大阪、京都、神戸",
        "当社：製造業、卸売業",
        "使用者　無\n責任者　未定\n希望者　有",
        "フリガナ：トウキョウトミナトク",
        "フリガナ：カブシキガイシャアオバ",
        "千葉 TEL 043-222-3333",
        "福島（024-522-1111）\n山形（023-622-1111）",
        "受付（内線100）、警備（内線119）",
        "森という人気の場所。",
        "平成年 度",
        "支払者名 大橋設備",
        "父（他界）、母（健在）、兄（故人）、妻（同居）、長男（独立）",
        "部長（代理）、課長（兼務）、会長（当時）",
        "RPM 原料",
        "たくさん人がいる。国会議員と常任委員と市議会議長。",
    ],
)
def test_what_stands_there_and_is_nobody(text: str) -> None:
    assert not values(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("営業部大橋健二", "大橋健二"),
        ("青葉運輸劉", "劉"),
        ("フィールドサポート 大橋健二", "大橋健二"),
        ("品質保証グループ　三ツ谷　恵", "三ツ谷　恵"),
        ("大橋　健二　㊞", "大橋　健二"),
        ("大橋　健二 印", "大橋　健二"),
        ("大橋様宅", "大橋"),
        ("劉　建国", "劉　建国"),
        ("Nguyễn Văn Nam", "Nguyễn Văn Nam"),
        ("崔恩智", "崔恩智"),
        ("保ケ部和美", "保ケ部和美"),
        ("保ケ部　和美", "保ケ部　和美"),
        ("児童福祉司劉", "劉"),
    ],
)
def test_a_cell_is_the_name_in_it(text: str, name: str) -> None:
    judged = judge(text)
    assert (text[judged.start : judged.end], judged.score >= 0.4) == (name, True)


@pytest.mark.parametrize(
    "text", ["営業部長", "東京工場長", "大橋建設", "鶴見支店", "全麻", "退会", "豚肉・酒除去", "金利差", "周辺図", "Mon Jun", "宋代"]
)
def test_a_cell_that_is_no_name(text: str) -> None:
    assert judge(text).score < 0.2


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("納税者：大橋 健二 （1953-10-13）", "1953-10-13"),
        ("大橋健二（昭13・1・12）は欠席", "昭13・1・12"),
        ("大橋健二様（平6年11月22日）", "平6年11月22日"),
        ("大橋健二（1940. 12. 8・85歳）", "1940. 12. 8"),
        ("対象：大橋 健二（昭和13(1938)年1月17日）", "昭和13(1938)年1月17日"),
        ("大橋　健二　　　　19540703 石川県七尾市若林町8-24-16", "19540703"),
        ("大橋　健二　　　　354070309012345678 石川県七尾市若林町8-24-16", "3540703"),
    ],
)
def test_a_date_right_behind_a_name_is_one_of_birth(text: str, date: str) -> None:
    assert values(text, "DATE_OF_BIRTH") == [date]


@pytest.mark.parametrize(
    "text",
    [
        "承認：大橋健二（2009-10-21）",
        "大橋健二（2024-10-21）",
        "施行（平成6年11月22日）",
        "大橋健二　　19540703",
        "伝票　　19540703 石川県七尾市若林町8-24-16",
    ],
)
def test_another_date_is_none(text: str) -> None:
    assert not values(text, "DATE_OF_BIRTH")


def test_a_birth_notice_says_nothing_of_social_status() -> None:
    found = hits("出生届\n子の氏名　大橋 蓮\n父母との続き柄　嫡出子 長男\n生まれたところ　石川県七尾市若林町8-24-16")
    assert not [hit for hit in found if hit.entity == "JP_SENSITIVE_SOCIAL_STATUS"]
