"""Files that hold no personal data but look as if they did."""

from __future__ import annotations

import json
import random

from sample_data.make.build import Share, csv_text, docx, mail, pdf, pptx, xlsx, zipped
from sample_data.make.people import corporate_number, waybill

PREFECTURES = ["北海道", "宮城県", "東京都", "千葉県", "神奈川県", "石川県", "長野県", "愛知県", "大阪府", "広島県", "福岡県", "宮崎県"]
COMPANIES = [
    "松本製作所株式会社",
    "株式会社高島屋商店",
    "本田技研工業株式会社",
    "山田電機株式会社",
    "株式会社井上工務店",
    "中村建材有限会社",
    "鈴木自動車販売株式会社",
    "小林製薬株式会社",
    "株式会社伊藤園芸",
    "森永食品株式会社",
]


def make(share: Share, rng: random.Random) -> None:
    """All of them."""
    business(share, rng)
    technical(share, rng)
    articles(share)
    rest(share, rng)


def business(share: Share, rng: random.Random) -> None:
    def no(path: str, content: bytes) -> None:
        share.put(f"資料/取引/{path}", content, negative=True)

    for i, suffix in enumerate(("xlsx", "docx", "pdf", "csv", "txt")):
        number = corporate_number(rng)
        rows = [["請求書", "", ""], ["請求番号", f"INV-2026-{rng.randint(1000, 9999)}", ""], ["登録番号", f"T{number}", ""], ["品名", "数量", "金額"], ["コピー用紙 A4", 10, "4,500"], ["トナー", 2, "23,800"], ["合計", "", "28,300"], ["お振込期限", "2026年11月30日", ""]]  # fmt: skip
        lines = ["　".join(str(v) for v in row if v != "") for row in rows]
        content = {"xlsx": lambda r=rows: xlsx({"請求書": r}), "docx": lambda r=rows, c=COMPANIES[i]: docx([c, r]), "pdf": lambda x=lines: pdf([x]), "csv": lambda r=rows: csv_text(r).encode("cp932"), "txt": lambda x=lines: "\n".join(x).encode("cp932")}[suffix]()  # fmt: skip
        no(f"請求書_{i + 1}.{suffix}", content)
    rows = [["取引先コード", "取引先名", "法人番号", "締日"]] + [
        [f"T{1000 + i}", name, corporate_number(rng), "末日"] for i, name in enumerate(COMPANIES)
    ]
    no("取引先一覧_法人番号.xlsx", xlsx({"取引先": rows}))
    no("取引先一覧.csv", csv_text(rows).encode("utf-8-sig"))
    rows = [["出荷日", "お問い合わせ番号", "個口", "運送会社"]] + [
        [f"2026-11-{i % 28 + 1:02d}", waybill(rng), rng.randint(1, 4), "青空急便"] for i in range(60)
    ]
    no("送り状番号一覧.csv", csv_text(rows).encode("cp932"))
    no(
        "伝票番号.xlsx",
        xlsx({"伝票": [["伝票番号", "金額"]] + [[int("4" + waybill(rng)[1:]), rng.randint(500, 90000)] for _ in range(40)]}),
    )
    rows = [["品番", "品名", "JANコード", "在庫"]] + [
        [
            f"AB{rng.randint(1000000, 9999999)}",
            rng.choice(["ボルト", "ナット", "ワッシャー", "歯車"]),
            f"49{rng.randint(10**10, 10**11 - 1)}",
            rng.randint(0, 500),
        ]
        for _ in range(50)
    ]
    no("部品表.xlsx", xlsx({"部品": rows}))
    no("部品表.csv", csv_text(rows).encode("cp932"))
    rows = [["都道府県", "店舗数", "売上（千円）", "前年比"]] + [
        [p, rng.randint(3, 80), rng.randint(10000, 900000), f"{rng.randint(80, 120)}%"] for p in PREFECTURES
    ]
    no("都道府県別売上.xlsx", xlsx({"売上": rows}))
    no("都道府県別売上.pptx", pptx([("都道府県別売上", ["関東が好調", "九州は前年並み"], "", rows)]))
    rows = [["店舗名", "開店日", "坪数"]] + [
        [f"{p[:-1]}店", f"20{rng.randint(10, 24)}-0{rng.randint(1, 9)}-15", rng.randint(20, 120)] for p in PREFECTURES
    ]
    no("店舗一覧.csv", csv_text(rows).encode())
    rows = [["月", "来客数", "客単価"]] + [[f"2026-{m:02d}", rng.randint(1000, 9000), rng.randint(500, 4000)] for m in range(1, 13)]
    no("月次集計.xlsx", xlsx({"2026": rows, "2025": rows}))
    no(
        "見積書.docx",
        docx(
            [
                "# 御見積書",
                "下記のとおりお見積り申し上げます。",
                [["品名", "単価", "数量"], ["会議用テーブル", "38,000", "4"], ["椅子", "9,800", "12"]],
                "有効期限：発行日より30日",
            ]
        ),
    )
    no(
        "会社案内.pdf",
        pdf(
            [
                [
                    "会社案内",
                    "代表電話　0120-000-000",
                    "お客様窓口　info@example.co.jp",
                    "営業時間　9:00〜17:30",
                    "事業内容　文具・事務用品の販売",
                ]
            ]
        ),
    )
    rows = [["商品コード", "商品名", "発売日", "価格"]] + [
        [f"{rng.randint(10**7, 10**8)}", n, "2026-04-01", rng.randint(100, 9999)]
        for n in ["さくら便箋", "はなこ人形", "山本山海苔", "太郎かるた", "桃太郎シール"]
    ]
    no("商品一覧.csv", csv_text(rows).encode("cp932"))
    no(
        "会議室予約.xlsx",
        xlsx(
            {
                "予約": [["日付", "会議室", "時間", "部署"]]
                + [[f"2026-11-{d:02d}", rng.choice("ABC"), "10:00-11:00", rng.choice(["営業部", "総務部"])] for d in range(1, 25)]
            }
        ),
    )
    no(
        "固定資産台帳.csv",
        csv_text(
            [["資産番号", "名称", "取得日", "取得価額"]]
            + [[f"{rng.randint(10**11, 10**12 - 1)}", "ノートPC", "2024-04-01", "158000"] for _ in range(30)]
        ).encode(),
    )


