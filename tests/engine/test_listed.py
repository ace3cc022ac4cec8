"""The allow list and the deny list: by value, pattern and path; a value leaves no trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import piiscan
from piiscan.cli.main import cli
from piiscan.engine.analyse import Analyst
from piiscan.engine.api import compared_form, inspect_file
from piiscan.masking import FingerprintKey
from piiscan.model import Level
from piiscan.settings import AllowRule, DenyRule, Detection, Settings, SettingsError, load_settings

TEXT = "担当者名：山田太郎\n電話番号：090-1234-5678\n代表電話：03-3456-7890\n"
KEY = FingerprintKey(b"k" * 32)


def found(tmp_path: Path, detection: Detection, text: str = TEXT, name: str = "a.txt") -> dict[str, Level]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    settings = Settings(detection=detection)
    _, revealed = inspect_file(path, settings, analyst=Analyst(settings, KEY))
    return {r.value: r.finding.level for r in revealed}


def print_of(entity: str, value: str) -> str:
    return KEY.fingerprint(entity, compared_form(entity, value, Settings())[0])


def test_without_lists_everything_is_found(tmp_path):
    assert set(found(tmp_path, Detection())) == {"山田太郎", "090-1234-5678", "03-3456-7890"}


def test_a_value_in_any_notation_is_allowed_by_its_fingerprint(tmp_path):
    rule = AllowRule(entity="PHONE_NUMBER", fingerprint=print_of("PHONE_NUMBER", "０３３４５６７８９０"), reason="our own number")
    assert set(found(tmp_path, Detection(allow=(rule,)))) == {"山田太郎", "090-1234-5678"}


def test_a_fingerprint_is_of_one_kind_and_one_key(tmp_path):
    other = FingerprintKey(b"o" * 32).fingerprint("PHONE_NUMBER", "0334567890")
    assert "03-3456-7890" in found(tmp_path, Detection(allow=(AllowRule(fingerprint=other, reason="x"),)))
    assert "03-3456-7890" in found(tmp_path, Detection(allow=(AllowRule(fingerprint=print_of("PERSON", "山田太郎"), reason="x"),)))


def test_allowed_by_pattern_and_by_path(tmp_path):
    pattern = AllowRule(entity="PHONE_NUMBER", pattern=r"03-3456-\d{4}", reason="our exchange")
    assert set(found(tmp_path, Detection(allow=(pattern,)))) == {"山田太郎", "090-1234-5678"}
    path = AllowRule(entity="PERSON", path="*.txt", reason="published list")
    assert set(found(tmp_path, Detection(allow=(path,)))) == {"090-1234-5678", "03-3456-7890"}
    elsewhere = AllowRule(path="public/*", reason="published")
    assert len(found(tmp_path, Detection(allow=(elsewhere,)))) == 3


def test_every_condition_of_a_rule_must_hold(tmp_path):
    rule = AllowRule(entity="PHONE_NUMBER", pattern=r"03-.*", path="other/*", reason="x")
    assert len(found(tmp_path, Detection(allow=(rule,)))) == 3


def test_what_is_allowed_raises_nothing(tmp_path):
    assert found(tmp_path, Detection())["山田太郎"] is Level.MEDIUM
    rule = AllowRule(entity="PHONE_NUMBER", path="*", reason="x")
    assert found(tmp_path, Detection(allow=(rule,)))["山田太郎"] is Level.LOW


def test_a_denied_value_is_reported_however_unsure(tmp_path):
    text = "控え 03-12345678 を登録"  # one hyphen and no label: 0.25
    assert found(tmp_path, Detection(), text) == {}
    rule = DenyRule(entity="PHONE_NUMBER", fingerprint=print_of("PHONE_NUMBER", "03-1234-5678"), level="critical", reason="the director's")
    assert found(tmp_path, Detection(deny=(rule,)), text) == {"03-12345678": Level.CRITICAL}
    assert found(tmp_path, Detection(deny=(rule,)), "TEL 03-1234-5678") == {"03-1234-5678": Level.CRITICAL}


def test_a_denied_value_outweighs_an_allowed_path(tmp_path):
    deny = DenyRule(entity="PHONE_NUMBER", fingerprint=print_of("PHONE_NUMBER", "090-1234-5678"), reason="x")
    allow = AllowRule(path="*", reason="x")
    assert set(found(tmp_path, Detection(allow=(allow,), deny=(deny,)))) == {"090-1234-5678"}


def test_denied_by_pattern_and_by_path(tmp_path):
    text = "控え 03-12345678 を登録"  # unsure
    rule = DenyRule(entity="PHONE_NUMBER", pattern=r"03-?1234.*", level="medium", reason="our own exchange")
    assert found(tmp_path, Detection(deny=(rule,)), text) == {"03-12345678": Level.MEDIUM}
    here = DenyRule(path="*/board/*", level="critical", reason="minutes of the board")
    assert found(tmp_path, Detection(deny=(here,)))["山田太郎"] is Level.MEDIUM
    everywhere = DenyRule(path="*.txt", level="critical", reason="x")
    assert set(found(tmp_path, Detection(deny=(everywhere,))).values()) == {Level.CRITICAL}


def test_the_library_call_heeds_the_lists(tmp_path):
    def values(detection: Detection) -> dict[str, Level]:
        settings = Settings(detection=detection, inventory=str(tmp_path / "piiscan.db"))
        return {TEXT[f.start : f.end]: f.level for f in piiscan.analyze_text(TEXT, settings=settings)}

    assert set(values(Detection())) == {"山田太郎", "090-1234-5678", "03-3456-7890"}
    allow = AllowRule(entity="PHONE_NUMBER", pattern=r"03-3456-\d{4}", reason="our exchange")
    assert set(values(Detection(allow=(allow,)))) == {"山田太郎", "090-1234-5678"}
    deny = DenyRule(pattern="山田.*", level="critical", reason="x")
    assert values(Detection(allow=(AllowRule(entity="PERSON", pattern=".*", reason="x"),), deny=(deny,)))["山田太郎"] is Level.CRITICAL
    assert set(values(Detection(allow=(AllowRule(path="a/*", reason="x"),)))) == set(values(Detection()))  # a text has no path


def test_the_library_call_knows_a_value_by_the_key_of_the_inventory(tmp_path):
    settings = Settings(inventory=str(tmp_path / "piiscan.db"))
    key = FingerprintKey.load_or_create(settings.key_path())
    rule = AllowRule(fingerprint=key.fingerprint("PERSON", "山田太郎"), reason="x")
    listed = settings.model_copy(update={"detection": Detection(allow=(rule,))})
    assert "山田太郎" not in {TEXT[f.start : f.end] for f in piiscan.analyze_text(TEXT, settings=listed)}


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('[[detection.allow]]\nreason = "x"\n', "give a fingerprint, a pattern or a path"),
        ('[[detection.allow]]\nreason = "x"\npattern = "("\n', "not a valid regular expression"),
        ('[[detection.allow]]\nreason = "x"\npaths = "a"\n', "did you mean 'path'"),
        ('[[detection.allow]]\npath = "a"\n', "reason"),
        ('[[detection.deny]]\nentity = "PERSON"\nfingerprint = "山田"\nreason = "x"\n', "fingerprint"),
        ('[[detection.deny]]\nentity = "PERSON"\nreason = "x"\n', "give a fingerprint, a pattern or a path"),
    ],
)
def test_a_wrong_rule_is_one_clear_sentence(tmp_path, toml, says):
    path = tmp_path / "piiscan.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError, match=says.replace("(", r"\(")):
        load_settings(path, environment={})


def test_the_verb_prints_a_rule_that_works_and_not_the_value(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(cli, ["recognizers", "allow", "PHONE_NUMBER"], input="０３−３４５６−７８９０\n")
    assert made.exit_code == 0, made.output
    assert "3456" not in made.output
    assert "３４５６" not in made.output
    rule = "\n".join(line for line in made.output.splitlines() if line.startswith(("[[", "entity", "fingerprint", "reason")))
    Path("piiscan.toml").write_text(rule + "\n", encoding="utf-8")
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    shown = CliRunner().invoke(cli, ["inspect", "a.txt", "--config", "piiscan.toml", "--values", "--jsonl"])
    assert "090-1234-5678" in shown.output
    assert "03-3456-7890" not in shown.output


def test_the_verb_refuses_an_unknown_kind_and_an_empty_value(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["recognizers", "allow", "NOPE"], input="x\n").exit_code == 2
    assert CliRunner().invoke(cli, ["recognizers", "allow", "PERSON"], input="\n").exit_code == 2


def test_inspect_goes_by_the_path_below_the_folder_that_it_is_given(tmp_path, monkeypatch):
    for folder in ("public", "hr"):
        (tmp_path / "share" / folder).mkdir(parents=True)
        (tmp_path / "share" / folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "p.toml").write_text('[[detection.allow]]\npath = "public/**"\nreason = "published"\n', encoding="utf-8")

    def inspected(*paths: str) -> dict[str, int]:
        ran = CliRunner().invoke(cli, ["inspect", *paths, "--jsonl", "--config", str(tmp_path / "p.toml")])
        files = [Path(json.loads(line)["file"]).parent.name for line in ran.output.splitlines()]
        return {name: files.count(name) for name in files}

    assert inspected(str(tmp_path / "share")) == {"hr": 3}
    monkeypatch.chdir(tmp_path / "share")
    assert inspected("public/a.txt", "hr/a.txt") == {"hr": 3}
