# ruff: noqa: SIM905, RUF005 -- word lists read best as text
"""Invents sentences and office texts with names in them (and with none), to train the name model on business documents.

Nobody here exists: surnames and given names are drawn from the lists independently. Places, companies and products are
general knowledge or made up. ``invent(n)`` gives ``{"text", "spans", "source"}`` rows in the form of the training files.
"""

from __future__ import annotations

import random
import re
from typing import Any

from piiscan.detect.names.features import model_lexicon
from piiscan.detect.names.variants import romaji
from piiscan.resources import recognizers_dir

PLACES = """千葉市 宮崎県 松本市 山口県 福島市 石川県 長野県 岡山市 川崎市 大分県 前橋市 高松市 宮城県 福井県 三島市 本庄市 小山市 上田市 藤沢市 平塚市 秋田県 青森県
渋谷区 新宿区 品川区 目黒区 中野区 杉並区 豊島区 板橋区 練馬区 足立区 大田区 世田谷区 横浜市 名古屋市 大阪市北区 福岡市 仙台市 札幌市 広島市 神戸市 京都市 さいたま市 相模原市 堺市
静岡県浜松市 東京都千代田区丸の内 大阪府豊中市 愛知県豊田市 神奈川県鎌倉市 埼玉県川越市 千葉県柏市 兵庫県西宮市 北海道旭川市 沖縄県那覇市 千葉 宮崎 松本 福島 石川 長野 岡山 高松""".split()
TOWNS = """岡崎 豊田 柏 堺 川口 大宮 山口 福井 秋田 青森 和歌山 千葉 宮崎 松本 福島 石川 長野 岡山 高松 三島 小山 上田 藤沢 平塚 中野 三鷹 大久保 目黒 上野 大塚 赤羽 大井 田町 品川 神田 浦和 熊谷 深谷 本庄 秋葉原
大崎 川崎 鶴見 戸塚 大船 茅野 塩尻 中津川 多治見 大垣 米原 草津 高槻 茨木 芦屋 三田 加古川 姫路 倉敷 福山 三原 岩国 下関 鳥栖 大村 諫早 島原 唐津 平戸 日田 別府 宇佐 林 森 津 泉 原 黒部 氷見 魚津 糸魚川""".split()
COMPANIES = """本田技研工業 松下電器 株式会社高島屋 ㈱山本商店 山田商事 鈴木製作所 佐藤工業株式会社 (株)田中建設 有限会社小林印刷 中村屋 大塚製薬 武田薬品工業 小野薬品 三井物産 伊藤忠商事 丸紅 住友商事
野村證券 大和証券 村田製作所 島津製作所 竹中工務店 大林組 清水建設 鹿島建設 前田建設工業 森ビル 森永製菓 山崎製パン 江崎グリコ 伊藤園 川崎重工業 豊田自動織機 石川島播磨 吉本興業 渡辺電機 加藤産業
高橋会計事務所 西村法律事務所 サンプル商事株式会社 株式会社テスト企画 合同会社青空 東京電力 日本通運 ヤマト運輸 佐川急便 山善 大塚商会 井村屋 服部時計店 松屋 平和堂 長谷工 岩谷産業 吉野家 松井証券 上田短資
株式会社オカムラ アサヒビール トヨタ自動車 マツダ スズキ ホンダ ブリヂストン カシオ計算機 イトーヨーカ堂 ヤマハ クボタ コマツ ワタミ ダイキン工業 リクルート パナソニック カネボウ""".split()
DEPARTMENTS = """営業部 総務部 人事部 経理課 開発部 営業二課 第一営業部 製造部 品質管理課 情報システム部 法務室 広報室 企画推進課 購買部 技術部 資材課 カスタマーサポート 本社 大阪支店 名古屋営業所 健康管理室""".split()
TITLES = "部長 課長 係長 主任 社長 次長 室長 代表取締役 取締役 専務 常務 会長 所長 支店長 店長 リーダー 先生 教授 医師 弁護士 税理士 主査 課長補佐 マネージャー".split()
PRODUCTS = """ノートパソコン ボールペン シャープペンシル コピー用紙A4 プリンタートナー モニター ルーター ハードディスク USBメモリ 電卓 カレンダー クリアファイル りんごジュース サクラクレパス ミネラルウォーター チョコレート
コーヒー豆 ブレンド茶 カップ麺 洗剤 トイレットペーパー 会議用テーブル オフィスチェア 空気清浄機 ネジ M6 ボルト ワッシャー ステンレス板 アルミ管 カーボンファイバー ローズマリー ラベンダー デイジー カールコード
マリンブルー エメラルドグリーン スプリングコート ウィンドブレーカー""".split()
WORDS = """森林 林業 東西南北 西口 東口 北口 南口 中央 原則 原因 原材料 平成 昭和 令和 大正 明治 正月 花 桜 梅 松竹梅 光 誠実 勝利 豊富 清掃 進捗 実行 努力 和解 正義 高橋脚 山林 林道 小川 大川 石橋 中島 本田 水田 田畑
会議 資料 報告書 請求書 見積書 契約書 納品書 議事録 お客様 皆様 各位 担当者 責任者 関係者 保護者様 ご担当者様 お得意様 神様 王様 お子様 患者様 利用者様 仕様 同様 模様 多様 殿堂 宮殿 氏族 先生方 さんま たくさん 皆さん""".split()
SENTENCES = """来週の月曜日に会議を行いますので、資料のご準備をお願いいたします。 お見積書を添付いたしますので、ご確認ください。 今年度の売上は前年比で増加しました。 システムメンテナンスのため、土曜日の夜間は停止します。
交通費は実費を精算してください。 工場の安全点検を実施した。 新製品の発売に合わせて広告を出す。 請求金額は税込で十二万円です。 納期は四月末日とする。 本契約は甲と乙の間で締結する。 原因を調査し、再発防止策を講じる。
森林の保全と林業の振興を図る。 東口を出て左に曲がってください。 高島屋の前で待ち合わせましょう。 千葉県と埼玉県の店舗で実施します。 本田技研工業の株価が上昇した。 松本市と長野市の人口を比較した。 お客様各位 いつもお世話になっております。
平素より格別のご高配を賜り厚く御礼申し上げます。 花粉の飛散量が多い時期です。 光回線の工事は午後に行います。 豊富な実績があります。 誠に申し訳ございません。 桜の開花は三月下旬の見込みです。""".split()

REPLIES = """了解です 了解しました。 承知いたしました。 確認します ありがとうございます！ 少し遅れます 資料を共有しました。 明日の会議は10時からです。 予算は来月決定する。 見積を再提出してください。 異議なし。 次回までに調査します。
よろしくお願いします 折り返し電話希望。 体調不良のため休みます 請求書を送付済み。 納期を一週間延ばしたい。 お疲れさまでした 在庫を確認中です。 検討のうえ回答する。 昼食は全量摂取。 先日の件、ご確認ください。""".split()
EVENTS = "会議開始 始業 休憩 退室しました 画像を送信しました スタンプ 本日の予定 昼食 検温 朝礼 通話時間 出荷 入室 点検終了 停電復旧 画面共有".split()
OTHERS = "課題 対象 資料 要旨 全員 事務局 議長 係 総務部 千葉 福岡支店 東京本社 予定 方針 目標 実績 会議 概要 完了 未定 なし 各部署 委託先 時間 電話 巡回".split()
DOINGS = """が対応します。 が休みです。 から報告があった。 は直行直帰。 を議長に選出した。 に引き継いだ。 の席に置いてあります。 が作成し、部長が承認した。 は在宅勤務。 へ連絡済み。 が同席した。 は午後から外出。 より説明。 の件で電話あり。 が体調を崩した。
は昨日退院した。 が転倒した。 まで連絡してください。 が受領した。 と打ち合わせ。 宛に郵送した。""".split()


class Inventor:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        lex = model_lexicon()
        known = [(name, count) for name, count in lex.surnames.items() if count > 0]
        self.surnames = [name for name, _ in known]
        self.weights = [count**0.6 for _, count in known]
        self.rare = [name for name, count in lex.surnames.items() if count == 0 and 1 < len(name) <= 3]
        self.given = [name for name, often in lex.given.items() if often == 2 and len(name) <= 3]
        self.given_rare = [name for name, often in lex.given.items() if often and len(name) <= 4]
        self.foreign = sorted(name for name in lex.foreign if 2 <= len(name) <= 7)
        folder = recognizers_dir() / "dictionaries"
        read = lambda name: [x.split("\t") for x in (folder / name).read_text(encoding="utf-8").splitlines() if not x.startswith("#")]  # noqa: E731
        self.sur_kana = [(row[1], int(row[2]) ** 0.6) for row in read("surnames.tsv")]
        self.giv_kana = sorted({row[1] for row in read("given_names.tsv") if row[2] == "1"})
        self.latin = [x for row in read("latin_given_names.txt") for x in row[0].split()]
        self.parts: list[str] = []
        self.spans: list[list[Any]] = []
        self.at = 0

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def tag(self, text: str, label: str) -> None:
        self.spans.append([self.at, self.at + len(text), label])
        self.put(text)

    def pick(self, items: list[Any]) -> Any:
        return self.rng.choice(items)

    def surname(self) -> str:
        return self.pick(self.rare) if self.rng.random() < 0.15 else self.rng.choices(self.surnames, self.weights)[0]

    def given_name(self) -> str:
        return self.pick(self.given if self.rng.random() < 0.6 else self.given_rare)

    def name(self, kind: str = "") -> str:
        r = self.rng.random()
        kind = kind or (
            "full"
            if r < 0.55
            else "space"
            if r < 0.75
            else "sur"
            if r < 0.88
            else "kana"
            if r < 0.92
            else "latin"
            if r < 0.96
            else "foreign"
        )
        if kind == "full":
            return self.surname() + self.given_name()
        if kind == "space":
            return self.surname() + self.pick([" ", "　"]) + self.given_name()
        if kind == "sur":
            return self.surname()
        sur = self.rng.choices([x for x, _ in self.sur_kana], [w for _, w in self.sur_kana])[0]
        giv = self.pick(self.giv_kana)
        if kind == "kana":
            text = sur + self.pick([" ", "　", ""]) + giv
            r = self.rng.random()
            if r < 0.3:
                return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)
            return half(text) if r < 0.6 else text
        if kind == "latin":
            if self.rng.random() < 0.25:
                return self.pick(self.latin) + " " + romaji(sur).capitalize().replace("ou", "o")
            a, b = romaji(sur).replace("ou", "o").replace("uu", "u"), romaji(giv).replace("ou", "o").replace("uu", "u")
            return self.pick(
                [
                    f"{a.capitalize()} {b.capitalize()}",
                    f"{b.capitalize()} {a.capitalize()}",
                    f"{a.upper()} {b.capitalize()}",
                    f"{a.upper()} {b.upper()}",
                    f"{b.capitalize()} {a.upper()}",
                ]
            )
        return self.pick(["・", "・", " "]).join(self.rng.sample(self.foreign, 2))

    def person(self, kind: str = "") -> None:
        self.tag(self.name(kind), "PERSON")

    def company(self) -> None:
        r = self.rng.random()
        if r < 0.6:
            self.tag(self.pick(COMPANIES), "ORG")
        elif r < 0.8:
            self.tag(
                self.pick(["株式会社", "有限会社", "(株)", "㈱"])
                + self.surname()
                + self.pick(["", "商店", "工業", "建設", "製作所", "電機"]),
                "ORG",
            )
        else:
            self.tag(
                self.surname()
                + self.pick(
                    ["商事", "産業", "医院", "歯科", "クリニック", "工務店", "会計事務所", "酒店", "薬局", "運送", "病院", "内科", "鉄工所"]
                ),
                "ORG",
            )

    def place(self) -> None:
        self.tag(self.pick(PLACES), "LOC")

    def invent(self) -> dict[str, Any]:
        self.parts, self.spans, self.at = [], [], 0
        getattr(self, self.pick(KINDS))()
        return {"text": "".join(self.parts), "spans": self.spans, "source": "invented"}

    # -------------------------------------------------- kinds of text

    def form(self) -> None:
        label = self.pick(
            "氏名 名前 お名前 申込者 患者氏名 保護者氏名 担当者 担当 代表者 作成者 承認 記入者 契約者名 被保険者氏名 ご芳名 世帯主 配偶者 緊急連絡先 受取人 主治医 責任者 フリガナ ふりがな カナ氏名".split()
        )
        self.put(label + self.pick(["：", ":", "　", " ", "\t", "　　"]))
        kind = (
            "kana"
            if label[0] in "フふカ"
            else self.pick(["full", "space", "space", "sur", "latin", "foreign"])
            if label in {"担当", "担当者", "作成者", "承認", "責任者", "主治医"}
            else self.pick(["full", "space", "space", "latin", "foreign"])
        )
        self.person(kind)
        self.put(self.pick(["", "", "　様", " 様", "様", " 印", "　㊞", "（男）", "　殿"]))
        if self.rng.random() < 0.6:
            self.put(
                self.pick(["　", "  ", "、"])
                + self.pick(["住所：", "所属：", "会社名：", "生年月日：昭和50年4月1日", "電話：03-0000-0000", "性別：男", "年齢：45歳"])
            )
            if self.parts[-1].endswith("住所："):
                self.place()
                self.put(f"{self.rng.randint(1, 9)}-{self.rng.randint(1, 30)}")
            elif self.parts[-1].endswith("所属："):
                self.put(self.pick(DEPARTMENTS))
            elif self.parts[-1].endswith("会社名："):
                self.company()

    def greeting(self) -> None:
        if self.rng.random() < 0.5:
            self.company()
            self.put(self.pick(["　", " ", ""]))
        if self.rng.random() < 0.5:
            self.put(self.pick(DEPARTMENTS) + self.pick(["　", " ", "の", ""]))
        if self.rng.random() < 0.75:
            self.person(self.pick(["sur", "full", "space", "kana"]))
            self.put(self.pick(["様", "　様", " 様", "さん", "殿", "先生", self.pick(TITLES) + "様", self.pick(TITLES)]))
        else:
            self.put(self.pick(["ご担当者様", "担当者 様", "各位", "御中", "お客様", "皆様", "関係者各位", "保護者様"]))
        self.put(self.pick(["", "、", "　いつもお世話になっております。", "\nお世話になっております。"]))

    def sender(self) -> None:
        self.put(self.pick(["お世話になっております。", "いつもお世話になっております。", "お疲れ様です。", ""]))
        self.company()
        self.put("の")
        self.person(self.pick(["sur", "sur", "full"]))
        self.put(self.pick(["です。", "と申します。", "でございます。", "より連絡いたします。"]))

    def signature(self) -> None:
        self.company()
        self.put(
            self.pick([" ", "　"])
            + self.pick(DEPARTMENTS)
            + self.pick([" ", "　", ""])
            + self.pick(["", "", self.pick(TITLES) + self.pick([" ", "　"])])
        )
        self.person(self.pick(["space", "full"]))
        if self.rng.random() < 0.4:
            self.put(self.pick(["（", " (", " / "]))
            self.person(self.pick(["kana", "latin"]))
            self.put("）" if "（" in self.parts[-2] else ")" if "(" in self.parts[-2] else "")

    def minutes(self) -> None:
        self.put(self.pick(["出席者：", "出席：", "参加者:", "欠席者：", "メンバー：", "出席者　", "CC: "]))
        kind = self.pick(["sur", "sur", "full", "space"])
        title = self.rng.random() < 0.5
        sep = self.pick(["、", "、", "，", ", ", "・", "／", "　", " / "])
        if kind == "space" and sep == "　":
            sep = "、"
        for i in range(self.rng.randint(2, 7)):
            if i:
                self.put(sep)
            if self.rng.random() < 0.15:
                self.put(self.pick(DEPARTMENTS))
            self.person(kind)
            if title and self.rng.random() < 0.7:
                self.put(self.pick(TITLES + ["さん", "様", "氏"]))
        self.put(self.pick(["", "", "（敬称略）", "（順不同）", " 他2名"]))

    def sentence(self) -> None:
        who = self.pick(["担当は", "本件は", "明日は", "議長は", "", "本日、", "先日", "司会の", "弊社の", "講師に", "患者の", "申請者の"])
        self.put(who)
        if self.rng.random() < 0.4:
            self.put(self.pick(DEPARTMENTS) + "の")
        self.person(self.pick(["sur", "full", "full", "foreign"]))
        self.put(self.pick(["", "さん", "氏", "様", self.pick(TITLES), "くん"]))
        self.put(
            self.pick(
                [
                    "が担当します。",
                    "に連絡してください。",
                    "から電話がありました。",
                    "より報告があった。",
                    "が欠席。",
                    "は来週から出張です。",
                    "へ転送をお願いします。",
                    "が説明し、",
                    "の承認を得た。",
                    "を選任する。",
                    "です。",
                ]
            )
        )
        if self.parts[-1].endswith("、"):
            self.person(self.pick(["sur", "full"]))
            self.put(self.pick(["が補足した。", "から質問が出た。", "課長が了承した。"]))

    def mail(self) -> None:
        self.put(self.pick(["From: ", "To: ", "Cc: ", "差出人: ", "宛先："]))
        quote = self.pick(['"', ""])
        self.put(quote)
        self.person(self.pick(["latin", "space", "full", "latin"]))
        self.put(
            quote
            + f" <{self.pick(['t', 'h', 'info', 'user', 'a.b'])}{self.rng.randint(1, 99)}@example.{self.pick(['co.jp', 'com', 'jp'])}>"
        )

    def row(self) -> None:
        sep = self.pick(["\t", ",", "  ", "　", " | ", ", "])
        cells = [
            str(self.rng.randint(1, 9999)),
            "P",
            self.pick(["男", "女", "M", "F", "45", "1975/04/01"]),
            "L",
            self.pick(["03-0000-0000", "090-0000-0000", "営業部", "正社員", "○"]),
        ]
        if self.rng.random() < 0.3:
            cells.insert(2, "K")
        for i, cell in enumerate(cells):
            if i:
                self.put(sep)
            if cell == "P":
                self.person(self.pick(["full", "space"]) if sep.strip() else "full")
            elif cell == "K":
                name = self.name("kana")
                self.tag(name if sep.strip() else name.replace(" ", "").replace("　", ""), "PERSON")
            elif cell == "L":
                self.place()
            else:
                self.put(cell)

    def lines(self) -> None:
        kind = self.pick(["full", "space", "kana", "latin"])
        for i in range(self.rng.randint(1, 4)):
            if i:
                self.put("\n")
            self.person(kind)

    def english(self) -> None:
        self.put(
            self.pick(
                ["Meeting with ", "Prepared by ", "Author: ", "Name: ", "Contact: ", "Dear ", "Approved by ", "Mr. ", "Dr. ", "Regards, "]
            )
        )
        self.person("latin")
        self.put(self.pick(["", ".", ", Sales Department", " (Tokyo)", " will attend the meeting.", ", Manager"]))

    def chat(self) -> None:
        """Lines of a chat: time, speaker, what was said; and lines in which nobody speaks."""
        form = self.pick(
            ["{t} {n} {m}", "{t}\t{n}\t{m}", "[{t}] {n}: {m}", "{n} {t}\n{m}", "{n}：{m}", "{n}「{m}」", "{t} {n}＞{m}", "<{n}> {m}"]
        )
        kind = self.pick(["sur", "sur", "full", "space"])
        for i in range(self.rng.randint(1, 5)):
            if i:
                self.put("\n")
            time = f"{self.rng.randint(0, 23)}:{self.rng.randint(0, 59):02}"
            said = self.pick(REPLIES)
            if self.rng.random() < 0.2:
                self.put(f"{time} {self.pick(EVENTS)}")
                continue
            before, after = form.split("{n}")
            self.put(before.format(t=time, m=said))
            self.person(kind)
            self.put(after.format(t=time, m=said))

    def speech(self) -> None:
        """Who said, did, decided what: minutes, hand-overs, notes of calls, records of care."""
        who = self.pick(
            [
                "{}",
                "{}",
                "発言（{}）：",
                "（{}）",
                "【{}】",
                "○{}　",
                "・{}：",
                "{}）",
                "承認者は{}",
                "決裁者：{}",
                "回答者 {}",
                "対応　{}",
                "受付 {}",
                "営業 {}",
                "担当 {}",
                "記録 {}",
                "作業者 {}",
                "報告 {}",
            ]
        )
        before, after = who.split("{}")
        self.put(before)
        if self.rng.random() < 0.2:
            self.put(self.pick(OTHERS))
        else:
            self.person(self.pick(["sur", "sur", "sur", "full"]))
            if self.rng.random() < 0.3:
                self.put(self.pick(TITLES + ["さん", "様", "氏", "委員", "看護師", "君"]))
        self.put(after)
        if who.startswith("承認者は"):
            self.put(self.pick(["である。", "です。", "とする。", "に変更された。"]))
        elif who == "{}":
            self.put(self.pick(DOINGS))
        elif self.rng.random() < 0.6:
            self.put(("" if after else self.pick([" ", "　", "\n"])) + self.pick(REPLIES))

    def introduction(self) -> None:
        """A caller or writer names himself with his firm, department or town."""
        self.put(
            self.pick(
                [
                    "",
                    "お世話になっております。",
                    "いつも大変お世話になっております。",
                    "突然のご連絡失礼いたします。",
                    "はじめまして。",
                    "お疲れさまです。",
                    "もしもし、",
                ]
            )
        )
        r = self.rng.random()
        if r < 0.35:
            self.company()
            if self.rng.random() < 0.4:
                self.put(self.pick(["", " ", "　"]) + self.pick(DEPARTMENTS))
            self.put(self.pick(["の", "の", "　", " "]))
        elif r < 0.75:
            self.put(self.pick(DEPARTMENTS) + self.pick(["の", "の", "　"]))
        elif r < 0.85:
            self.place()
            self.put("の")
        if self.rng.random() < 0.12:
            self.put(self.pick(["担当", "者", "責任者", "受付", "窓口"]))
        else:
            self.person(self.pick(["sur", "sur", "sur", "full", "space"]))
        self.put(
            self.pick(["です。", "です。", "です、", "と申します。", "でございます。", "ですが、", "です。\n"]) + self.pick(["", *REPLIES])
        )

    def board(self) -> None:
        """Timetables, results, weather, sales by town: places that are surnames too, where chats and lists have names."""
        form = self.pick(
            [
                "{t} {p}{d}",
                "{t}\t{p}\t{n}番線",
                "{p} {a}-{b} {q}",
                "{p}-{q}",
                "第{a}試合　{p}－{q}",
                "{p}　晴れ　{n}℃",
                "{p}：{n}件",
                "{p}\t{n}",
                "{p}→{q}",
                "{p}（{n}店）",
                "{p} vs {q}",
                "{p}・{q}方面",
            ]
        )
        for i in range(self.rng.randint(1, 4)):
            if i:
                self.put("\n")
            values = {
                "t": f"{self.rng.randint(5, 23)}:{self.rng.randint(0, 59):02}", "d": self.pick(["", " 発", " 着", "行き", "駅"]),
                "a": str(self.rng.randint(0, 9)), "b": str(self.rng.randint(0, 9)), "n": str(self.rng.randint(1, 900)),
            }  # fmt: skip
            for part in re.split(r"(\{\w\})", form):
                if part in {"{p}", "{q}"}:
                    self.tag(self.pick(TOWNS), "LOC")
                else:
                    self.put(values[part[1]] if part.startswith("{") else part)

    def negative(self) -> None:
        r = self.rng.random()
        if r < 0.2:
            for i in range(self.rng.randint(2, 6)):
                self.put("、" if i else "")
                (self.place if self.rng.random() < 0.6 else self.company)()
        elif r < 0.4:
            for i in range(self.rng.randint(2, 6)):
                self.put(("、" if i else "") + self.pick(WORDS))
        elif r < 0.55:
            for i in range(self.rng.randint(2, 6)):
                self.put(("\t" if i else "") + self.pick(PRODUCTS))
        elif r < 0.7:
            self.place()
            self.put(
                self.pick(["", "中央", "本町", "栄町", "大字高橋", "字前田", "小林町", "青山"])
                + f"{self.rng.randint(1, 5)}丁目{self.rng.randint(1, 20)}番{self.rng.randint(1, 20)}号"
            )
        else:
            self.put(self.pick(SENTENCES))

    def address(self) -> None:
        self.put(self.pick(["住所：", "所在地 ", "〒100-0001 ", "", "お届け先："]))
        self.place()
        town = self.pick(
            [
                "中央",
                "本町",
                "栄町",
                "大手町",
                "青山",
                "三田",
                "上野",
                "石川町",
                "山手",
                "小林",
                "松原",
                "神田",
                "宮前",
                "原町田",
                "中野",
                "大久保",
                "高木",
                "平野",
                "池田",
                "西田",
            ]
        )
        self.put(
            f"{town}{self.rng.randint(1, 9)}-{self.rng.randint(1, 30)}-{self.rng.randint(1, 20)}"
            + self.pick(["", " グリーンハイツ101", " サンシャインビル3F", "　中村ビル2階", " メゾン青葉202号室"])
        )
        if self.rng.random() < 0.4:
            self.put(self.pick([" ", "　"]))
            self.person(self.pick(["full", "space"]))
            self.put(self.pick(["様", " 様", "　様", ""]))

    def code(self) -> None:
        self.put(
            self.pick(
                [
                    "def tanaka_value(name): return name",
                    "import numpy as np",
                    "SELECT name FROM users WHERE id = 1",
                    "for i in range(10): print(i)",
                    "public class SatoFilter extends Filter {}",
                    "Error: File Not Found in Main Thread",
                    '<div class="name">Home</div>',
                    "git commit -m 'Fix Bug In Parser'",
                    "Windows Server Standard Edition",
                    "Microsoft Office Excel Sheet",
                    "Visual Studio Code",
                    "New York Tokyo London Paris",
                    "README.md License Apache Version",
                    "Sales Report Final Draft.docx",
                    "Adobe Acrobat Reader",
                    "Google Chrome Browser",
                    "Hello World",
                    "Thank You Very Much",
                    "Table Of Contents",
                    "Key Account Manager",
                ]
            )
        )


KINDS = "board chat speech speech introduction introduction form form greeting greeting sender signature minutes sentence sentence mail row row lines english negative negative negative address code".split()


def half(text: str) -> str:
    import jaconv

    return jaconv.z2h(text, kana=True, digit=False, ascii=False)


def invent(count: int, seed: int = 11) -> list[dict[str, Any]]:
    inventor = Inventor(seed)
    return [inventor.invent() for _ in range(count)]


if __name__ == "__main__":
    for row in invent(60, 5):
        print(repr(row["text"]), [row["text"][a:b] for a, b, k in row["spans"] if k == "PERSON"])