def technical(share: Share, rng: random.Random) -> None:
    def no(path: str, text: str, encoding: str = "utf-8") -> None:
        share.text(f"資料/システム/{path}", text, encoding, negative=True)

    no(
        "batch.log",
        "".join(
            f"2026-11-{i % 28 + 1:02d} 02:{i % 60:02d}:{i % 60:02d}.{rng.randint(100, 999)} INFO batch job={rng.randint(10**11, 10**12 - 1)} rows={rng.randint(0, 99999)} elapsed={rng.random():.3f}s\n"
            for i in range(300)
        ),
    )
    no(
        "sensor.csv",
        csv_text(
            [["timestamp", "value", "id"]]
            + [[str(20261101000000 + i * 100), f"{rng.random() * 50:.2f}", f"{rng.randint(10**9, 10**10)}"] for i in range(200)]
        ),
    )
    no(
        "schema.sql",
        "CREATE TABLE customers (\n  id BIGINT PRIMARY KEY,\n  name VARCHAR(100) NOT NULL, -- 氏名\n  tel VARCHAR(20), -- 電話番号\n  address TEXT, -- 住所\n  my_number CHAR(12) -- 個人番号\n);\n",
    )
    no(
        "check_digit.py",
        'WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)\n\n\ndef my_number_check(body: str) -> int:\n    """個人番号のチェックディジットを求める。"""\n    rest = sum(w * int(d) for w, d in zip(WEIGHTS, body)) % 11\n    return 0 if rest <= 1 else 11 - rest\n',
    )
    no(
        "app.js",
        "const PHONE = /^0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}$/;\nfunction validate(form) {\n  if (!PHONE.test(form.tel.value)) throw new Error('電話番号の形式が正しくありません');\n  return { version: '1.234.5678', build: 202611021530 };\n}\n",
    )
    no(
        "config.json",
        json.dumps(
            {
                "server": {"host": "files", "port": 8443, "timeout": 30},
                "retry": [1, 2, 5, 10],
                "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            }
        ),
    )
    no(
        "sitemap.xml",
        "<?xml version='1.0' encoding='utf-8'?>\n<urlset>"
        + "".join(
            f"<url><loc>https://www.example.co.jp/item/{rng.randint(10**7, 10**8)}</loc><lastmod>2026-10-0{i % 9 + 1}</lastmod></url>"
            for i in range(30)
        )
        + "</urlset>\n",
    )
    no(
        "README.md",
        "# 在庫管理システム\n\n## インストール\n\n`pip install zaiko` を実行します。バージョンは 2.10.4 です。\n\n## ライセンス\n\nMIT\n",
    )
    no("settings.ini", "[database]\nhost=localhost\nport=5432\n; パスワードは環境変数で渡すこと\npassword=${DB_PASSWORD}\n")
    no(
        "error_codes.tsv",
        csv_text(
            [["code", "message"]]
            + [
                [f"E{i:04d}", m]
                for i, m in enumerate(
                    ["入力が不正です", "氏名が未入力です", "電話番号の桁数が違います", "住所を入力してください", "生年月日の形式が違います"]
                )
            ],
            "\t",
        ),
        "cp932",
    )
    no(
        "isbn.csv",
        csv_text(
            [["ISBN", "書名", "刊行"]]
            + [
                [f"978-4-{rng.randint(10, 99)}-{rng.randint(100000, 999999)}-{rng.randint(0, 9)}", t, "2025"]
                for t in ["統計学入門", "会計の基礎", "日本の城", "川と橋", "森林と林業"]
            ]
        ),
    )
    no("uuid.txt", "".join(f"{rng.getrandbits(128):032x}\n" for _ in range(100)))
    no(
        "metrics.jsonl",
        "".join(json.dumps({"t": 1761900000 + i, "cpu": round(rng.random(), 3), "host": f"node{i % 4}"}) + "\n" for i in range(100)),
    )
    no("test_cards.md", "# 決済のテスト\n\n入力欄には16桁のカード番号を入れる。桁数が足りない場合（例 1234-5678-9012）はエラーになる。\n")


ARTICLES = {
    "糖尿病の予防.txt": "糖尿病の予防について\n\n糖尿病は、インスリンの作用不足により血糖値が高い状態が続く病気です。国内の患者数は約1,000万人と推定されています。\n予防には、バランスのよい食事と適度な運動が大切です。HbA1cが6.5%以上の場合は糖尿病が強く疑われます。\n合併症として、網膜症、腎症、神経障害などがあります。\n",
    "がん検診のご案内.txt": "がん検診のご案内\n\n市では、胃がん、大腸がん、肺がん、乳がん、子宮頸がんの検診を実施しています。対象は40歳以上の方です。\n要精密検査と判定された方は、必ず医療機関を受診してください。\n",
    "うつ病とは.txt": "うつ病とは\n\nうつ病は、気分の落ち込みや意欲の低下が2週間以上続く病気です。早めの受診と休養が回復への近道です。抗うつ薬による治療のほか、認知行動療法も有効とされています。\n",
    "個人情報保護法_抜粋.txt": "（定義）\n第二条　この法律において「個人情報」とは、生存する個人に関する情報であって、次の各号のいずれかに該当するものをいう。\n３　この法律において「要配慮個人情報」とは、本人の人種、信条、社会的身分、病歴、犯罪の経歴、犯罪により害を被った事実その他本人に対する不当な差別、偏見その他の不利益が生じないようにその取扱いに特に配慮を要するものとして政令で定める記述等が含まれる個人情報をいう。\n",
    "刑法_抜粋.txt": "（窃盗）\n第二百三十五条　他人の財物を窃取した者は、窃盗の罪とし、十年以下の拘禁刑又は五十万円以下の罰金に処する。\n（詐欺）\n第二百四十六条　人を欺いて財物を交付させた者は、十年以下の拘禁刑に処する。\n",
    "感染症発生動向.txt": "感染症発生動向調査 週報\n\nインフルエンザの定点当たり報告数は12.4で、前週より増加した。都道府県別では、福岡県、宮崎県、千葉県の順に多い。RSウイルス感染症は減少傾向である。\n",
    "千葉と松本を旅する.txt": "千葉から松本へ\n\n千葉駅を朝に出て、新宿で特急に乗り換えると、昼前には松本に着く。松本城の堀には桜が咲き、山本通りには土産物屋が並ぶ。翌日は宮崎へ飛び、青島の海を見た。\n",
    "障害者雇用制度の手引.txt": "障害者雇用率制度の手引\n\n民間企業の法定雇用率は2.7%です。身体障害者手帳、療育手帳、精神障害者保健福祉手帳を所持する方が算定の対象となります。対象者の確認は、本人の申告によります。\n",
    "防犯だより.txt": "防犯だより\n\n市内で特殊詐欺の被害が増えています。今年の被害件数は32件、被害総額は約1億2千万円です。不審な電話があったときは、すぐに110番通報してください。\n",
    "薬の添付文書.txt": "【効能・効果】高血圧症\n【用法・用量】通常、成人にはアムロジピンとして2.5〜5mgを1日1回経口投与する。なお、症状に応じ適宜増減する。\n【副作用】ほてり、動悸、めまい\n",
    "診療科のご案内.txt": "診療科のご案内\n\n内科、循環器内科、消化器外科、整形外科、精神科、小児科、産婦人科\n受付時間　午前8時30分〜11時30分\n休診日　土曜・日曜・祝日\n",
    "看護師募集.txt": "看護師募集\n\n勤務地　大阪府\n給与　月給28万円以上\n資格　正看護師\n業務内容　透析患者の看護、糖尿病外来の補助\n応募方法　採用サイトからご応募ください。\n",
    "宗教法人制度.txt": "宗教法人制度の概要\n\n宗教法人は、宗教法人法に基づき所轄庁の認証を受けて設立される。仏教、キリスト教、神道など、様々な宗教団体がある。\n",
    "人口統計.txt": "人口統計\n\n2025年の出生数は約67万人、死亡数は約160万人であった。死因の第1位は悪性新生物、第2位は心疾患、第3位は老衰である。\n",
    "社史.txt": "当社のあゆみ\n\n1955年　東京都千代田区で創業\n1968年　大阪支店を開設\n1990年　本社ビルを新築\n2015年　創業60周年\n",
    "地名の由来.txt": "地名の由来\n\n石川、山口、福島、宮城など、県名の多くは川や山、城にちなむ。原、森、林、谷のつく地名も各地に残る。\n",
    "就業規則.txt": "就業規則\n\n第3条　会社は、従業員に対し、年1回の健康診断を行う。\n第4条　従業員が私傷病により引き続き3か月を超えて欠勤したときは、休職を命ずることがある。\n第10条　従業員が刑事事件に関し起訴されたときは、休職とすることがある。\n",
    "操作マニュアル.txt": "操作マニュアル\n\n1. 画面左上の「登録」を押します。\n2. 「氏名」「住所」「電話番号」を入力します。電話番号はハイフンなしで入力してください。\n3. 「生年月日」は西暦8桁で入力します。\n4. 「確認」を押します。\n",
    "プレスリリース.txt": "新製品発売のお知らせ\n\n本田技研工業株式会社と山田電機株式会社は、共同で開発した新型の発電機を2026年12月1日に発売します。希望小売価格は198,000円（税込）です。\n",
}


def articles(share: Share) -> None:
    for i, (name, text) in enumerate(ARTICLES.items()):
        stem = name.removesuffix(".txt")
        match i % 4:
            case 0:
                share.text(f"資料/文書/{name}", text, "cp932", negative=True)
            case 1:
                share.put(f"資料/文書/{stem}.docx", docx(text.splitlines()), negative=True)
            case 2:
                body = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
                share.text(
                    f"資料/文書/{stem}.html",
                    f"<!doctype html><meta charset='utf-8'><title>{stem}</title><body>{body}</body>",
                    negative=True,
                )
            case _:
                lines = [line[i : i + 42] for line in text.splitlines() for i in range(0, max(1, len(line)), 42)]
                share.put(f"資料/文書/{stem}.pdf", pdf([lines]), negative=True)


def rest(share: Share, rng: random.Random) -> None:
    share.put(
        "資料/メール/newsletter.eml",
        mail(
            "info@example.co.jp",
            "support@example.co.jp",
            "【お知らせ】冬のセール",
            "いつもご利用ありがとうございます。\n冬のセールを12月1日から開催します。\nお問い合わせ：0120-000-000\n",
        ),
        negative=True,
    )
    share.put(
        "資料/メール/alert.eml",
        mail(
            "noreply@example.co.jp",
            "admin@example.co.jp",
            "[監視] ディスク使用率",
            "サーバー files のディスク使用率が 82% になりました。\n時刻: 2026-11-03 03:12:45\n",
        ),
        negative=True,
    )
    share.put(
        "資料/空の名簿_雛形.xlsx",
        xlsx({"名簿": [["社員名簿（様式）"], ["氏名", "フリガナ", "電話番号", "住所", "生年月日", "個人番号"], ["", "", "", "", "", ""]]}),
        negative=True,
    )
    share.put(
        "資料/診断書_様式.docx",
        docx(
            [
                "# 診断書（様式）",
                [["氏名", ""], ["生年月日", "　　年　　月　　日"], ["病名", ""]],
                "上記のとおり診断する。　　年　　月　　日",
                "医療機関名　　　　　　　　医師",
            ]
        ),
        negative=True,
    )
    share.put(
        "資料/資料一式.zip",
        zipped([("読込手順.txt", "手順は別紙を参照。".encode()), ("部品.csv", csv_text([["品番", "数"], ["AB1234567", 3]]).encode())]),
        negative=True,
    )
    share.put(
        "資料/新製品説明.pptx",
        pptx(
            [("新製品のご紹介", ["軽くて丈夫", "価格は9,800円"], "発表は約10分", []), ("今後の予定", ["12月 発売", "1月 海外展開"], "", [])]
        ),
        negative=True,
    )
    share.text(
        "資料/献立.csv",
        csv_text(
            [["曜日", "主菜", "副菜"]] + [[d, rng.choice(["鮭の塩焼き", "肉じゃが", "山かけ"]), "青菜のおひたし"] for d in "月火水木金"]
        ),
        "cp932",
        negative=True,
    )
    share.text("資料/路線図.txt", "東京 - 品川 - 横浜 - 小田原 - 熱海 - 三島 - 静岡 - 浜松 - 豊橋 - 名古屋\n", "euc-jp", negative=True)
