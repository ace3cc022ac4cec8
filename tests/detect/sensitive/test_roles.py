"""What a sensitive word does in its clause, and whom a sentence speaks of: the state of somebody, or what something else is about."""

from __future__ import annotations

import pytest

from piiscan.detect.normalize import fold
from piiscan.detect.sensitive.roles import ClauseRole, role_of
from piiscan.resources import read_yaml, recognizers_dir
from tests.detect.sensitive.test_everyday_words import kinds


def examples() -> list[tuple[ClauseRole, str, str]]:
    listed = read_yaml(recognizers_dir() / "context" / "roles.yaml")["examples"]
    return [(ClauseRole[name.upper()], *example.split("|", 1)) for name, given in listed.items() for example in given]


@pytest.mark.parametrize(("role", "word", "text"), examples())
def test_the_examples_of_the_data(role: ClauseRole, word: str, text: str) -> None:
    folded = fold(text)
    start = folded.index(fold(word))
    assert role_of(folded, start, start + len(word))[0] is role


@pytest.mark.parametrize(
    ("state", "topic"),
    [
        # the last noun of the phrase says what it is
        ("大西さん、インスリンの量を増やした。", "大西さん、インスリン棚の棚卸をお願いします。"),
        ("大西さんの抗がん剤は来週から。", "大西さんと面談。抗がん剤の包装変更の件。"),
        ("大西さんは精神障害者で、雇用率に数えた。", "精神障害者の雇用率の記事は大西さんが切り抜く。"),
        # a title, a manner of speaking, what others say on the telephone
        ("大西 俊介　白内障の手術", "2 漫談「わしの入れ歯と白内障」 大西 俊介"),
        ("大西さんの診断書には「ぎっくり腰」とある。", "フォークリフトの「ぎっくり腰」を大西さんが見る。"),
        ("大西さんの息子が逮捕された。", "「息子が逮捕された」という電話に注意。大西さんまで。"),
        # in general, or supposed
        ("大西さんがインフルエンザで休みです。", "インフルエンザが流行しています。大西さんも気をつけて。"),
        ("大西さんはうつ病で休職した。", "大西さんが、うつ病等で休職する場合の手続も話した。"),
        # who does something in another sentence, is thanked, or stands in brackets behind his work
        ("大西さん（営業）の件。先月、骨折して自宅にいる。", "骨折した想定で担架を運ぶ。大西さんに感謝。"),
        ("10:00 大西さん　車いす", "介護用品カタログ\n10:00 車いす（モデル：大西さん）"),
        # a house of worship, and who believes
        ("大西さんは浄土真宗の門徒です。", "読経 浄土真宗 西念寺 住職 釈氏\n弔辞 大西様"),
        # what the title says that the paper is about
        ("大西 俊介さんの件\n片足骨折、意識あり", "防災訓練\n傷病者役　大西、矢野（片足骨折、意識なし）"),
    ],
)
def test_said_of_somebody_or_of_something(state: str, topic: str) -> None:
    assert kinds(state)
    assert kinds(topic) == set()


@pytest.mark.parametrize(
    "text",
    [
        "大西理事長が脳出血で倒れ、市民病院に運ばれました。",
        "音楽の茂手木先生、声帯にポリープができて手術するそうです。",
        "石黒先生が盗撮の疑いで事情を聴かれている。",
    ],
)
def test_the_bearer_of_an_office_of_whom_something_is_said(text: str) -> None:
    assert kinds(text)


def test_the_bearer_of_an_office_who_speaks_about_it() -> None:
    assert kinds("大西理事長が脳出血の予防について講演した。") == set()
    assert kinds("石黒先生が盗撮防止の授業をした。") == set()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("留守中に鍵をこじ開けられ、警察を呼んだ", "CRIME_VICTIM"),
        ("階段で突き飛ばされて足にあざ", "CRIME_VICTIM"),
        ("右上肢4級で、机は左利き用にする", "DISABILITY"),
        ("身障者枠で入社した", "DISABILITY"),
        ("ミャオ族出身です", "RACE"),
        ("心電図で不完全右脚ブロック、運動可", "CHECKUP_RESULT"),
        ("便潜血 2回とも＋", "CHECKUP_RESULT"),
        ("健診は視力 右0.3 左0.4", "CHECKUP_RESULT"),
        ("朝 アムロジピン5mg", "MEDICAL_CARE"),
    ],
)
def test_everyday_wording(said: str, kind: str) -> None:
    assert kind in kinds(f"大西 俊介さん　{said}")


@pytest.mark.parametrize("said", ["台風で窓が割られたように飛び散った", "上肢の体操4回", "水族館の出身です", "視力 右の棚"])
def test_wording_that_is_none(said: str) -> None:
    assert kinds(f"大西 俊介さん　{said}") == set()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("右目が見えません（先天性）", "DISABILITY"),
        ("色覚に特性があり、地図は白黒で渡す", "DISABILITY"),
        ("検査したらコロナでした", "MEDICAL_HISTORY"),
        ("四月に卵巣を取る。", "MEDICAL_HISTORY"),
        ("腰やった。コルセットで出勤", "MEDICAL_HISTORY"),
        ("去年くも膜下で倒れた", "MEDICAL_HISTORY"),
        ("夜はCPAPを使う", "MEDICAL_CARE"),
        ("明日はMRIを撮ります", "MEDICAL_CARE"),
        ("整形に通い始めた", "MEDICAL_CARE"),
        ("特捜の調べを受けている", "CRIMINAL_PROCEDURE"),
        ("飲酒で免停、検察から呼び出し", "CRIMINAL_PROCEDURE"),
        ("宗教上の理由で神輿は断られます", "CREED"),
    ],
)
def test_more_everyday_wording(said: str, kind: str) -> None:
    assert kind in kinds(f"大西 俊介さん　{said}")


