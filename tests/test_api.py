"""The few names that other programs use."""

import piiscan
from piiscan.model import Outcome
from tests.running import write_list


def test_analyze_text_points_into_the_text():
    text = "担当は山田太郎（090-1234-5678）です。"
    found = {f.entity: text[f.start : f.end] for f in piiscan.analyze_text(text)}
    assert found == {"PERSON": "山田太郎", "PHONE_NUMBER": "090-1234-5678"}
    assert all(f.level and 0 < f.score <= 1 for f in piiscan.analyze_text(text))


def test_offsets_hold_in_a_text_of_many_blocks():
    text = ("今日は晴れのち曇りで、会議は十時からです。" * 30 + "\n") * 60 + "メールはtaro.yamada@mail.example.jpです。"
    (found,) = [f for f in piiscan.analyze_text(text) if f.entity == "EMAIL_ADDRESS"]
    assert text[found.start : found.end] == "taro.yamada@mail.example.jp"


def test_presidio_users_get_an_analyzer():
    engine = piiscan.presidio_analyzer()
    text = "個人番号：123456789018"
    (found,) = engine.analyze(text, language="ja", entities=["JP_MY_NUMBER"])
    assert text[found.start : found.end] == "123456789018"
    assert "PERSON" in engine.get_supported_entities("ja")


def test_scan_yields_a_report_a_file(tmp_path):
    write_list(tmp_path / "list.csv")
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04broken")
    reports = {report.item.key: report for report in piiscan.scan(str(tmp_path))}
    assert reports["list.csv"].outcome is Outcome.SCANNED
    assert reports["list.csv"].persons.estimate == 5
    assert reports["bad.docx"].outcome is Outcome.FAILED


def test_the_package_says_what_it_offers():
    assert {"analyze_text", "presidio_analyzer", "scan"} <= set(piiscan.__all__)


def test_a_million_findings_are_small():
    """What many of them say is kept once: the memory of a large text is that of its findings (``benchmarks/sizes.py``)."""
    found = piiscan.analyze_text("担当：山田太郎 090-1234-5678\n" * 400)
    assert len(found) >= 400
    assert [(f.start, f.end) for f in found] == sorted((f.start, f.end) for f in found)
    for what in ("masked", "fingerprint", "why", "score"):
        assert len({id(getattr(f, what)) for f in found}) <= 8, what
