"""What OCR confuses is put right where the surroundings decide, one character for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.lookalikes import mend_ocr
from piiscan.model import Page, Role, Segment


@given(st.text(alphabet="0123OoIl|S-ー一二ニタ夕カ力口ロ山田〒テデ 　B"))
def test_mending_keeps_the_length(text):
    assert len(mend_ocr(text)) == len(text)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("TEL O9O-l234-S678", "TEL 090-1234-5678"),
        ("個人番号 1234 5678 9Ol8", "個人番号 1234 5678 9018"),
        ("デ100-0001", "〒100-0001"),
        ("山田健ー", "山田健一"),
        ("山ロ ハ木 エ藤", "山口 八木 工藤"),
        ("ヤマ夕 ク口ネコ", "ヤマタ クロネコ"),
        ("メ—ル サ一バ一", "メール サーバー"),
    ],
)
def test_look_alikes_are_put_right(seen, meant):
    assert mend_ocr(seen) == meant


@pytest.mark.parametrize(
    "text", ["S50.4.1生", "H12.3.4", "B1F", "AB12345678CD", "株式会社", "データ一覧", "5カ月", "昭和五〇年", "taro100@example.com"]
)
def test_what_is_right_stays(text):
    assert mend_ocr(text) == text


def found(text, role):
    document = Document(Kit())
    records = [*document.feed(Segment(Page(1), text, role)), *document.finish()]
    return {hit.entity: hit for record in records for hit in record.hits}


def test_only_text_from_ocr_is_mended():
    text = "電話番号 O9O-l234-5678"
    assert found(text, Role.OCR)["PHONE_NUMBER"].norm == "09012345678"
    assert "PHONE_NUMBER" not in found(text, Role.BODY)


CARD = "個人番号カード\n氏名 山田 花子\n住所 東京都千代田区千代田1-1\n平成元年4月1日生 性別 女\n2033年4月1日まで有効\n電子証明書の有効期限 年 月 日"


def test_a_card_is_only_told_in_pictures():
    assert "ID_CARD_IMAGE" in found(CARD, Role.OCR)
    assert "ID_CARD_IMAGE" not in found(CARD, Role.BODY)


def test_a_card_can_be_disabled():
    from piiscan.settings import Detection

    document = Document(Kit(Detection(disable=("ID_CARD_IMAGE",))))
    records = [*document.feed(Segment(Page(1), CARD, Role.OCR)), *document.finish()]
    assert all(hit.entity != "ID_CARD_IMAGE" for record in records for hit in record.hits)
