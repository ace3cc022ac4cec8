"""Addresses in every notation. The towns are real (facts), the numbers and buildings are invented.

``⟦…⟧`` marks what must be found, exactly; a text without it must give nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.catalogue import load_catalogue
from piiscan.detect.addresses import AddressRecognizer
from piiscan.detect.base import norm_of
from piiscan.detect.gazetteer import gazetteer, kanji_number

THRESHOLD = 0.5


@pytest.fixture(scope="module")
def recognizer() -> AddressRecognizer:
    return AddressRecognizer(load_catalogue())


def found(recognizer: AddressRecognizer, text: str) -> list[str]:
    return [text[r.start : r.end] for r in recognizer.analyze(text) if r.score >= THRESHOLD]


def unmark(marked: str) -> tuple[str, list[str]]:
    return re.sub("[⟦⟧]", "", marked), re.findall(r"⟦(.*?)⟧", marked, re.DOTALL)


HARD = [
    # plain notations, other cities
    "⟦長崎県佐世保市早岐1-12-7⟧",
    "⟦佐世保市早岐一丁目十二番七号⟧",
    "⟦高知市はりまや町三丁目4番5号⟧へ書留で",
    "⟦静岡県浜松市中央区鍛冶町３２０番地の１２⟧",
    "⟦静岡県浜松市中区鍛冶町320-12⟧（旧区名）",
    "⟦広島県呉市中央２丁目８－１９⟧",
    "呉市役所の近く、⟦呉市中央2-8-19⟧に住む。",
    "⟦三重県津市大門7番15号⟧",
    "本籍地：⟦三重県津市大門七番地⟧",
    "⟦群馬県前橋市大手町1の1の1⟧",
    "⟦茨城県龍ケ崎市3710番地⟧",
    "⟦茨城県竜ヶ崎市佐貫町６４７−８⟧",
    "⟦大阪府四条畷市中野本町1番1号⟧",
    "⟦宮城県塩釜市旭町1-1⟧",
    "⟦千葉県袖ヶ浦市坂戸市場1番地1⟧",
    "⟦福岡県糸島市前原西一丁目1-1⟧",
    "⟦沖縄県那覇市字安次嶺531番地3⟧",
    "⟦沖縄県中頭郡読谷村字座喜味2901番地⟧",
    "⟦沖縄県八重山郡竹富町字西表870⟧です",
    "⟦鹿児島県大島郡龍郷町浦110番地⟧",
    "⟦東京都小笠原村父島西町12番地⟧",
    "⟦東京都西多摩郡檜原村467番地1⟧",
    "⟦東京都西多摩郡桧原村467-1⟧",
    "⟦長野県下伊那郡阿智村駒場483⟧",
    "⟦愛媛県松山市二番町四丁目7-2⟧",
    "⟦香川県高松市番町一丁目8番15号⟧",
    "⟦新潟県新潟市中央区学校町通1番町602番地1⟧",
    "⟦石川県金沢市広坂1丁目1番1号⟧。",
    "⟦石川県輪島市河井町2字287番地1⟧",
    "⟦福井県福井市大手3丁目10-1⟧",
    "⟦徳島県徳島市幸町2丁目5番地⟧",
    "⟦愛媛県西条市小松町新屋敷甲496番地⟧",
    "⟦愛媛県大洲市大洲690番地の1⟧",
    "⟦長野県長野市大字鶴賀緑町1613番地⟧",
    "⟦石川県羽咋市旭町200番地⟧",
    "⟦佐賀県唐津市西城内1番1号⟧",
    "⟦長崎県壱岐市郷ノ浦町本村触562⟧",
    "⟦千葉県匝瑳市八日市場ハ793番地2⟧",
    "⟦千葉県旭市ニの2132番地⟧",
    # Hokkaido
    "現住所：⟦北海道札幌市中央区北3条西6丁目⟧",
    "⟦北海道札幌市中央区北３条西６丁目１番地⟧",
    "⟦札幌市中央区南一条西二十丁目1番5-301号⟧",
    "⟦札幌市北1条西2丁目7⟧",
    "⟦札幌市東区北四十一条東十五丁目3番17号⟧",
    "⟦北海道旭川市6条通9丁目46番地⟧",
    "⟦旭川市東光10条3丁目2-14⟧",
    "⟦帯広市西5条南7丁目1番地⟧",
    "⟦北海道帯広市西二十二条南三丁目12-5 メゾンすずらん201⟧",
    "⟦北海道江別市野幌町10番地の1⟧",
    "⟦北海道河東郡音更町木野大通西11丁目2-33⟧",
    "⟦北海道上川郡東川町東町1丁目16番1号⟧",
    "⟦北海道夕張郡長沼町東3線北13番地⟧",
    "⟦北海道空知郡中富良野町東9線北15番地⟧",
    # Iwate
    "⟦岩手県久慈市長内町第31地割48番地⟧",
    "⟦岩手県宮古市川井第2地割186番地1⟧",
    "⟦岩手県岩手郡雫石町上曽根田第5地割41-3⟧",
    "⟦九戸郡洋野町種市23-27-3⟧",
    "⟦岩手県花巻市大迫町大迫第二地割五十一番地四⟧",
    "⟦岩手県八幡平市大更35-62⟧",
    # Kyoto
    "⟦京都府京都市中京区烏丸通御池下る虎屋町566番地⟧",
    "⟦京都市下京区四条通寺町東入二丁目御旅町37番地⟧",
    "⟦京都市上京区今出川通烏丸東入玄武町601⟧",
    "⟦京都市上京区下立売通新町西入薮ノ内町９０番地⟧",
    "⟦京都市中京区寺町通二条下ル榎木町98-7⟧",
    "⟦京都市東山区四条通大和大路東入祇園町北側275⟧",
    "住所：⟦京都府京都市中京区河原町通三条下る大黒町⟧",
    "⟦京都市下京区烏丸通塩小路下る東塩小路町901番地　京都ハイツ802号室⟧",
    # Sakai, letters, no number
    "⟦大阪府堺市堺区南瓦町3番1号⟧",
    "⟦堺市北区新金岡町4丁1-8⟧",
    "⟦大阪府堺市西区浜寺公園町三丁２１２番地⟧",
    "⟦高知県高岡郡四万十町香月が丘8番39号⟧",
    "⟦香川県小豆郡小豆島町安田甲36-1⟧",
    "⟦長崎県南松浦郡新上五島町青方郷1585番地1⟧",
    "⟦石川県白山市白峰イ94番地⟧",
    "⟦福井県鯖江市西山町無番地⟧",
    "⟦山梨県南都留郡山中湖村平野番外地⟧",
    # dashes and digits
    "⟦神奈川県川崎市高津区溝口3‑12‑9⟧",
    "⟦神奈川県川崎市高津区溝口３―１２―９⟧",
    "⟦神奈川県川崎市高津区溝口3ー12ー9⟧",
    "⟦神奈川県川崎市高津区溝口３ｰ１２ｰ９⟧",
    "⟦神奈川県川崎市高津区溝口3 - 12 - 9⟧",
    "⟦神奈川県川崎市高津区溝口３丁目　１２番　９号⟧",
    "⟦神奈川県川崎市高津区溝口三-十二-九⟧",
    "⟦神奈川県川崎市高津区溝口3-12-9-401⟧",
    "⟦神奈川県　川崎市高津区　溝口　3-12-9⟧",
    "⟦川崎市 高津区 溝口 3-12-9⟧",
    "⟦神奈川県\n川崎市高津区\n溝口3-12-9⟧",
    "⟦神奈川県川崎市高津区溝口\n3-12-9⟧",
    "⟦神奈川県川崎市高津区溝口3丁目\n12番9号⟧",
    "⟦神奈川県川崎市高津区溝口3-\n12-9 青葉ビル5階⟧です",
    "⟦神奈川県川崎市高津区溝口3-12\n-9⟧",
    "⟦神奈川県川崎市高津区溝口3丁目12番\n9号⟧",
    "⟦神奈川県川崎市高津区溝口3丁目12番⟧\n9号室",
    "⟦神奈川県川崎市高津区溝口3⟧\n- 12番目の議題",
    "⟦神奈川県川崎市高津区溝口3-12⟧-\n044-000-0000",
    "> ⟦神奈川県川崎市高津区溝\n> 口3-12-9⟧です",
    ">> ⟦神奈川県川崎市高津区\n>> 溝口3-12-9⟧\n>> 青葉の件",
    "> ⟦神奈川県川崎市高津区溝口3-12-9⟧\n> ⟦大阪府吹田市垂水町3-5-7⟧",
    # buildings
    "⟦埼玉県川越市脇田町15-8 コスモ川越脇田町ビル4F⟧",
    "⟦埼玉県川越市脇田町15-8　リバティハウス２０１⟧\n049-000-0000",
    "⟦埼玉県川越市脇田町15-8サンシャイン川越1103号⟧",
    "⟦埼玉県川越市脇田町15番8号 第3鈴木荘5号室⟧",
    "⟦埼玉県川越市脇田町15-8 若草団地3号棟405号室⟧",
    "⟦埼玉県川越市脇田町15-8 若草団地3-405⟧",
    "⟦埼玉県川越市脇田町15-8 グランドメゾン川越 B棟 1204⟧",
    "⟦埼玉県川越市脇田町15-8 メゾン・ド・フルール 305⟧に在住",
    "⟦埼玉県川越市脇田町15-8 Sunny Court 102⟧",
    "⟦埼玉県川越市脇田町15-8 ＡＢＣタワー２５階⟧",
    "⟦埼玉県川越市脇田町15-8 ひまわり荘203⟧、電話",
    "⟦埼玉県川越市脇田町15-8 ハイツ桜ヶ丘Ⅱ 201号室⟧",
    "⟦埼玉県川越市脇田町15-8 201号室⟧",
    "⟦埼玉県川越市脇田町15-8-201号室⟧",
    "⟦埼玉県川越市脇田町15-8 A-201⟧",
    "⟦埼玉県川越市脇田町15-8\nグリーンコーポ201号室⟧",
    "⟦埼玉県川越市脇田町15-8 グリーンコーポ\n201号室⟧",
    "⟦埼玉県川越市脇田町15-8\n市営住宅5-302⟧\n電話番号 049-000-0000",
    "⟦埼玉県川越市脇田町15-8 都民住宅２号棟１０１号⟧ 山田太郎",
    "⟦埼玉県川越市脇田町15-8 川越ビル⟧ 株式会社山田商事",
    "⟦埼玉県川越市脇田町15-8 ｺｰﾎﾟ桜306⟧",
    "⟦埼玉県川越市脇田町15-8 ﾗｲｵﾝｽﾞﾏﾝｼｮﾝ川越203号⟧",
    "⟦埼玉県川越市脇田町15-8⟧ 山田方",
    "⟦埼玉県川越市脇田町15-8⟧ 山田様方",
    "⟦埼玉県川越市脇田町15-8⟧山田太郎",
    "⟦埼玉県川越市脇田町15-8⟧ TEL049-000-0000",
    "⟦埼玉県川越市脇田町15-8⟧ FAX 049-000-0000",
    "⟦埼玉県川越市脇田町15-8⟧\n電話 049-000-0000",
    "⟦埼玉県川越市脇田町15-8⟧ 049-000-0000",
    "⟦埼玉県川越市脇田町15-8⟧　山田　太郎　様",
    "⟦埼玉県川越市脇田町15-8⟧ 株式会社サンプル 営業2課",
    "⟦埼玉県川越市脇田町15-8⟧\n平成2年3月4日生",
    "⟦埼玉県川越市脇田町15-8⟧ 2024年4月1日",
    "⟦埼玉県川越市脇田町15-8⟧, 35歳",
    "⟦埼玉県川越市脇田町15-8⟧（川越ビル内）",
    # postal codes
    "⟦〒350-1123 埼玉県川越市脇田本町8-1⟧",
    "⟦〒350-1123　埼玉県川越市脇田本町８番地１⟧",
    "〒3501123\n⟦埼玉県川越市脇田本町8-1 山田ビル2F⟧",
    "郵便番号 ⟦350-1123 埼玉県川越市脇田本町8-1⟧",
    "⟦〒350-1123埼玉県川越市脇田本町8-1⟧",
    "⟦〒350-1123 脇田本町8-1⟧",
    # labels, no municipality
    "住所：⟦本町1-2-3 コーポ桜101⟧",
    "現住所　⟦緑ケ丘三丁目4番5号⟧",
    "【住所】⟦奈良県生駒市東新町8番38号⟧",
    "住所\n⟦奈良県生駒市東新町8番38号⟧\n氏名\n山田太郎",
    "氏名：山田太郎 住所：⟦奈良県生駒市東新町8-38⟧ 電話：090-0000-0000",
    "申請者住所 ⟦奈良県生駒市東新町⟧",
    "山田花子,⟦奈良県生駒市東新町8-38⟧,090-0000-0000",
    "山田花子\t⟦奈良県生駒市東新町8-38⟧\t090-0000-0000",
    "・⟦生駒市東新町8-38⟧・⟦奈良市三条大宮町1-2-3⟧",
    "被告は⟦大阪市中央区大手前2丁目1番22号⟧に居住し、原告は⟦神戸市中央区加納町6-5-1⟧に居住する。",
    # short municipality names
    "⟦標津郡中標津町東二条南2丁目1番地1⟧",
    "⟦中標津町丸山2-22⟧",
    "自宅は⟦都島区都島本通3-12-8⟧です",
    "⟦吉野郡十津川村小原225-1⟧",
    "⟦静岡県清水市入江1-2-3⟧（合併前）",
    # a municipality of another prefecture: mistyped, or test data
    "住所：⟦京都府豊島区柿沢3丁目21番7号 クレスト平河450⟧",
    "⟦福岡県足立区山中新田38丁目16番19号⟧に住む",
    "送付先　⟦佐賀県東大和市柿木沢新田7-15-10⟧",
    "⟦清須市春日落合1-2⟧",
]


@pytest.mark.parametrize("marked", HARD)
def test_hard_notations(recognizer: AddressRecognizer, marked: str) -> None:
    text, expected = unmark(marked)
    assert found(recognizer, text) == expected


NONE = [
    "",
    "東京都",
    "京都市の人口は140万人である。",
    "東京都千代田区にある会社",
    "東京都千代田区丸の内にある会社",
    "横浜市3位、札幌市2020年、福岡市10人、仙台市5校",
    "中央区日本橋2丁目の商店街",
    "札幌市中央区大通西3丁目で開かれる。",
    "大阪市立大学1年生",
    "横浜市立大学附属病院3階",
    "国道1号線は大阪市北区梅田を通る",
    "名古屋市営地下鉄6号線",
    "名古屋市交通局5050形電車",
    "札幌市電3300形",
    "大阪市北区の人口は12万3456人",
    "川崎市2-1横浜市",
    "甲府市対新潟市3-2で勝った",
    "福岡市博多区博多駅前で12月3日に開催",
    "新宿区西新宿2023年の記録",
    "神戸市中央区三宮町1丁目交差点",
    "渋谷区渋谷10代の若者",
    "さいたま市大宮区桜木町で150台が渋滞",
    "長野県松本市大手100人、安曇野市豊科50人",
    "千葉県市川市八幡1,200世帯",
    "広島市中区基町12:30集合",
    "北海道道123号線",
    "京都府道12号大津宇治線",
    "東京都23区",
    "東京23区",
    "第1回 横浜市議会 第3号議案",
    "平成12年横浜市条例第15号",
    "横浜市告示第123号",
    "大阪府告示第5号",
    "岡山県第3区選出",
    "埼玉県第10区",
    "世田谷区長選挙2019",
    "静岡市清水区と葵区で1-2か所",
    "本町1-2-3",
    "山田町3-1",
    "住所変更届 3部",
    "住所、氏名、電話番号1件",
    "住所は3-1を参照",
    "住所 第1章 総則",
    "所在地: 3階",
    "連絡先 内線1-2-3",
    "旭川市営球場1-0",
    "前橋市役所 027-000-0000",
    "新宿区役所本庁舎1階",
    "大津市立図書館2階",
    "横浜市西区みなとみらい線 3番出口",
    "港区赤坂 3号館",
    "大分県立病院5階東病棟",
    "福島県郡山市 8月15日",
    "さいたま市 1.5倍",
    "つくば市2丁目",
    "明石市標準時135度",
    "八王子市は1917年9月1日に市制施行。",
    "青森県八戸市4-1青森県弘前市",
    "石川県金沢市 76.5%",
    "郵便番号一覧 〒100-0005",
    "〒100-0005",
    "price 1-2-3 shibuya",
    "東京都 大阪市 名古屋市 3-1 で敗れた",
    "福岡県足立区12位",
    "東京都横浜市2-3で敗れた",
]


@pytest.mark.parametrize("text", NONE)
def test_places_that_are_no_address(recognizer: AddressRecognizer, text: str) -> None:
    assert found(recognizer, text) == []


# ----------------------------------------------------------------- generated: real towns, random notations

_FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")


def _positional(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in str(number))


_NUMBERS: tuple[Callable[[int, int, int], str], ...] = (
    lambda a, b, c: f"{a}-{b}-{c}",
    lambda a, b, c: f"{a}丁目{b}番{c}号",
    lambda a, b, c: f"{a}丁目{b}番地{c}",
    lambda a, b, c: f"{a}丁目{b}-{c}",
    lambda a, b, c: f"{kanji_number(a)}丁目{kanji_number(b)}番{kanji_number(c)}号",
    lambda a, b, c: f"{kanji_number(a)}丁目{b}番{c}号",
    lambda a, b, c: f"{b * 37 + c}番地の{c}",
    lambda a, b, c: f"{b * 37 + c}番地{c}",
    lambda a, b, c: f"{b * 37 + c}番{c}",
    lambda a, b, c: f"{b * 37 + c}の{c}",
    lambda a, b, c: f"{b * 37 + c}番地",
    lambda a, b, c: f"{b * 37 + c}番",
    lambda a, b, c: f"{b * 37 + c}",
    lambda a, b, c: f"{_positional(b * 37 + 100)}番地の{_positional(c)}",
    lambda a, b, c: f"{kanji_number(b * 37 + c)}番地",
    lambda a, b, c: f"{a}-{b}-{c}".translate(_FULL),
    lambda a, b, c: f"{a}丁目{b}番{c}号".translate(_FULL),
    lambda a, b, c: f"{a}ー{b}ー{c}",
    lambda a, b, c: f"{a}—{b}—{c}",
    lambda a, b, c: f"{a}–{b}",
    lambda a, b, c: f"{b}-{c}号",
    lambda a, b, c: f"{a}の{b}の{c}",
    lambda a, b, c: f"{a}丁目 {b}番 {c}号",
    lambda a, b, c: f"甲{b * 37 + c}番地{c}",
)
_BUILDINGS: tuple[Callable[[int], str], ...] = (
    *[lambda _: ""] * 8,
    lambda n: f" サンハイム{n}",
    lambda n: f"　レジデンス中央{n}号室",
    lambda n: f" 第一若葉ビル{n % 9 + 1}階",
    lambda n: f" {n}号室",
    lambda n: f"　ひかり荘{n}号",
    lambda n: f" メゾンドール{n}号室".translate(_FULL),
    lambda n: f" Green Hills {n}",
    lambda n: f" ロイヤルヒルズ東 {n % 5 + 1}号棟 {n}号室",
    lambda n: f"\nグレースマンション{n}",
    lambda n: f" C-{n}",
    lambda n: f" 緑町団地{n % 30 + 1}-{n}",
    lambda n: f"　佐藤アパート{n % 9 + 1}号",
)
_FRAMES = (
    "{}",
    "住所は{}でした。",
    "{} に引っ越した。",
    "山田太郎様\n{}\nTEL 03-0000-0000",
    "届け先 {} 山田花子 様",
    "原告の住所「{}」について",
    "1. 氏名 山田太郎\n2. 住所 {}\n3. 職業 会社員",
    "{}, 090-0000-0000",
    "本籍\t{}\t筆頭者",
    "会場：{}（駐車場なし）",
)


def _generated(count: int, seed: int) -> list[tuple[str, str]]:
    dice = random.Random(seed)
    gazette = gazetteer()
    made: list[tuple[str, str]] = []
    while len(made) < count:
        place = dice.choice(gazette.municipalities)
        towns = sorted(gazette.towns(place.index))
        if not towns:
            continue
        town = dice.choice(towns)
        if re.search(r"[0-9A-Z一二三四五六七八九十]$|ビル|タワー|の$", town):
            continue  # a number after it would be read differently by people, too
        prefix = dice.choice(("", "", "", "大字" if dice.random() < 0.3 else ""))
        gap = dice.choice(("", "", "", "", " ", "　", "\n"))
        with_prefecture = dice.random() < 0.6 or (place.name[-1] == "区" and "市" not in place.name)
        parts = [place.prefecture] * with_prefecture + [place.name, prefix + town]
        number = dice.choice(_NUMBERS)(dice.randint(1, 9), dice.randint(1, 40), dice.randint(1, 30))
        address = gap.join(parts) + (" " if gap == " " else "") + number + dice.choice(_BUILDINGS)(dice.randint(101, 1299))
        made.append((dice.choice(_FRAMES), address))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_generated_notations(recognizer: AddressRecognizer, seed: int) -> None:
    cases = _generated(500, seed)
    wrong = [(frame, address) for frame, address in cases if found(recognizer, frame.format(address)) != [address]]
    assert len(wrong) / len(cases) < 0.02, wrong[:10]


# ----------------------------------------------------------------- the compared form, cells, examples

SAME = [
    [
        "東京都千代田区丸の内1-2-3",
        "千代田区丸の内１－２－３",
        "東京都千代田区丸の内一丁目二番三号",
        "東京都 千代田区 丸ノ内 1丁目2番3号",
        "〒100-0005 東京都千代田区\n丸の内1丁目2-3",
        "東京都千代田区丸の内1の2の3",
    ],
    ["札幌市中央区北一条西二丁目7番地", "北海道札幌市中央区北1条西2-7", "北海道札幌市中央区北１条西２丁目７"],
    ["福岡県糸島市大字前原二八一七番地", "糸島市前原2817", "福岡県糸島市前原二千八百十七番地"],
    ["茨城県龍ケ崎市佐貫町647番地8 コーポ桜306号室", "竜ヶ崎市佐貫町６４７－８　コーポ桜３０６", "茨城県竜ケ崎市佐貫町647-8コーポ桜306号"],
    ["埼玉県川越市脇田町15-8 川越ビル5階", "川越市脇田町15番8号　川越ビル５Ｆ"],
    ["標津郡中標津町丸山2-22", "北海道標津郡中標津町丸山二丁目22番地", "中標津町丸山２丁目２２"],
]


@pytest.mark.parametrize("notations", SAME)
def test_same_address_has_same_norm(recognizer: AddressRecognizer, notations: list[str]) -> None:
    norms = {norm_of(recognizer.analyze(text)[0]) for text in notations}
    assert len(norms) == 1, norms


def test_other_address_has_other_norm(recognizer: AddressRecognizer) -> None:
    texts = [
        "川越市脇田町15-8",
        "川越市脇田町15-9",
        "川越市脇田町1-58",
        "川越市脇田本町15-8",
        "川越市脇田町15-8 川越ビル5階",
        "川越市脇田町15-8 川越ビル6階",
        "川越市脇田町15-8 川越ビル",
    ]
    assert len({norm_of(recognizer.analyze(text)[0]) for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("cell", "least", "most"),
    [
        ("埼玉県川越市脇田町15-8", 0.9, 1.0),
        ("  埼玉県川越市脇田町15-8 川越ビル5階 ", 0.9, 1.0),
        ("〒350-1122 埼玉県川越市脇田町15-8", 0.9, 1.0),
        ("埼玉県川越市脇田町１５－８　山田様方", 0.8, 1.0),
        ("川越市脇田町15番地", 0.85, 1.0),
        ("埼玉県川越市脇田町", 0.55, 0.85),
        ("埼玉県川越市", 0.55, 0.85),
        ("東京都千代田区", 0.55, 0.85),
        ("本町1-2-3", 0.45, 0.75),
        ("脇田本町８番地１　川越ハイツ201", 0.45, 0.75),
        ("埼玉県", 0.2, 0.49),
        ("脇田本町", 0.2, 0.49),
    ],
)
def test_cells(recognizer: AddressRecognizer, cell: str, least: float, most: float) -> None:
    match = recognizer.value("JP_ADDRESS", cell)
    assert match is not None
    assert least <= match.score <= most
    assert cell[match.start : match.end] == cell.strip()
    assert match.norm


@pytest.mark.parametrize(
    "cell", ["", "1", "山田太郎", "090-1234-5678", "1-2-3", "2024-04-01", "営業2課", "コーポ桜306", "男", "a@example.jp", "123456789018"]
)
def test_cells_that_are_no_address(recognizer: AddressRecognizer, cell: str) -> None:
    match = recognizer.value("JP_ADDRESS", cell)
    assert match is None or match.score < 0.45


def test_cell_of_another_kind_is_not_judged(recognizer: AddressRecognizer) -> None:
    assert recognizer.value("PERSON", "埼玉県川越市脇田町15-8") is None


def test_examples_of_the_rule(recognizer: AddressRecognizer) -> None:
    examples = load_catalogue().rule("JP_ADDRESS").examples
    assert examples.match
    assert examples.no_match
    for example in examples.match:
        assert found(recognizer, example.text) == [example.value or example.text]
    for example in examples.no_match:
        assert found(recognizer, example.text) == []


def test_chome_alone_is_weak_unless_labelled(recognizer: AddressRecognizer) -> None:
    (weak,) = recognizer.analyze("中央区日本橋2丁目の商店街")
    assert 0.3 <= weak.score < 0.5
    assert found(recognizer, "住所：東京都中央区日本橋2丁目") == ["東京都中央区日本橋2丁目"]


def test_label_raises_and_is_told(recognizer: AddressRecognizer) -> None:
    (plain,) = recognizer.analyze("川越市脇田町15-8")
    (labelled,) = recognizer.analyze("現住所：川越市脇田町15-8")
    assert labelled.score > plain.score
    assert "label 現住所" in labelled.recognition_metadata["why"]


def test_reasons_hold_no_value(recognizer: AddressRecognizer) -> None:
    for marked in HARD:
        for result in recognizer.analyze(unmark(marked)[0]):
            assert not re.search(r"[0-9０-９]", " ".join(result.recognition_metadata["why"]))


def test_entities_asked_for(recognizer: AddressRecognizer) -> None:
    assert recognizer.analyze("川越市脇田町15-8", entities=["PERSON"]) == []
    assert len(recognizer.analyze("川越市脇田町15-8", entities=["JP_ADDRESS"])) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "東京都千代田区",
        "横浜市港北区一二三四五",
        "京都市中京区通上る",
        "埼玉県川越市脇田町15-8 ハイツ",
        "〒350-1122 ",
        "住所：本町1-",
        "ー",
        "丁目\n",
        "1-",
    ],
)
def test_repeated_pieces_cost_linear_time(recognizer: AddressRecognizer, piece: str) -> None:
    """Work a character must not grow with the length of a hostile text; counted in function calls, not in seconds."""
    import cProfile
    import pstats

    def calls(text: str) -> int:
        profile = cProfile.Profile()
        profile.runcall(recognizer.analyze, text)
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    recognizer.analyze(piece * 50)
    assert calls(piece * 800) < 5 * calls(piece * 200) + 200


@given(st.text(alphabet="東京都千代田区丸の内北一条西123１-ー－丁目番地号の大字〒　 \n\t住所：コーポ桜A室階第甲イABz、。", max_size=120))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    results = _SHARED.analyze(text)
    end = 0
    for result in results:
        assert end <= result.start < result.end <= len(text)
        assert 0.3 <= result.score <= 1
        assert text[result.start : result.end].strip() == text[result.start : result.end]
        end = result.end
    assert _SHARED.value("JP_ADDRESS", text) is None or text.strip()


_SHARED = AddressRecognizer(load_catalogue())