@pytest.mark.parametrize(
    "said",
    [
        "コロナで売上が減った",
        "胃を切る絵の説明",
        "肩をやってもらう予約",
        "MRIを納品した",
        "眼科に部品を届けた",
        "検察庁からの案内を綴じた",
        "税務署の調べで計算を直した",
    ],
)
def test_more_wording_that_is_none(said: str) -> None:
    assert kinds(f"大西 俊介さん　{said}") == set()


def test_a_bare_family_name_before_somebodys_state() -> None:
    assert "MEDICAL_HISTORY" in kinds("バンドの連絡です。\nドラムの三宅、腱鞘炎だってよ。")
    assert "CRIMINAL_PROCEDURE" in kinds("理事会限り\n経理の鴨下が横領の件で告訴され、来月に初公判を迎える。")


def test_a_state_that_was_read_as_the_end_of_a_name() -> None:
    assert "RACE" in kinds("移民支援 記録\nアフメト・ヤルチン　クルド人。弟と二人暮らし")


def test_who_goes_to_a_meeting_of_it_and_who_holds_one() -> None:
    assert kinds("大西 俊介さん　断酒会の例会に通っている")
    assert kinds("大西 俊介さん　断酒会の例会の受付") == set()


def test_a_label_in_the_line_above_is_not_of_who_is_spoken_of() -> None:
    assert "JUVENILE_PROCEDURE" in kinds("担任\n木下 涼が家裁の審判で保護観察になりました。")
    assert kinds("担任\n木下 涼\n保護観察の仕組みを学ぶ会です。") == set()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("肺に影があると言われた", "MEDICAL_HISTORY"),
        ("明日は発達外来の予約", "MEDICAL_CARE"),
        ("若いころ傷害で一年ほど入っていたとのこと", "CRIMINAL_RECORD"),
        ("マンモ 左に石灰化", "CHECKUP_RESULT"),
    ],
)
def test_findings_in_plain_words(said: str, kind: str) -> None:
    assert kind in kinds(f"大西 俊介さん　{said}")


@pytest.mark.parametrize("said", ["会議が続いて胃に穴があきそう", "発達外来の受付を設計した", "傷害保険の窓口に入っていた"])
def test_plain_words_that_find_nothing(said: str) -> None:
    assert kinds(f"大西 俊介さん　{said}") == set()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("糖尿の数値が悪く、明日は早退", "MEDICAL_HISTORY"),
        ("陽性が出たので一週間在宅にする", "MEDICAL_HISTORY"),
        ("長らくパーキンソン病と闘い、六日に永眠", "MEDICAL_HISTORY"),
        ("肉離れで全治六週間", "MEDICAL_HISTORY"),
        ("父にベルトで打たれると話す", "CRIME_VICTIM"),
        ("母方の祖母はアイヌ。", "RACE"),
    ],
)
def test_what_was_taken_for_general_wording(said: str, kind: str) -> None:
    assert kind in kinds(f"大西 俊介さん　{said}")


def test_a_plea_of_ones_own_is_no_advice() -> None:
    assert kinds("担任へ\n大西の母です。インスリンの注射を保健室で打たせてください。")
    assert kinds("担任へ\n大西です。インスリンの針は箱に捨ててください。") == set()


def test_a_contribution_under_a_title_in_quotation_marks() -> None:
    assert kinds("探究発表\n「受刑者の社会復帰と農業」 大西 涼・矢野 蓮") == set()
    assert kinds("提出書類\n「適応障害の診断書」 大西 涼")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("早坂 凛　補聴器の電池切れに注意", "DISABILITY"),
        ("大原係長はうつの再発で、時短勤務が続いています。", "MEDICAL_HISTORY"),
        ("平井 大和　身体障害者手帳 申請中", "DISABILITY"),
        ("平井 大和　右膝下切断", "DISABILITY"),
        ("広田 由香　父親がロシア系、本人は日本国籍。", "RACE"),
    ],
)
def test_short_lines_about_somebody(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "病院ボランティア 名札リスト\n車いす清掃 樋渡 茂\n図書コーナー 富樫 晴美",
        "11:00 作業療法士 長谷 聡（脳卒中リハの経験あり）",
        "大原係長はうつむいて歩く。",
        "夕会\n倉田 誠：感染症届出システムの結合テスト",
        "広田 由香　父親がロシア語の先生",
    ],
)
def test_short_lines_about_things(text: str) -> None:
    assert kinds(text) == set()


def test_a_note_that_names_another_too_is_of_the_person_of_its_row() -> None:
    from piiscan.detect.document import Document
    from piiscan.detect.kit import Kit
    from piiscan.model import Table
    from piiscan.settings import Detection

    rows = (
        ("照会日", "会社名", "代表者", "生年月日", "備考"),
        (
            "2016/9/1",
            "例示クリニック",
            "小森 七海",
            "1953/4/20",
            "平成29年 詐欺罪で懲役2年執行猶予4年（新聞記事）。役員小野 美咲も書類送検",
        ),
        ("2024/3/4", "例示水産株式会社", "寺本 愛季子", "1967/3/10", "該当なし"),
    )
    document = Document(Kit.of(Detection()), "")
    records = [*document.feed(Table("t", rows)), *document.finish()]
    found = {hit.value for record in records for hit in record.hits if hit.entity.startswith("JP_SENSITIVE") and hit.score >= 0.5}
    assert {"詐欺", "執行猶予", "書類送検"} <= found
