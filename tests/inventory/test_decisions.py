"""What people decide holds for the content, until its day, wherever the file lies."""

import datetime as dt

import pytest

from piiscan.inventory.baseline import BaselineError, load_baseline
from piiscan.inventory.decisions import Verdict
from piiscan.inventory.pages import Filter
from piiscan.model import Level
from tests.inventory import kit

TODAY = dt.datetime.now().astimezone().date()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


def decided(inventory, day=""):
    page = inventory.pages(day=day).findings(Filter(min_level=Level.NONE), order="path", size=500)
    return {(row.file.path, row.entity): row.decision for row in page.rows}


def lists(inventory):
    """Two lists with two kinds each; the second content lies in two places."""
    one = kit.report("a.xlsx", kit.group(), kit.group("CREDIT_CARD", Level.CRITICAL, column=2))
    two = kit.report("営業/b.xlsx", kit.group(), kit.group("PHONE_NUMBER", column=2), content="two")
    copy = kit.moved(two, "総務/写し.xlsx")
    kit.scan(inventory, [one, two, copy])
    return one, two, copy


def file_id(inventory, path):
    (row,) = inventory.pages().find(path)
    return row.file_id


def test_a_decision_holds_for_equal_content_everywhere_and_for_one_kind_only(inventory):
    _, two, copy = lists(inventory)
    phone = two.groups[1].identity
    (made,) = inventory.decisions().add(
        file_id(inventory, "営業/b.xlsx"), Verdict.FALSE_ALARM, reason="代表番号", by="佐藤", identities=[phone]
    )
    assert (made.entity, made.path, made.until, made.verdict) == ("PHONE_NUMBER", "/srv/share/営業/b.xlsx", "", Verdict.FALSE_ALARM)
    assert decided(inventory) == {
        ("a.xlsx", "PERSON"): "", ("a.xlsx", "CREDIT_CARD"): "",
        ("営業/b.xlsx", "PERSON"): "", ("営業/b.xlsx", "PHONE_NUMBER"): "false-alarm",
        ("総務/写し.xlsx", "PERSON"): "", ("総務/写し.xlsx", "PHONE_NUMBER"): "false-alarm",
    }  # fmt: skip
    assert {(r.file.path, r.entity): r.decision for r in inventory.reader().findings()} == decided(inventory)
    for wanted, number in (("false-alarm", 2), ("undecided", 4), ("accepted", 0)):
        for order in ("worst", "path"):
            assert len(inventory.pages().findings(Filter(decision=wanted), order=order).rows) == number, (wanted, order)
    elsewhere = kit.moved(copy, "経理/移動.xlsx")
    kit.scan(inventory, [elsewhere])
    assert decided(inventory) == {("経理/移動.xlsx", "PERSON"): "", ("経理/移動.xlsx", "PHONE_NUMBER"): "false-alarm"}
    kit.scan(inventory, [kit.report("経理/移動.xlsx", *two.groups, content="another")])
    assert set(decided(inventory).values()) == {""}


def test_the_finding_s_own_decision_weighs_more_than_the_file_s(inventory):
    one, _, _ = lists(inventory)
    row = file_id(inventory, "a.xlsx")
    inventory.decisions().add(row, Verdict.ACCEPTED, reason="本人同意", by="佐藤", until=NEXT_YEAR)
    inventory.decisions().add(row, Verdict.CONFIRMED, reason="削除する", by="鈴木", identities=[one.groups[1].identity])
    assert decided(inventory)["a.xlsx", "PERSON"] == "accepted"
    assert decided(inventory)["a.xlsx", "CREDIT_CARD"] == "confirmed"
    assert [r.entity for r in inventory.pages().findings(Filter(decision="accepted")).rows] == ["PERSON"]


def test_an_expired_decision_lets_the_finding_reappear(inventory):
    lists(inventory)
    inventory.decisions().add(file_id(inventory, "a.xlsx"), Verdict.ACCEPTED, reason="移行中", by="佐藤", until=TODAY)
    assert decided(inventory)["a.xlsx", "PERSON"] == "accepted"
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    assert decided(inventory, tomorrow)["a.xlsx", "PERSON"] == ""
    assert len(inventory.pages(day=tomorrow).findings(Filter(decision="undecided")).rows) == 6
    assert [d.holds(tomorrow) for d in inventory.decisions().list()] == [False]


