"""What people write of each other every day: no words of forms, and still the law's eleven categories and those of the finance guideline."""

from __future__ import annotations

from functools import cache

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Line, Segment, Table
from piiscan.settings import Detection


@cache
def kit() -> Kit:
    return Kit(Detection(financial_sensitive=True))


def kinds(*pieces: str | Table) -> set[str]:
    document = Document(kit(), "memo.txt")
    records = []
    for number, piece in enumerate(pieces):
        records += document.feed(piece if isinstance(piece, Table) else Segment(Line(number + 1), piece))
    records += document.finish()
    return {hit.entity.removeprefix("JP_SENSITIVE_") for record in records for hit in record.hits if hit.entity.startswith("JP_SENSITIVE_")}


def note(said: str) -> str:
    return f"総務の白石です。\n営業部の片山 健太さんですが、{said}。"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("昨夜、空き巣に入られたそうです", "CRIME_VICTIM"),
        ("通勤中に財布を盗まれた", "CRIME_VICTIM"),
        ("元夫から待ち伏せされている", "CRIME_VICTIM"),
        ("訪ねてきた男に現金を渡してしまったとのこと", "CRIME_VICTIM"),
        ("会社の飲み会で上司に体を触られた", "CRIME_VICTIM"),
        ("SNSのアカウントを乗っ取られた", "CRIME_VICTIM"),
        ("飲酒運転で捕まった", "CRIMINAL_PROCEDURE"),
        ("警察に留置されている", "CRIMINAL_PROCEDURE"),
        ("肋骨にひびが入った", "MEDICAL_HISTORY"),
        ("膝を痛めて休んでいます", "MEDICAL_HISTORY"),
        ("額を4針縫った", "MEDICAL_HISTORY"),
        ("コロナに感染した", "MEDICAL_HISTORY"),
        ("メンタルをやられて来られない", "MEDICAL_HISTORY"),
        ("余命半年と言われた", "MEDICAL_HISTORY"),
        ("アル中だそうです", "MEDICAL_HISTORY"),
        ("えびを食べると息が苦しくなる", "MEDICAL_HISTORY"),
        ("救急車で運ばれた", "MEDICAL_CARE"),
        ("眠れず薬をもらっている", "MEDICAL_CARE"),
        ("健診で肝臓が引っかかった", "CHECKUP_RESULT"),
        ("胸のレントゲンに影があると言われた", "CHECKUP_RESULT"),
        ("尿酸値が高い", "CHECKUP_RESULT"),
        ("左半身まひがある", "DISABILITY"),
        ("右手が使えない", "DISABILITY"),
        ("障害者枠で入社した", "DISABILITY"),
        ("言葉の遅れがあった", "DISABILITY"),
        ("中国残留孤児の2世", "RACE"),
        ("ナイジェリアにルーツがある", "RACE"),
        ("共産党を支持している", "CREED"),
        ("日曜は教会に通っている", "CREED"),
        ("部落の出身だと噂された", "SOCIAL_STATUS"),
        ("愛人の子だと書かれた", "SOCIAL_STATUS"),
        ("組合に入ったそうです", "FIN_UNION"),
        ("同性のパートナーと暮らしている", "FIN_SEX"),
        ("本籍は愛媛県松山市", "FIN_DOMICILE"),
        ("駐車場で男に腕をつかまれ、連れ込まれそうになった", "CRIME_VICTIM"),
        ("警察で調書を取られた", "CRIMINAL_PROCEDURE"),
        ("家裁から呼び出しが来た", "JUVENILE_PROCEDURE"),
        ("窃盗で2年、刑を務めたそうです", "CRIMINAL_RECORD"),
        ("お子さんがことばの教室に通級しています", "DISABILITY"),
        ("右足装具をつけ、手引き歩行です", "DISABILITY"),
        ("妻以外の女性との間の子だそうです", "SOCIAL_STATUS"),
    ],
)
def test_what_is_said_of_a_colleague(said: str, kind: str) -> None:
    assert kind in kinds(note(said))


@pytest.mark.parametrize(
    "said",
    [
        "お客様に心を奪われたと話していました",
        "会議に時間を取られて遅れます",
        "荷物を受け取られました",
        "二塁で刺されて悔しがっていました",
        "ハチに刺されないよう長袖でとのこと",
        "タクシーが捕まらないそうです",
        "リアル中継の担当です",
        "骨にひびく音だと話しています",
        "膝に水筒を置いていました",
        "数字に弱いと笑っていました",
        "健診で午後から来ます",
        "エコーで音に影響が出るとのこと",
        "メンタル面の研修を担当します",
        "支援学級の担任です",
        "B型作業所の職員です",
        "障害者枠の求人を担当します",
        "韓国系企業を担当します",
        "部落の出入口の地図を作りました",
        "マンション管理組合に入ったそうです",
        "組合に入っていない人の名簿を作りました",
        "公明党支持者の集会の記事を書きました",
        "詐欺の被害を防いで表彰されました",
        "過呼吸の応急手当を教えてくれました",
        "風邪ひとつひかない人です",
        "ドクターストップというバンドの曲が好きです",
        "2F 認知症ユニットの勤務です",
        "認知症薬の市場を調べています",
        "刑事裁判の通訳をしています",
        "がん薬物療法認定薬剤師です",
        "カルテで「糖尿病」と入れると遅いとのこと",
        "1号機の診断をしました",
        "機械で2年の保証を付けました",
    ],
)
def test_what_is_said_and_is_none_of_it(said: str) -> None:
    assert kinds(note(said)) == set()


def test_columns_of_dialysis_and_of_a_union() -> None:
    dialysis = Table(
        "t", (("ベッド", "氏名", "シャント", "除水量"), ("1", "片山 健太", "左前腕", "2.1"), ("2", "白石 早紀", "右前腕", "1.8"))
    )
    assert "MEDICAL_CARE" in kinds(dialysis)
    union = Table("t", (("氏名", "所属分会", "組合費"), ("片山 健太", "第一分会", "4500"), ("白石 早紀", "本社分会", "4200")))
    assert "FIN_UNION" in kinds(union)
    town = Table("t", (("氏名", "班", "町会費"), ("片山 健太", "1班", "4500"), ("白石 早紀", "2班", "4200")))
    assert kinds(town) == set()


def test_notes_on_care_in_a_short_table() -> None:
    rows = (("片山 健太", "ことばの教室に通級"), ("白石 早紀", "なし"), ("大西 俊介", "左耳 補聴器"))
    assert "DISABILITY" in kinds(Table("t", (("園児", "個別の配慮"), *rows)))
    rows = (("片山 健太", "窓際の席"), ("白石 早紀", "なし"), ("大西 俊介", "弁当持参"))
    assert kinds(Table("t", (("園児", "個別の配慮"), *rows))) == set()


def test_a_table_of_what_somebody_is_given() -> None:
    assert "MEDICAL_CARE" in kinds("施設 与薬表\n\n片山 優花 様\n朝　アスピリン100mg\n眠前　ゾルピデム5mg")
    assert kinds("薬局 新商品のご案内\n\n片山 優花 様\nアスピリン100mgの新しい包装ができました。") == set()
