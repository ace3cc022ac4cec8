"""Masks tell enough to recognise and too little to use; fingerprints cannot be searched without the key."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.masking import FingerprintKey, mask, seal
from piiscan.model import Hit, Part


@pytest.mark.parametrize(
    ("entity", "value", "masked"),
    [
        ("PERSON", "山田太郎", "山*太*"),
        ("PERSON", "林", "*"),
        ("PERSON", "山田 太郎", "山* 太*"),
        ("PHONE_NUMBER", "090-1234-5678", "090-****-**78"),
        ("JP_MY_NUMBER", "1234 5678 9018", "************"),
        ("CREDIT_CARD", "4111-1111-1111-1111", "4111-11**-****-1111"),
        ("EMAIL_ADDRESS", "taro@example.co.jp", "t***@example.co.jp"),
        ("CREDENTIAL", "hunter2", "********"),
        ("JP_SENSITIVE_MEDICAL_HISTORY", "糖尿病", "＊＊＊"),
        ("JP_ADDRESS", "東京都千代田区丸の内1-1-1", "東京都********"),
        ("DATE_OF_BIRTH", "1975-04-01", "****-**-**"),
        ("AGE", "51", "**"),
    ],
)
def test_masks_of_every_family(entity, value, masked):
    assert mask(entity, value) == masked


@given(st.text(alphabet="0123456789- 　", max_size=30))
def test_a_my_number_never_shows_a_digit(value):
    assert not any(ch.isdigit() for ch in mask("JP_MY_NUMBER", value))


@given(st.from_regex(r"[0-9]{14,16}", fullmatch=True))
def test_a_card_shows_at_most_six_and_four(value):
    shown = mask("CREDIT_CARD", value)
    assert sum(ch.isdigit() for ch in shown) <= 10
    assert "*" in shown


@given(
    st.sampled_from(["PHONE_NUMBER", "JP_BANK_ACCOUNT", "JP_DRIVER_LICENSE", "JP_BASIC_PENSION_NUMBER"]),
    st.from_regex(r"[0-9]{7,12}", fullmatch=True),
)
def test_a_number_is_never_shown_whole(entity, value):
    shown = mask(entity, value)
    assert shown != value
    assert shown.count("*") >= 2


@given(st.text(min_size=2, max_size=30).filter(str.strip))
def test_a_name_is_never_shown_whole(value):
    if len(value.strip()) > 1 and "*" not in value and not any(ch.isspace() for ch in value):
        assert mask("PERSON", value) != value


def test_fingerprints_need_the_key():
    one, two = FingerprintKey(b"a" * 32), FingerprintKey(b"b" * 32)
    assert one.fingerprint("PERSON", "山田太郎") == one.fingerprint("PERSON", "山田太郎")
    assert one.fingerprint("PERSON", "山田太郎") != two.fingerprint("PERSON", "山田太郎")
    assert one.fingerprint("PERSON", "x") != one.fingerprint("PHONE_NUMBER", "x")
    assert "a" * 8 not in repr(one)


def test_the_key_file_is_private_and_kept(tmp_path):
    path = tmp_path / "inventory.db.key"
    first = FingerprintKey.load_or_create(path)
    again = FingerprintKey.load_or_create(path)
    assert first.fingerprint("A", "b") == again.fingerprint("A", "b")
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_key_is_a_clear_sentence(tmp_path):
    path = tmp_path / "x.key"
    path.write_text("hello", encoding="ascii")
    with pytest.raises(ValueError, match="not a piiscan key file"):
        FingerprintKey.load_or_create(path)


def test_sealing_leaves_no_value():
    hit = Hit("PERSON", Part("x"), 0, 4, 0.9, "names", "山田太郎", "山田太郎")
    finding = seal(hit, FingerprintKey.random(), member="a.txt", record=3)
    assert "山田太郎" not in repr(finding)
    assert "山田太郎" not in repr(hit)
    assert (finding.member, finding.record, finding.masked) == ("a.txt", 3, "山*太*")


@pytest.mark.parametrize("size", [16, 32, 64, 65, 200])
def test_a_fingerprint_is_the_hmac_of_kind_and_value(size):
    key = bytes(range(size))
    expected = hmac.new(key, "PERSON\0山田太郎".encode(), hashlib.sha256).hexdigest()[:32]
    assert FingerprintKey(key).fingerprint("PERSON", "山田太郎") == expected