def test_a_new_decision_takes_the_place_of_the_old_and_both_are_remembered(inventory):
    lists(inventory)
    row = file_id(inventory, "a.xlsx")
    api = inventory.decisions()
    (first,) = api.add(row, Verdict.CONFIRMED, reason="実データ", by="佐藤")
    (second,) = api.add(row, Verdict.FALSE_ALARM, reason="見本", by="鈴木")
    assert [d.id for d in api.list()] == [second.id]
    assert [(d.id, bool(d.revoked_at), d.revoked_by) for d in api.list(everything=True)] == [
        (second.id, False, ""),
        (first.id, True, "鈴木"),
    ]
    assert api.undo(second.id, by="佐藤").revoked_by == "佐藤"
    assert list(api.list()) == []
    assert set(decided(inventory).values()) == {""}
    with pytest.raises(KeyError):
        api.undo(second.id, by="佐藤")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": " "}, "reason and a name"),
        ({"by": ""}, "reason and a name"),
        ({"verdict": Verdict.ACCEPTED}, "until a date"),
        ({"until": TODAY - dt.timedelta(days=1)}, "is past"),
        ({"identities": ["0" * 16]}, "has no finding"),
        ({"file_id": 999}, "no such file"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_nothing_changes(inventory, change, says):
    lists(inventory)
    values = {"file_id": file_id(inventory, "a.xlsx"), "verdict": Verdict.CONFIRMED, "reason": "理由", "by": "佐藤"} | change
    with pytest.raises(ValueError, match=says):
        inventory.decisions().add(values.pop("file_id"), values.pop("verdict"), **values)
    assert list(inventory.decisions().list(everything=True)) == []


def test_fail_on_looks_at_what_is_open(inventory):
    one, _, _ = lists(inventory)
    reader, api, row = inventory.reader(), inventory.decisions(), file_id(inventory, "a.xlsx")
    assert reader.open_level(1) is Level.CRITICAL
    api.add(row, Verdict.CONFIRMED, reason="実データ", by="佐藤", identities=[one.groups[1].identity])
    assert reader.open_level(1) is Level.CRITICAL  # confirmed is not settled
    api.add(row, Verdict.ACCEPTED, reason="台帳", by="佐藤", identities=[one.groups[1].identity], until=NEXT_YEAR)
    assert reader.open_level(1) is Level.MEDIUM
    for path in ("a.xlsx", "営業/b.xlsx"):
        api.add(file_id(inventory, path), Verdict.FALSE_ALARM, reason="見本", by="佐藤")
    assert reader.open_level(1) is Level.NONE
    assert reader.open_level(99) is Level.NONE


BASELINE = f"""
[[decision]]
path = "営業/"
entity = "PHONE_NUMBER"
verdict = "accepted"
until = {NEXT_YEAR.isoformat()}
reason = "代表番号のみ"
by = "情シス"

[[decision]]
path = "*.xlsx"
verdict = "confirmed"
reason = "一覧"
by = "情シス"
"""


def test_the_baseline_means_the_same_and_follows_the_file(inventory, tmp_path):
    lists(inventory)
    file = tmp_path / "baseline.toml"
    file.write_text(BASELINE, encoding="utf-8")
    api = inventory.decisions()
    # the phone numbers of one content, and the two contents as a whole
    assert api.apply_baseline(load_baseline(file)) == 3
    assert decided(inventory)["営業/b.xlsx", "PHONE_NUMBER"] == "accepted"
    assert decided(inventory)["営業/b.xlsx", "PERSON"] == "confirmed"
    assert api.apply_baseline(load_baseline(file)) == -1
    (mine,) = api.add(file_id(inventory, "a.xlsx"), Verdict.FALSE_ALARM, reason="見本", by="佐藤")
    assert api.apply_baseline(load_baseline(file), anew=True) == 2
    assert decided(inventory)["a.xlsx", "PERSON"] == "false-alarm"
    kit.scan(inventory, [kit.report("営業/c.xlsx", kit.group("PHONE_NUMBER"))])
    assert decided(inventory) == {("営業/c.xlsx", "PHONE_NUMBER"): ""}
    api.apply_baseline(load_baseline(file), anew=True)
    assert decided(inventory) == {("営業/c.xlsx", "PHONE_NUMBER"): "accepted"}
    with pytest.raises(ValueError, match="baseline file"):
        api.undo(next(d.id for d in api.list() if d.id != mine.id), by="佐藤")
    file.write_text("", encoding="utf-8")
    api.apply_baseline(load_baseline(file))
    assert [d.id for d in api.list()] == [mine.id]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[decision]", "not valid TOML"),
        ("[[decisions]]\npath='a'", "unknown key 'decisions'"),
        ("[[decision]]\npath='a'\nverdict='confirmed'\nreason='x'\nby='y'\nuntill=2030-01-01", "did you mean 'until'"),
        ("[[decision]]\nverdict='confirmed'\nreason='x'\nby='y'", "either path or sha256"),
        ("[[decision]]\npath='a'\nverdict='accepted'\nreason='x'\nby='y'", "give until"),
        ("[[decision]]\npath='a'\nverdict='confirmed'\nby='y'", "decision 1: 'reason' is missing"),
        ("[[decision]]\npath='a'\nverdict='fine'\nreason='x'\nby='y'", "verdict"),
        ("decision = 1", "two brackets"),
    ],
)
def test_a_baseline_that_cannot_be_used_says_so_in_a_sentence(tmp_path, text, says):
    file = tmp_path / "baseline.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError, match=says) as raised:
        load_baseline(file)
    assert str(file) in str(raised.value)


def test_a_baseline_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(BaselineError, match="does not exist"):
        load_baseline(tmp_path / "none.toml")
    file = tmp_path / "baseline.toml"
    file.write_bytes("reason = '台帳'".encode("cp932"))
    with pytest.raises(BaselineError, match="UTF-8"):
        load_baseline(file)
