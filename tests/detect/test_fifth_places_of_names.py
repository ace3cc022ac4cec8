"""Who is named where: behind a room, a time or a rank, of whom it is said what he does, at the end of a note; and what looks the same and is nobody."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("305号室中条様より電話\n", ["中条"]),
        ("先日御手洗様に査定をお願いした者です。\n", ["御手洗"]),
        ("・例示病院　事務長小峰様　予算は来期\n", ["小峰"]),
        ("社用の鍵は城さんが持っています\n", ["城"]),
        ("部屋は相談室でよいと芝教頭の了解を得ました。\n", ["芝"]),
        ("対策：ミラー調整済。陳班長が朝礼で周知する。\n", ["陳"]),
        ("王様から電話で問い合わせがあった\n", ["王"]),
        ("・入浴　小山様、神様　拒否1名（内海様）\n", ["小山", "神", "内海"]),
        ("引継ぎは楊が行います。\n", ["楊"]),
        ("説明は御手洗が担当します。\n", ["御手洗"]),
        ("19:00 生方→長井\n", ["生方", "長井"]),
        ("・合併した健保の一覧を更新しておきます（楠）\n", ["楠"]),
        ("7/15 夜勤→日勤 引継ぎ（サントス）\n205　設備の不調\n", ["サントス"]),
        ("担当アジャスター　西\n", ["西"]),
        ("当該者氏名　南清\n性別　男\n", ["南清"]),
        ("語り手　保ケ部　花子さん（45歳）\n", ["保ケ部　花子"]),
        ("連帯保証人　サントス　カルロス　遠野市\n", ["サントス　カルロス"]),
        ("　　　　被　　告　　陳　建　国\n", ["陳　建　国"]),
        ("例示出版　編集部　長嶺次郎\n", ["長嶺次郎"]),
        ("来た人→佐々木 楊 早坂 岡安\n", ["佐々木", "楊", "早坂", "岡安"]),
        # a list is not parted at a wide blank inside a name
        (
            "日時　2026年9月1日　10:00〜11:20\n委員　高倉 亜希子（委員長）、赤堀　太一、中村勇\n議題　物流部 湯本　久美子 の件\n",
            ["高倉 亜希子", "赤堀　太一", "中村勇", "湯本　久美子"],
        ),
    ],
)
def test_a_place_that_somebody_fills(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "対応は本社が行います。司会は総務が担当します。\n",
        "説明は大阪が担当\n",
        "本日神様にお祈りしました。昨日客様が来た。社長室様\n",
        "神様から授かった命。王様から宝物をもらう。\n",
        "10:30 新宿→渋谷\n",
        "メニューを更新しました（松本）\n",
        "資料を送ります（総務）\n",
        "業務日誌（福岡）\n",
        "お寺さんは橋さん、店さんと相談\n",
        "パーマ　7レベル アッシュ　シルバー　カラー\n",
        "金　三千円　　品　代　金\n",
    ],
)
def test_what_stands_there_and_is_nobody(names, text: str) -> None:
    assert names(text) == []


def test_kim_in_a_column_of_names(names) -> None:
    rows = ["山本 健,設楽", "小山 大輔,坪井", "王 偉,河合", "辻 正,金", "逸見 樹,伊藤", "村上 翔太,西"]
    assert "金" in names("\n".join(["患者氏名,処方医", *rows]) + "\n", "薬歴.csv")
    days = "\n".join(f"{day},{name}" for day, name in zip("月火水木金", ["佐藤", "鈴木", "高橋", "田中", "伊藤"], strict=True))
    assert "金" not in names(f"曜日,当番\n{days}\n", "当番.csv")


def test_a_row_that_addresses_somebody_is_no_header(names) -> None:
    text = "相続人\n　配偶者　浅野沙織様　1944年12月10日\n　長男　　浅野健一様　S30.1.21　東京都港区芝1-2-3\n　二男　　浅野翔太様　海外在住\n　三男　　浅野悠真様　海外在住\n"
    assert {"浅野沙織", "浅野健一", "浅野翔太", "浅野悠真"} <= set(names(text))


def test_a_plan_of_days_whose_columns_single_blanks_part(names, count) -> None:
    lines = ["21 月 酒井 水口 朴", "5 月 木村 大川 渡邉", "1 月 加藤 竹島 有賀", "10 月 永井 甲斐 大豆生田", "16 月 陳 三ツ矢 小沢"]
    text = "2月 清掃当番\n日 曜 1階 2階 鍵\n" + "\n".join(lines) + "\n"
    assert count(text) == 15
    assert {"三ツ矢", "大豆生田", "有賀", "竹島"} <= set(names(text))
    assert names("日 曜 気温 湿度\n1 月 21 60\n2 火 22 61\n3 水 20 58\n") == []


@pytest.mark.parametrize(
    ("text", "name", "people"),
    [
        # 辻 元樹 by the lists, and 辻元 樹
        ("From: 辻元樹 <itsuki@example.co.jp>\nSubject: x\n\n理事長　辻元\n", "mail.eml", 1),
        # a whole name in five kana, and the family name in kanji
        ("OP：カスタマーセンターの谷本でございます。\nCU：あの、トダマリコと申しますが。\nOP：戸田様ですね。\n", "file.txt", 2),
        # 金 is キム in its row, whatever the lists read the given name
        ('{"your-name":"金正浩","your-kana":"きむ じょんほ","your-tel":"080-1234-5678"}\n', "form.jsonl", 1),
        # … and another 金 elsewhere is not キム・ミンジュン
        (
            "氏名,フリガナ,保護者氏名\n金 正浩,キム ジョンホ,金愛\nキム・ミンジュン,キム ミンジュン,キム・香織\n林 英樹,ハヤシ ヒデキ,林拓也\n",
            "名簿.csv",
            6,
        ),
        ("名刺\n林 愛\nWei Lin\n080-1234-5678\n", "file.txt", 2),
    ],
)
def test_one_person_in_two_ways_and_two_who_look_alike(count, text: str, name: str, people: int) -> None:
    assert count(text, name) == people


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ブロック長　1区 所／2区 増田／3区 廣田\n", ["所", "増田", "廣田"]),
        ("出席　小松（主事）、坂倉、沼田、SSW星\n", ["小松", "坂倉", "沼田", "星"]),
        ("中嶋 俊介（5年 建国さん保護者）・・・5票\n", ["中嶋 俊介", "建国"]),
        ("19:30　はた様 3名　個室\n", ["はた"]),
        ("4月1日付で下記のとおり発令する。\n\n人事部長　出雲\n", ["出雲"]),
        # firms, shops, a new home, a rank of poems, a list of things to do
        ("主治医（㈲高田設備 水野医師）に病状照会。\n", ["水野"]),
        ("北　ヘアサロン「ゆうこ」　店主の益子　未枝さん\n", ["益子　未枝"]),
        ("新居はえびの市。仲人の山脇三郎部長いわく「果報者」。\n", ["山脇三郎"]),
        ("短歌　秀　雨の日のバスに揺られて図書館へ　（旭町　岩下 勝彦）\n", ["岩下 勝彦"]),
        ("ToDo：松井→在庫確認、垣内→図面\n", ["松井", "垣内"]),
        ("どなた様 3名　（5年 皆さん保護者）\n", []),
        ("営業部長　不在\n総務課長　会議中\n", []),
    ],
)
def test_lists_and_what_is_no_name(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


def test_whoever_else_has_the_task_of_a_row(names) -> None:
    rows = "A班,B班,C班\n平良 伊吹,鈴木 結衣,三宅 三郎\n邊見 沙織,乾 岳,松本 一郎\nファシリテータ 松井,七五三掛,生方\n"
    assert {"松井", "七五三掛", "生方"} <= set(names(rows, "班.csv"))
    rows = "A班,B班,C班\n平良 伊吹,鈴木 結衣,三宅 三郎\n邊見 沙織,乾 岳,松本 一郎\n担当 松井,会議室,東京\n"
    assert {"会議室", "東京"}.isdisjoint(names(rows, "班.csv"))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("感想\n夏目漱石の手紙がおもしろかった。講師の中村先生の声がよい。\n太宰は苦手です。\n", 1),
        # without people of history, and with a title, it is somebody's name
        ("講師の中村先生の声がよい。\n受付の太宰さんが親切でした。\n", 2),
        ("夏目漱石の手紙がおもしろかった。\n受付の太宰さんが親切でした。\n", 1),
    ],
)
def test_a_family_name_of_history_beside_others_of_history(count, text: str, people: int) -> None:
    assert count(text) == people


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("川内陸\n仲野雄太\n岡田英樹\n下山光\n", ["川内陸", "仲野雄太", "岡田英樹", "下山光"]),
        ("御手洗ふみえ後援会 支持者カード入力\n", ["御手洗ふみえ"]),
        ("ご法要をお考えの節は、東（寺務）までお電話ください。\n", ["東"]),
        ("世帯主　黒澤裕尚（44歳）　地区担当員　南\n", ["黒澤裕尚", "南"]),
        ("丸 瞳\n090-1234-5678\n", ["丸 瞳"]),
        ("りんご箱\n青空市\n光の道\n山の辺\n", []),
    ],
)
def test_names_among_others_and_behind_a_task(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted
