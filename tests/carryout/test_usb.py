"""``piiscan usb``: the four answers, the record, what changed since, and what an employee cannot do unseen."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from piiscan.carryout import check as check_module
from piiscan.carryout import policy as policy_module
from piiscan.cli.main import cli
from piiscan.sources import removable
from piiscan.sources.removable import Drive

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
TODAY = dt.datetime.now().astimezone().date()


def my_number(first: int) -> str:
    """A number whose check digit fits (番号法施行令 8条, 省令 5条)."""
    digits = f"{first:011d}"
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(digits), 1))
    return digits + str(0 if total % 11 <= 1 else 11 - total % 11)


@pytest.fixture
def usb(tmp_path, monkeypatch):
    """``usb(...)`` runs the verb with records and machine folder of its own; ``usb.stick`` is the stick."""
    monkeypatch.setattr(policy_module, "machine_folder", lambda: tmp_path / "etc")
    for name in ("PIISCAN_CONFIG", "PIISCAN_USB__POLICY", "PIISCAN_KEY_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "議事録.txt").write_text("定例会議。次回は会議室で行う。", encoding="utf-8")

    def run(*arguments, verb="usb", code=None):
        records = ("--records", tmp_path / "records") if verb in {"usb", "usb-approve"} else ()
        extra = ("--jobs", 0) if verb == "usb" else ()
        done = CliRunner().invoke(cli, [verb, *map(str, (*arguments, *records, *extra)), "--lang", "ja"])
        assert not done.exception or isinstance(done.exception, SystemExit), done.exception
        if code is not None:
            assert done.exit_code == code, done.output
        return done

    run.stick, run.tmp = stick, tmp_path
    run.records = lambda: sorted(path for path in (tmp_path / "records").glob("usb-*.json") if not path.name.endswith(".names.json"))
    return run


def signed_policy(usb, text, name="policy.toml", install=False):
    key = usb.tmp / "security.key"
    if not key.exists():
        usb("keygen", key, verb="usb-policy", code=0)
    path = usb.tmp / name
    path.write_text(text, encoding="utf-8")
    usb("sign", path, "--key", key, verb="usb-policy", code=0)
    if install:
        (usb.tmp / "etc").mkdir(exist_ok=True)
        shutil.copy(path, usb.tmp / "etc" / "usb-policy.toml")
        shutil.copy(usb.tmp / "security.key.pub", usb.tmp / "etc" / "usb-policy.pub")
    return path, usb.tmp / "security.key.pub"


def tree(folder):
    return {path.relative_to(folder): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------- the answers


def test_a_clean_stick_may_leave_and_nothing_is_written_on_it(usb):
    before = tree(usb.stick)
    done = usb(usb.stick, code=0)
    assert "持ち出し可" in done.output
    assert tree(usb.stick) == before
    assert len(usb.records()) == 1


def unfolded(said):
    """What stands in lines of a width, as one."""
    return "".join(said.split())


def test_an_encrypted_zip_cannot_be_judged(usb):
    shutil.copy(SAMPLES / "broken" / "パスワード付き.zip", usb.stick)
    done = usb(usb.stick, code=3)
    assert "要確認" in done.output
    assert "暗号化" in done.output


def test_accepting_incomplete_changes_the_code_and_stands_in_the_record(usb):
    shutil.copy(SAMPLES / "broken" / "パスワード付き.zip", usb.stick)
    said = usb(usb.stick, "--accept-incomplete", code=0).output
    assert "要確認" in said
    assert "オプション--accept-incompleteを指定" in unfolded(said)
    assert "flag:accept-incomplete" in json.loads(usb.records()[-1].read_bytes())["payload"]["deviations"]


def test_a_my_number_list_must_not_leave(usb):
    rows = ["氏名,個人番号", *(f"山田{name},{my_number(10_000_000_000 + n)}" for n, name in enumerate(["太郎", "花子", "次郎"]))]
    (usb.stick / "名簿.csv").write_text("\n".join(rows), encoding="utf-8")
    done = usb(usb.stick, code=1)
    assert "不可" in done.output
    assert "名簿.csv" in done.output
    assert "→" in done.output  # says what to do


def test_a_list_of_members_needs_an_approval(usb):
    shutil.copy(SAMPLES / "人事" / "社員名簿.xlsx", usb.stick)
    assert "要承認" in usb(usb.stick, code=1).output


def test_a_file_left_out_by_the_employees_settings_is_read_all_the_same(usb):
    rows = ["氏名,個人番号", f"山田太郎,{my_number(20_000_000_000)}"]
    (usb.stick / "名簿.csv").write_text("\n".join(rows), encoding="utf-8")
    config = usb.tmp / "piiscan.toml"
    config.write_text('exclude = ["*"]\n', encoding="utf-8")
    done = usb(usb.stick, "--config", config, code=1)
    assert "設定excludeが標準と異なる" in unfolded(done.output)


def test_no_stick_is_one_sentence(usb, monkeypatch):
    monkeypatch.setattr(removable, "removable_drives", list)
    done = usb(code=2)
    assert "見つかりません" in done.output


def test_every_stick_that_is_plugged_in_is_checked(usb, monkeypatch):
    other = usb.tmp / "other"
    other.mkdir()
    shutil.copy(SAMPLES / "broken" / "パスワード付き.zip", other)
    drives = [Drive(str(usb.stick), serial="A", label="青"), Drive(str(other), serial="B", label="赤")]
    monkeypatch.setattr(removable, "removable_drives", lambda: drives)
    done = usb(code=3)
    assert "持ち出し可" in done.output
    assert "要確認" in done.output
    assert len(usb.records()) == 2
    (usb.stick / "new.txt").write_text("x", encoding="utf-8")
    done = usb("--verify", code=1)  # each stick against its own record
    assert "[追加] new.txt" in done.output
    assert "複数あります" in usb("--html", usb.tmp / "c.html", code=2).output


# -------------------------------------------------------------------- the record


def test_the_record_holds_no_name_and_no_value(usb):
    number = my_number(30_000_000_000)
    (usb.stick / "山田太郎の記録.csv").write_text(f"氏名,個人番号\n山田太郎,{number}\n", encoding="utf-8")
    usb(usb.stick, "--leave-record", code=1)
    for path in (usb.records()[0], usb.stick / "piiscan-record.json"):
        text = path.read_text(encoding="utf-8")
        for secret in ("山田", "太郎", number, number[-4:]):
            assert secret not in text
        assert "\\u5c71" not in text
    payload = json.loads(usb.records()[0].read_bytes())["payload"]
    assert {len(file["sha256"]) for file in payload["files"]} == {64}
    assert payload["verdict"]["word"] == "forbidden"


def test_verify_of_an_untouched_stick(usb):
    usb(usb.stick, "--leave-record", code=0)
    done = usb(usb.stick, "--verify", code=0)
    assert "変更なし" in done.output


def test_verify_names_what_changed(usb):
    for name in ("a.txt", "b.txt"):
        (usb.stick / name).write_text("会議の予定", encoding="utf-8")
    usb(usb.stick, code=0)
    (usb.stick / "a.txt").write_text("会議の予走", encoding="utf-8")  # same size
    (usb.stick / "b.txt").unlink()
    (usb.stick / "c.txt").write_text("新しい", encoding="utf-8")
    done = usb(usb.stick, "--verify", code=1)
    assert "[変更] a.txt" in done.output
    assert "[削除] b.txt" in done.output
    assert "[追加] c.txt" in done.output
    assert "議事録" not in done.output


def test_sticks_that_say_nothing_of_themselves_are_told_apart_by_their_place(usb, monkeypatch):
    other = usb.tmp / "other"
    other.mkdir()
    drives = {path: Drive(str(path), "/dev/loop0", "ext4") for path in (usb.stick, other)}
    monkeypatch.setattr(removable, "drive_at", drives.__getitem__)
    usb(usb.stick, code=0)
    assert "で確認してください" in usb(other, "--verify", code=2).output
    usb(usb.stick, "--verify", code=0)


def test_nothing_hides_under_the_name_of_the_record(usb):
    usb(usb.stick, "--leave-record", code=0)
    (usb.stick / "piiscan-record.json").write_text("山田太郎 090-1234-5678", encoding="utf-8")
    assert "[追加] piiscan-record.json" in usb(usb.stick, "--verify", code=1).output


def test_a_stick_without_a_record_is_refused(usb):
    assert "で確認してください" in usb(usb.stick, "--verify", code=2).output


@pytest.mark.parametrize("harm", ["verdict", "file", "signature", "cut"])
def test_a_tampered_record_is_refused(usb, harm):
    usb(usb.stick, code=0)
    path = usb.records()[0]
    whole = json.loads(path.read_bytes())
    if harm == "verdict":
        whole["payload"]["verdict"]["word"] = "approval"
    elif harm == "file":
        whole["payload"]["files"][0]["sha256"] = "0" * 64
    elif harm == "signature":
        whole["signature"] = whole["signature"][::-1]
    data = json.dumps(whole, ensure_ascii=False).encode()
    path.write_bytes(data[: len(data) // 2] if harm == "cut" else data)
    done = usb(usb.stick, "--verify", code=2)
    assert "USBメモリーを確認し直してください" in done.output


def test_a_record_of_another_machine_needs_its_key(usb):
    usb(usb.stick, code=0)
    record, key = usb.records()[0], usb.tmp / "records" / "record.key"
    moved = usb.tmp / "other.json"
    shutil.copy(record, moved)
    public = key.with_name("record.key.pub").read_text(encoding="ascii").strip()
    shutil.rmtree(usb.tmp / "records")
    assert "別の端末" in usb(usb.stick, "--verify", "--record", moved, code=2).output
    usb(usb.stick, "--verify", "--record", moved, "--record-key", public, code=0)


def test_an_expired_answer_does_not_hold(usb, monkeypatch):
    policy, key = signed_policy(usb, "record_days = 1\n")
    usb(usb.stick, "--policy", policy, "--policy-key", key, code=0)
    from piiscan.carryout.record import Record

    monkeypatch.setattr(Record, "valid_until", property(lambda _: TODAY - dt.timedelta(days=1)))
    assert "期限" in usb(usb.stick, "--verify", code=1).output


# -------------------------------------------------------------------- the policy


def test_a_signed_policy_decides(usb):
    policy, key = signed_policy(usb, 'forbid = "never"\napprove = "high"\ncontact = "内線 1234"\n')
    shutil.copy(SAMPLES / "人事" / "社員名簿.xlsx", usb.stick)
    done = usb(usb.stick, "--policy", policy, "--policy-key", key, code=0)
    assert "基準の範囲内" in done.output
    payload = json.loads(usb.records()[0].read_bytes())["payload"]
    assert payload["deviations"] == ["policy-key-by-flag"]
    assert "署名者の公開鍵を--policy-keyで指定" in unfolded(done.output)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('forbid_entities = ["EMAIL_ADDRESS"]\n', "不可"),
        ('forbid = "never"\napprove = "never"\nforbid_entities = ["EMAIL_*"]\n', "不可"),
        ('approve = "critical"\napprove_entities = ["PERSON"]\n', "要承認"),
        ("forbid_persons = 10\n", "不可"),
        ('approve = "critical"\napprove_persons = 10\n', "要承認"),
        ('encryption = "always"\napprove = "critical"\n', "要確認"),  # a plain folder: nobody can tell
    ],
)
def test_what_a_policy_can_ask_for(usb, text, word):
    policy, key = signed_policy(usb, text)
    shutil.copy(SAMPLES / "人事" / "社員名簿.xlsx", usb.stick)
    done = usb(usb.stick, "--policy", policy, "--policy-key", key)
    assert done.output.split()[0] == word
    assert done.exit_code == (3 if word == "要確認" else 1)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda text: text.replace('"high"', '"never"'), "署名の後に変更されています"),
        (lambda text: text.partition("\n# signed-by")[0], "署名がありません"),
        (lambda text: text + 'approve = "critical"\n', "署名がありません"),
    ],
)
def test_a_tampered_policy_is_refused(usb, harm, sentence):
    policy, key = signed_policy(usb, 'forbid = "high"\n')
    policy.write_text(harm(policy.read_text(encoding="utf-8")), encoding="utf-8")
    assert sentence in usb(usb.stick, "--policy", policy, "--policy-key", key, code=2).output


def test_an_expired_policy_is_refused(usb):
    policy, key = signed_policy(usb, f"expires = {TODAY - dt.timedelta(days=1)}\n")
    assert "期限切れ" in usb(usb.stick, "--policy", policy, "--policy-key", key, code=2).output


def test_where_a_key_is_installed_no_other_key_counts(usb):
    signed_policy(usb, 'forbid = "low"\n', install=True)
    usb("keygen", usb.tmp / "mine.key", verb="usb-policy", code=0)
    mine = usb.tmp / "mine.toml"
    mine.write_text('forbid = "never"\n', encoding="utf-8")
    usb("sign", mine, "--key", usb.tmp / "mine.key", verb="usb-policy", code=0)
    done = usb(usb.stick, "--policy", mine, "--policy-key", usb.tmp / "mine.key.pub", code=2)
    assert "信頼されていません" in done.output


def test_an_older_policy_of_the_same_signer_stands_in_the_record(usb):
    signed_policy(usb, 'forbid = "low"\n', install=True)
    loose, _ = signed_policy(usb, 'forbid = "never"\napprove = "never"\n', name="loose.toml")
    usb(usb.stick, "--policy", loose, code=0)
    assert "policy-not-the-installed-one" in json.loads(usb.records()[0].read_bytes())["payload"]["deviations"]


def test_a_policy_with_an_unknown_key_is_not_signed(usb):
    path = usb.tmp / "p.toml"
    path.write_text('forbidd = "low"\n', encoding="utf-8")
    usb("keygen", usb.tmp / "k", verb="usb-policy", code=0)
    assert "forbidd" in usb("sign", path, "--key", usb.tmp / "k", verb="usb-policy", code=2).output


def test_a_slip_in_a_kind_of_data_is_not_signed(usb):
    path = usb.tmp / "p.toml"
    path.write_text('forbid_entities = ["JP_MYNUMBER"]\n', encoding="utf-8")
    usb("keygen", usb.tmp / "k", verb="usb-policy", code=0)
    assert "JP_MYNUMBER という情報の種類はありません" in usb("sign", path, "--key", usb.tmp / "k", verb="usb-policy", code=2).output


def test_keygen_never_overwrites(usb):
    usb("keygen", usb.tmp / "k", verb="usb-policy", code=0)
    before = (usb.tmp / "k").read_bytes()
    usb("keygen", usb.tmp / "k", verb="usb-policy", code=2)
    assert (usb.tmp / "k").read_bytes() == before
    assert (usb.tmp / "k").stat().st_mode & 0o077 == 0


# ------------------------------------------------------------------- the approval


def test_a_second_person_approves(usb):
    usb("keygen", usb.tmp / "boss.key", verb="usb-policy", code=0)
    usb("keygen", usb.tmp / "peer.key", verb="usb-policy", code=0)
    public = (usb.tmp / "boss.key.pub").read_text(encoding="ascii").strip()
    policy, key = signed_policy(usb, f'[[approvers]]\nname = "課長"\nkey = "{public}"\n')
    shutil.copy(SAMPLES / "人事" / "社員名簿.xlsx", usb.stick)
    usb(usb.stick, "--policy", policy, "--policy-key", key, code=1)
    record = usb.records()[0]
    usb(usb.stick, "--verify", code=1)  # nobody approved yet
    assert "のものではありません" in usb(record, "--key", usb.tmp / "peer.key", verb="usb-approve", code=2).output
    usb(record, "--key", usb.tmp / "boss.key", "--reason", "客先訪問", verb="usb-approve", code=0)
    assert "承認: 課長" in usb(usb.stick, "--verify", code=0).output
    whole = json.loads(record.read_bytes())
    whole["approvals"][0]["statement"]["until"] = "2099-01-01"
    record.write_text(json.dumps(whole), encoding="utf-8")
    assert "無効な承認" in usb(usb.stick, "--verify", code=1).output


def test_what_must_not_leave_cannot_be_approved(usb):
    (usb.stick / "n.csv").write_text(f"氏名,個人番号\n山田太郎,{my_number(40_000_000_000)}\n", encoding="utf-8")
    usb(usb.stick, code=1)
    usb("keygen", usb.tmp / "boss.key", verb="usb-policy", code=0)
    usb(usb.records()[0], "--key", usb.tmp / "boss.key", verb="usb-approve", code=2)


# --------------------------------------------------------------------- disasters


def test_ctrl_c_while_verifying_is_no_answer(usb, monkeypatch):
    usb(usb.stick, code=0)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check_module, "what_changed", interrupted)
    assert "変更なし" not in usb(usb.stick, "--verify", code=4).output


def test_a_stick_pulled_out_in_the_middle(usb, monkeypatch):
    for n in range(5):
        (usb.stick / f"{n}.txt").write_text("会議の予定", encoding="utf-8")
    real = check_module.reports_of

    def pulled(*arguments, **options):
        for n, report in enumerate(real(*arguments, **options)):
            if n == 1:
                usb.stick.rename(usb.tmp / "gone")
            yield report

    monkeypatch.setattr(check_module, "reports_of", pulled)
    done = usb(usb.stick, code=4)
    assert "要確認" in done.output
    assert "抜かれた" in done.output


def test_the_certificate_is_one_page_without_script(usb):
    shutil.copy(SAMPLES / "人事" / "社員名簿.xlsx", usb.stick / "<script>alert(1)</script>.xlsx".replace("/", "_"))
    page = usb.tmp / "c.html"
    usb(usb.stick, "--html", page, code=1)
    text = page.read_text(encoding="utf-8")
    assert "要承認" in text
    assert "<script" not in text
    assert usb.records()[0].stem.removeprefix("usb-") in text
