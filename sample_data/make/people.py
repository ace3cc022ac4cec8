"""Invented people and numbers that are valid only by check digit."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

SURNAMES = """佐藤 サトウ Sato|鈴木 スズキ Suzuki|高橋 タカハシ Takahashi|田中 タナカ Tanaka|伊藤 イトウ Ito|渡辺 ワタナベ Watanabe|山本 ヤマモト Yamamoto
中村 ナカムラ Nakamura|小林 コバヤシ Kobayashi|加藤 カトウ Kato|吉田 ヨシダ Yoshida|山田 ヤマダ Yamada|佐々木 ササキ Sasaki|山口 ヤマグチ Yamaguchi
松本 マツモト Matsumoto|井上 イノウエ Inoue|木村 キムラ Kimura|林 ハヤシ Hayashi|斎藤 サイトウ Saito|清水 シミズ Shimizu|山崎 ヤマザキ Yamazaki|森 モリ Mori
池田 イケダ Ikeda|橋本 ハシモト Hashimoto|阿部 アベ Abe|石川 イシカワ Ishikawa|前田 マエダ Maeda|藤田 フジタ Fujita|小川 オガワ Ogawa|岡田 オカダ Okada
後藤 ゴトウ Goto|長谷川 ハセガワ Hasegawa|村上 ムラカミ Murakami|近藤 コンドウ Kondo|石井 イシイ Ishii|坂本 サカモト Sakamoto|遠藤 エンドウ Endo|青木 アオキ Aoki
藤井 フジイ Fujii|西村 ニシムラ Nishimura|福田 フクダ Fukuda|太田 オオタ Ota|三浦 ミウラ Miura|岡本 オカモト Okamoto|松田 マツダ Matsuda|中島 ナカジマ Nakajima
千葉 チバ Chiba|宮崎 ミヤザキ Miyazaki|本田 ホンダ Honda|松下 マツシタ Matsushita|渡邊 ワタナベ Watanabe|髙橋 タカハシ Takahashi|齋藤 サイトウ Saito|原 ハラ Hara"""
GIVEN = """太郎 タロウ Taro 男|花子 ハナコ Hanako 女|健一 ケンイチ Kenichi 男|美咲 ミサキ Misaki 女|翔太 ショウタ Shota 男|由美子 ユミコ Yumiko 女|大輔 ダイスケ Daisuke 男
愛 アイ Ai 女|拓也 タクヤ Takuya 男|恵子 ケイコ Keiko 女|直樹 ナオキ Naoki 男|陽子 ヨウコ Yoko 女|誠 マコト Makoto 男|真由美 マユミ Mayumi 女|隆 タカシ Takashi 男
さくら サクラ Sakura 女|浩二 コウジ Koji 男|裕子 ユウコ Yuko 女|和也 カズヤ Kazuya 男|千尋 チヒロ Chihiro 女|亮 リョウ Ryo 男|香織 カオリ Kaori 女|修平 シュウヘイ Shuhei 男
明美 アケミ Akemi 女|康弘 ヤスヒロ Yasuhiro 男|奈々 ナナ Nana 女|慎太郎 シンタロウ Shintaro 男|久美子 クミコ Kumiko 女|哲也 テツヤ Tetsuya 男|結衣 ユイ Yui 女"""
#: (postal code, prefecture, city, town): real towns with their real postal codes; the numbers after them are random.
TOWNS = [
    ("100-0005", "東京都", "千代田区", "丸の内"),
    ("150-0002", "東京都", "渋谷区", "渋谷"),
    ("160-0023", "東京都", "新宿区", "西新宿"),
    ("180-0004", "東京都", "武蔵野市", "吉祥寺本町"),
    ("220-0012", "神奈川県", "横浜市西区", "みなとみらい"),
    ("530-0001", "大阪府", "大阪市北区", "梅田"),
    ("460-0008", "愛知県", "名古屋市中区", "栄"),
    ("810-0001", "福岡県", "福岡市中央区", "天神"),
    ("980-0811", "宮城県", "仙台市青葉区", "一番町"),
    ("330-0854", "埼玉県", "さいたま市大宮区", "桜木町"),
    ("260-0013", "千葉県", "千葉市中央区", "中央"),
    ("730-0011", "広島県", "広島市中区", "基町"),
    ("600-8216", "京都府", "京都市下京区", "東塩小路町"),
    ("650-0021", "兵庫県", "神戸市中央区", "三宮町"),
    ("920-0961", "石川県", "金沢市", "香林坊"),
    ("380-0824", "長野県", "長野市", "南石堂町"),
    ("760-0019", "香川県", "高松市", "サンポート"),
    ("860-0805", "熊本県", "熊本市中央区", "桜町"),
]
BUILDINGS = ["", "", "", "コーポ桜101", "グリーンハイツ203号室", "第二山本ビル5F", "メゾン青葉 402", "パークタワー1204"]


def my_number(rng: random.Random) -> str:
    """Twelve digits with a right check digit."""
    body = [rng.randrange(10) for _ in range(11)]
    rest = sum(w * d for w, d in zip((6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), body, strict=True)) % 11
    return "".join(map(str, body)) + str(0 if rest <= 1 else 11 - rest)


def corporate_number(rng: random.Random) -> str:
    """Thirteen digits with a right leading check digit."""
    body = [rng.randrange(10) for _ in range(12)]
    total = sum(d * (1 if n % 2 == 0 else 2) for n, d in enumerate(reversed(body)))
    return str(9 - total % 9) + "".join(map(str, body))


def card(rng: random.Random, prefix: str = "4") -> str:
    """Sixteen digits that pass Luhn."""
    body = prefix + "".join(str(rng.randrange(10)) for _ in range(15 - len(prefix)))
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(body))
    return body + str(-total % 10)


def licence(rng: random.Random) -> str:
    """A driver's licence number with a right check digit."""
    body = rng.choice(["30", "31", "43", "62", "40"]) + f"{rng.randrange(100):02d}" + "".join(str(rng.randrange(10)) for _ in range(6))
    rest = sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), body, strict=True)) % 11
    check = {0: 1, 1: 0}.get(rest, 11 - rest)
    return f"{body}{check}{rng.randrange(3)}"


