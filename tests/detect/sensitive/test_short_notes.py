"""Short notes and forms of own words: what they say of somebody, and what is no illness of anybody."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Line, Segment, Table
from piiscan.settings import Detection
from tests.detect.test_forms_and_questions import hits, sensitive


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("障がい者雇用: 1級身体障害者 下肢 倉持、療育手帳B2 須磨", {"DISABILITY"}),
        ("配慮事項: 笹原(難聴、補聴器使用)、矢島(車いす)、古谷(発達障害・ADHD)", {"DISABILITY"}),
        ("柏木は帰化者で、父は在日韓国人。", {"RACE"}),
        ("柏木が統合失調症で入院したため、来週のシフトを調整する必要がある。", {"MEDICAL_HISTORY"}),
        ("休職者一覧（2026年4月）\n営業部  赤塚  うつ病   4/1〜6/30\n製造部  福田  切迫早産  6/10〜", {"MEDICAL_HISTORY", "MEDICAL_CARE"}),
        ("健診結果 所見: 肝機能要精査 E判定 岡部さん", {"CHECKUP_RESULT"}),
        ("帰宅途中に岡部 翔太さんが刃物で切りつけられ、腕に傷を負いました。", {"CRIME_VICTIM"}),
        ("岡部様の身障1級の更新の書類をご家族に渡してください", {"DISABILITY"}),
        ("新人の金子 舞さんですが、聴覚過敏があるため、席は窓際にしてください。", {"MEDICAL_HISTORY"}),
        ("遺伝子検査結果：被検者 川口 麻衣　BRCA1 病的バリアント 陽性", {"CHECKUP_RESULT"}),
        ("本人通知：白石 沙也加　乳房超音波検査　カテゴリー4", {"CHECKUP_RESULT"}),
        ("野口 恵美子様　腎機能低下のためカリウム制限", {"MEDICAL_HISTORY"}),
        ("桜井 花さん　色覚特性あり　D型", {"DISABILITY"}),
        ("本日、柴田 学が万引きで警察に引き渡されました。", {"CRIMINAL_PROCEDURE"}),
        ("性犯罪の被害にあわれた浜田さんからの相談", {"CRIME_VICTIM"}),
        ("高ストレス者のうち面接を申し出たのは次の2名です。\n・岡部 亮（資材課）\n・藤山美咲（広報室）", {"CHECKUP_RESULT"}),
    ],
)
def test_of_whom_a_note_speaks(text: str, kinds: set[str]) -> None:
    assert sensitive(text) >= kinds


@pytest.mark.parametrize(
    "text",
    [
        "橋本病の症例を報告する。大森ら(2012)は高安動脈炎の患者を調べた。",
        "既報では大森らにより糖尿病の経過が検討されている。",
        "薬事申請の件、久保田より回答します。対象疾患は関節リウマチです。",
    ],
)
def test_who_wrote_about_an_illness_has_none(text: str) -> None:
    assert sensitive(text) == set()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("患者ID 0023の件、HIV陽性が判明しました。", {"MEDICAL_HISTORY"}),
        ("社員番号 10234 の者がうつ病により休職を申し出ています。", {"MEDICAL_HISTORY"}),
        ("製品番号 10234 のうつ病アプリを出荷した。", set()),
        ("顧客番号 00123 の方から、糖尿病の冊子の問い合わせ。", set()),
    ],
)
def test_a_number_that_only_one_person_has_is_somebody(text: str, kinds: set[str]) -> None:
    assert sensitive(text) >= kinds
    assert bool(sensitive(text)) == bool(kinds)


@pytest.mark.parametrize(
    "text",
    [
        "岡部さんは健康診断を受診した。",
        "健康診断受診者一覧: 岡部 隆、三宅 遥、大野 翔",
        "岡部さんの健康診断受診日は5月12日です。",
        "岡部さんは『よくわかる仏教』という本を買った。",
        "岡部さん 身長172cm 体重68kg ユニフォームL",
        "岡部刑事が窃盗事件を捜査している。",
        "岡部さんの犬が骨折した。",
        "NPO法人うつ病の会 代表 岡部隆 会費3000円",
        "岡部さんの話では、骨折でもしたら大変とのこと。",
        "岡部：もし子どもが発達障害と言われたらどうしますか。",
        "岡部さんの前職は刑務所の給食委託会社。",
        "安全衛生委員会 議事録\n出席 近藤、丸山、堤\n議題 うつ病の早期発見",
        "勉強会メモ\n・がん治療の最新動向（発表：大槻）\n・次回担当は福田",
        "ヒヤリハット 転倒による骨折の防止\n起票 岡部",
        "看護部 勤務表 12月\n透析室 赤塚 須磨",
        "図書購入希望\n大槻『がんとの闘い』\n曽根『統合失調症の時代』",
    ],
)
def test_what_is_not_sensitive(text: str) -> None:
    assert sensitive(text) == set()


def test_sizes_are_results_beside_others() -> None:
    assert sensitive("岡部さん 身長172cm 体重68kg 血圧142/95") == {"CHECKUP_RESULT"}


def test_an_animal_is_no_person_with_an_illness() -> None:
    chart = "名前：コタロウ（柴犬・オス・8歳）\n主訴：昨日から嘔吐2回\n診断：急性膵炎　点滴\n狂犬病予防注射済\n飼い主 岡部 隆\n"
    assert sensitive(chart, name="カルテ.txt") == set()
    assert sensitive("岡部 隆さんは急性膵炎で点滴を受けた。犬の世話は妻がする。") == {"MEDICAL_HISTORY", "MEDICAL_CARE"}


def test_a_persona_is_nobody() -> None:
    persona = "ペルソナ（架空）\n名前：岡部 美咲（仮名）　34歳　会社員\n悩み：腰痛\n"
    assert not {"PERSON", "JP_SENSITIVE_MEDICAL_HISTORY"} & {hit.entity for hit in hits(persona)}
    assert "PERSON" in {hit.entity for hit in hits("架空請求の被害\n岡部 美咲さんが請求書を受け取った。\n")}


def test_a_form_of_own_words_in_two_pairs_a_row() -> None:
    form = Table(
        "表1",
        (
            ("患者", "岡部 晴信　様", "処方医", "浅沼太一　先生"),
            ("薬品", "クラリスロマイシン錠200mg　2T　朝夕食後 5日分", "照会", "併用のベルソムラと禁忌のため"),
            ("回答", "レボフロキサシン500 1T　4日へ変更", "照会者", "碓井"),
        ),
    )
    assert sensitive(form) == {"MEDICAL_CARE"}
    assert {hit.value for hit in hits(form) if hit.entity == "PERSON"} == {"岡部 晴信", "浅沼太一", "碓井"}


def test_a_label_takes_the_one_cell_beside_it() -> None:
    form = Table(
        "表1",
        (
            ("証券番号", "121-2442806", "被保険者", "沼田 陽子"),
            ("生年月日", "1938-02-03", "3か月以内の受診・投薬", "なし"),
            ("5年以内の手術・入院", "なし", "ご職業", "会社員"),
            ("身体の障害", "なし", "取扱者", "三宅翔太"),
        ),
    )
    found = hits(form)
    assert {hit.value for hit in found if hit.entity == "PERSON"} == {"沼田 陽子", "三宅翔太"}
    assert {hit.value for hit in found if hit.entity.startswith("JP_SENSITIVE_")} == {"なし"}


def test_a_list_without_labels_is_no_form() -> None:
    rows = Table("t", tuple((f"三宅{name}", "03-5544-1234", f"岡部{name}", "06-6345-1111") for name in ("亮太", "結衣", "雄太")))
    assert len([hit for hit in hits(rows) if hit.entity == "PERSON"]) == 6


def test_choices_of_a_blank_form_are_no_reason_of_anybody() -> None:
    form = Table("表1", (("氏名", "三宅 亮太", "休職理由", "1.私傷病　2.家族の介護　3.その他（　　　）"),))
    assert sensitive(form) == set()


def test_a_labelled_line_heads_no_column() -> None:
    card = Table(
        "t",
        (
            ("後援会入会カード",),
            ("お名前：三宅 和子",),
            ("ご住所：千葉市中央区本町1-2-3",),
            ("支持政党：自由民主党",),
            ("ポスター掲示：可",),
        ),
    )
    assert sensitive(card) == {"CREED"}


def kinds_together(text: str) -> list[set[str]]:
    document = Document(Kit(Detection()), "x.txt")
    return [{hit.entity for hit in record.hits} for record in (*document.feed(Segment(Line(1), text)), *document.finish())]


def test_people_of_history_answer_no_telephone() -> None:
    """Nobody of today is named: the number is the museum's."""
    poster = kinds_together("企画展「葛飾北斎と歌川広重」\n会期 10月4日～11月30日\nお問い合わせ 026-226-0044\n")
    assert {"PERSON"} in poster
    assert not any(kinds >= {"PERSON", "PHONE_NUMBER"} for kinds in poster)
    assert any(kinds >= {"PERSON", "PHONE_NUMBER"} for kinds in kinds_together("担当 岡部 隆 026-226-0044\n"))


@pytest.mark.parametrize(
    "text",
    [
        "当社は障害者雇用率2.5%を達成しています。お問い合わせは人事部 佐藤まで。",
        "前科があるからといって直ちに不採用とすることは問題がある、と弁護士の高橋氏は述べた。",
        "バリアフリー工事の見積を井上建設の清水様に依頼しました。車いす用トイレを2か所。",
        "映画「逮捕状」の主演は阿部 翔。",
        "キリスト教美術展　学芸員 村上 真",
        "骨折り損でしたね、と笑う増田さん。",
        "申請者 村田 学\n備品名 車椅子（スタンダード）\n数量 2",
        "議事録\n出席：北村、望月、内山\n北村：いじめ・DV相談の外部委託を検討したい。",
        "読書感想文　3年 早瀬 翔\n「夜と霧」を読んで。ユダヤ人の苦しみを知った。",
        "講義ノート　杉浦 瑠璃\n統合失調症の陽性症状と陰性症状",
    ],
)
def test_rules_titles_and_figures_of_speech_say_nothing_of_who_is_named(text: str) -> None:
    assert sensitive(text) == set()
