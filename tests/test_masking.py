"""Masks tell enough to recognise and too little to use; fingerprints cannot be searched without the key."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan import masking
from piiscan.masking import FingerprintKey, Sealer, mask
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
    finding = Sealer(FingerprintKey.random()).seal(hit, member="a.txt", record=3)
    assert "山田太郎" not in repr(finding)
    assert "山田太郎" not in repr(hit)
    assert (finding.member, finding.record, finding.masked) == ("a.txt", 3, "山*太*")


def test_what_equal_values_have_is_made_once_and_only_the_last_few_are_remembered(monkeypatch):
    monkeypatch.setattr(masking, "_REMEMBERED", 3)
    sealer = Sealer(key := FingerprintKey.random())

    def sealed(entity, value, norm, score=0.91, why=("model", "title")):
        return sealer.seal(Hit(entity, Part("x"), 0, 4, float(str(score)), "names", value, norm, why=tuple(f"{reason}" for reason in why)))

    one, same = sealed("PERSON", "山田太郎", "山田太郎"), sealed("PERSON", "山田太郎", "山田太郎")
    assert one == same
    assert one.masked is same.masked
    assert one.fingerprint is same.fingerprint
    assert one.why is same.why
    assert one.score is same.score
    other = sealed("PERSON", "山田 太郎", "山田太郎", why=("label 氏名",))
    assert (other.masked, other.fingerprint, other.why) == ("山* 太*", one.fingerprint, ("label 氏名",))
    assert sealed("JP_SENSITIVE_RELIGION", "山田太郎", "山田太郎").fingerprint != one.fingerprint
    for i in range(20):
        number = f"090-1234-56{i:02}"
        found = sealed("PHONE_NUMBER", number, number, score=i / 100, why=(f"reason {i}",))
        assert found.fingerprint == key.fingerprint("PHONE_NUMBER", number)
        assert (found.score, found.why, found.masked) == (i / 100, (f"reason {i}",), f"090-****-**{i:02}")
        assert len(sealer._values) <= 3
        assert len(sealer._grounds) <= 3


@pytest.mark.parametrize("size", [16, 32, 64, 65, 200])
def test_a_fingerprint_is_the_hmac_of_kind_and_value(size):
    key = bytes(range(size))
    expected = hmac.new(key, "PERSON\0山田太郎".encode(), hashlib.sha256).hexdigest()[:32]
    assert FingerprintKey(key).fingerprint("PERSON", "山田太郎") == expected