def insurer(rng: random.Random) -> str:
    """An eight-digit insurer number whose last digit is its check."""
    body = "06" + f"{rng.randrange(1, 48):02d}" + f"{rng.randrange(1000):03d}"
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(body[::-1]))
    return body + str(-total % 10)


def waybill(rng: random.Random) -> str:
    """A parcel number: eleven digits and their remainder by seven."""
    body = "".join(str(rng.randrange(10)) for _ in range(11))
    return body + str(int(body) % 7)


def wareki(day: dt.date) -> str:
    """``昭和50年4月1日``."""
    for name, first, year in (
        ("令和", dt.date(2019, 5, 1), 2019),
        ("平成", dt.date(1989, 1, 8), 1989),
        ("昭和", dt.date(1926, 12, 25), 1926),
    ):
        if day >= first:
            number = day.year - year + 1
            return f"{name}{'元' if number == 1 else number}年{day.month}月{day.day}日"
    raise ValueError(day)


def wareki_short(day: dt.date) -> str:
    """``S50.4.1``."""
    long = wareki(day)
    era = {"令和": "R", "平成": "H", "昭和": "S"}[long[:2]]
    year, rest = long[2:].split("年")
    month, rest = rest.split("月")
    return f"{era}{1 if year == '元' else year}.{month}.{rest.rstrip('日')}"


@dataclass(frozen=True)
class Person:
    """An invented person; every field is a string as an office would write it."""

    surname: str
    given: str
    surname_kana: str
    given_kana: str
    surname_romaji: str
    given_romaji: str
    sex: str
    born: dt.date
    postal: str
    address: str
    mobile: str
    phone: str
    email: str
    my_number: str
    employee: str
    account: str
    bank: str
    branch: str
    pension: str
    licence: str

    @property
    def name(self) -> str:
        return self.surname + self.given

    @property
    def spaced(self) -> str:
        return f"{self.surname} {self.given}"

    @property
    def kana(self) -> str:
        return f"{self.surname_kana} {self.given_kana}"

    @property
    def romaji(self) -> str:
        return f"{self.given_romaji} {self.surname_romaji}"


_SURNAMES = [tuple(entry.split()) for line in SURNAMES.splitlines() for entry in line.split("|")]
_GIVEN = [tuple(entry.split()) for line in GIVEN.splitlines() for entry in line.split("|")]
_AREAS = [("03", "3{0:03d}"), ("06", "6{0:03d}"), ("045", "{0:03d}"), ("052", "{0:03d}"), ("092", "{0:03d}"), ("022", "{0:03d}")]
_BANKS = [
    ("みずほ銀行", "丸の内支店"),
    ("三井住友銀行", "新宿支店"),
    ("三菱UFJ銀行", "名古屋支店"),
    ("りそな銀行", "大阪支店"),
    ("横浜銀行", "本店"),
]


def people(rng: random.Random, count: int) -> list[Person]:
    """``count`` people, no two of the same name."""
    pairs = [(s, g) for s in _SURNAMES for g in _GIVEN]
    rng.shuffle(pairs)
    made = []
    for number, ((surname, surname_kana, surname_romaji), (given, given_kana, given_romaji, sex)) in enumerate(pairs[:count]):
        postal, prefecture, city, town = rng.choice(TOWNS)
        building = rng.choice(BUILDINGS)
        address = f"{prefecture}{city}{town}{rng.randint(1, 5)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}" + (
            f" {building}" if building else ""
        )
        area, exchange = rng.choice(_AREAS)
        bank, branch = rng.choice(_BANKS)
        made.append(
            Person(
                surname, given, surname_kana, given_kana, surname_romaji, given_romaji, sex,
                dt.date(rng.randint(1950, 2003), rng.randint(1, 12), rng.randint(1, 28)),
                postal, address,
                f"{rng.choice(['070', '080', '090'])}-{rng.randint(1000, 9999)}-{rng.randint(0, 9999):04d}",
                f"{area}-{exchange.format(rng.randint(200, 799))}-{rng.randint(0, 9999):04d}",
                f"{given_romaji.lower()}.{surname_romaji.lower()}{rng.randint(1, 99)}@{rng.choice(['example.co.jp', 'example.ne.jp', 'mail.example.jp'])}",
                my_number(rng), f"E{10001 + number}", f"{rng.randint(1000000, 9999999)}", bank, branch,
                f"{rng.randint(1000, 9999)}-{rng.randint(0, 999999):06d}", licence(rng),
            )
        )  # fmt: skip
    return made
