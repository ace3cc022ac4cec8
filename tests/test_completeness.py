"""What there is one of for each thing: examples for each rule, words in both languages for each message, an extractor for each name."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from piiscan.catalogue import load_catalogue
from piiscan.detect.checking import check_rules
from piiscan.engine.api import analyze_text, inspect_file
from piiscan.extractors import EXTRACTORS, extractor_for, formats
from piiscan.extractors.identify import identify
from piiscan.language import translated
from piiscan.problems import ProblemKind
from piiscan.settings import Settings

HOME = Path(__file__).resolve().parent.parent
SAMPLES = HOME / "sample_data"
#: formats that can be encrypted as a whole and have a sample of that
ENCRYPTED = {"7z", "access", "dbf", "encrypted-office", "parquet", "pdf", "rar", "zip"}
#: formats that lack something, and why; whoever mends one takes it out here
NO_SAMPLE = {
    "doc": "no library writes it",
    "jtd": "no library writes it",
    "ole-object": "only inside other files",
    "old-office": "no library writes any of these formats",
    "image": "made with and without OCR: see tests/extractors/test_ocr.py",
    "ppt": "no library writes it",
    "vsdx": "no library writes it",
}
NO_BROKEN_SAMPLE = {*NO_SAMPLE, "ldif", "jahis"} - {"ole-object"}  # an LDIF file and a notebook have no end that could be missing
#: formats whose reading only the samples test
NO_TESTS = {"csv", "eml", "html", "json", "text", "xml"}
#: formats that are nothing but a problem: their one sample lies among the broken ones
ONLY_PROBLEMS = {"encrypted-office", "placeholder"}
#: format -> the module of tests/extractors that tests it, where the format has none of its own name
TESTED_IN = {
    "access": "test_access",
    "bz2": "test_compressed",
    "cab": "test_archives",
    "compress": "test_compressed",
    "dbf": "test_databases",
    "doc": "test_legacy_office",
    "emlx": "test_mail_stores",
    "encrypted-office": "test_encrypted_office",
    "exe": "test_small_formats",
    "gz": "test_compressed",
    "icalendar": "test_texts",
    "iso": "test_archives",
    "jtd": "test_old_office",
    "ldif": "test_texts",
    "lnk": "test_small_formats",
    "jahis": "test_texts",
    "lzh": "test_archives",
    "mbox": "test_mail_stores",
    "msg": "test_mail_stores",
    "odf": "test_opendocument",
    "ole-object": "test_old_office",
    "parquet": "test_databases",
    "placeholder": "test_small_formats",
    "ppt": "test_legacy_office",
    "pst": "test_mail_stores",
    "rar": "test_archives",
    "rtf": "test_legacy_office",
    "split": "test_archives",
    "sql": "test_texts",
    "sqlite": "test_databases",
    "tnef": "test_mail_stores",
    "vcard": "test_texts",
    "vsdx": "test_opendocument",
    "wps": "test_old_office",
    "xls-old": "test_old_office",
    "xz": "test_compressed",
    "zst": "test_compressed",
    "7z": "test_archives",
}
RULES = load_catalogue().rules


@pytest.mark.parametrize("entity", sorted(RULES))
def test_every_rule_has_examples_and_counter_examples(entity):
    rule = RULES[entity]
    assert len(rule.examples.match) >= 1, "add examples"
    assert len(rule.examples.no_match) >= 1, "add counter-examples"
    assert rule.label.ja != rule.label.en
    assert rule.reference or rule.law


@pytest.mark.parametrize("entity", sorted(RULES))
def test_the_examples_hold(entity):
    assert [str(fault) for fault in check_rules(entities=[entity])] == []


def test_every_extractor_keeps_the_protocol():
    assert len({name for name, _ in EXTRACTORS}) == len(EXTRACTORS)
    for name, _ in EXTRACTORS:
        extractor = extractor_for(name)
        assert extractor is not None
        assert callable(extractor.extract)
        assert extractor.DOC.description
        assert extractor.DOC.limitations
    assert len(formats()) == len(EXTRACTORS)


#: What a line of Japanese about a format is made of besides names: of encodings and of libraries.
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
ONLY_NAMES = {"UTF-8", "CP932", "EUC-JP", "ISO-2022-JP", "表"}


@pytest.mark.parametrize("extractor", formats(), ids=lambda extractor: extractor.NAME)
def test_every_format_speaks_both_languages_line_by_line(extractor):
    doc = extractor.DOC
    ja = doc.of("ja")
    assert doc.of("en") is doc
    assert len(ja.sees) == len(doc.sees)
    assert len(ja.limitations) == len(doc.limitations)
    lines = [*ja.sees, *ja.limitations]
    assert [line for line in lines if line not in ONLY_NAMES and not JAPANESE.search(line)] == []
    assert not re.search(r"\b(own|for|of|with|and|or|the|in|when|extra|program)\b", ja.engine)
    assert [line for line in (*doc.sees, *doc.limitations, doc.engine) if JAPANESE.search(line)] == []


def _samples() -> dict[str, list[dict]]:
    """Manifest entries by the format of their file."""
    found: dict[str, list[dict]] = {}
    for entry in yaml.safe_load((SAMPLES / "manifest.yaml").read_text(encoding="utf-8"))["files"]:
        path = SAMPLES / "files" / entry["path"]
        found.setdefault(identify(path, path.name).format, []).append(entry)
    return found


def _lies_broken(entry: dict) -> bool:
    return entry["path"].startswith("broken/")


def test_every_format_has_a_sample_a_damaged_one_and_an_encrypted_one():
    samples = _samples()
    names = {name for name, _ in EXTRACTORS}
    whole = {name for name, entries in samples.items() if any(not _lies_broken(entry) for entry in entries)}
    damaged = {
        name for name, entries in samples.items() if any(_lies_broken(entry) and entry.get("problem") != "encrypted" for entry in entries)
    }
    closed = {name for name, entries in samples.items() if any(entry.get("problem") == "encrypted" for entry in entries)}
    assert names - whole - ONLY_PROBLEMS <= set(NO_SAMPLE), "every format has a file in sample_data/files that is read, or is a known gap"
    assert names - damaged - {"encrypted-office"} <= set(NO_BROKEN_SAMPLE), (
        "every format has a file in sample_data/files/broken, or is a known gap"
    )
    assert closed == ENCRYPTED


def test_every_format_has_its_tests():
    home = HOME / "tests" / "extractors"
    lacking = []
    for name, _ in EXTRACTORS:
        own = home / f"test_{name.replace('-', '_')}.py"
        path = own if own.is_file() else home / f"{TESTED_IN.get(name, 'none')}.py"
        if not path.is_file() or not re.search(r"^def test_", path.read_text(encoding="utf-8"), re.MULTILINE):
            lacking.append(name)
    assert set(lacking) <= NO_TESTS


def test_every_format_says_which_engine_it_needs():
    from piiscan.extractors.engines import ENGINES

    known = {entry.name for entry in ENGINES}
    assert {name for extractor in formats() for name in extractor.DOC.needs} == known


def test_every_message_is_in_both_languages():
    data = tomllib.loads((HOME / "piiscan" / "locale" / "messages.toml").read_text(encoding="utf-8"))
    lacking = [
        f"{section}.{key}"
        for section, messages in data.items()
        for key, message in messages.items()
        if isinstance(message, dict) and not (message.get("en") and message.get("ja"))
    ]
    assert lacking == []


def _reasons():
    """Reasons that findings have in the examples of every rule and in the lists among the sample files."""
    for rule in RULES.values():
        for example in rule.examples.match:
            for finding in analyze_text(example.text):
                yield from finding.why
    for path in (SAMPLES / "files").rglob("*.csv"):
        for revealed in inspect_file(path, Settings())[1]:
            yield from revealed.finding.why


def test_every_reason_is_in_japanese_too():
    """What `inspect --explain` says of a finding."""
    reasons = set(_reasons())
    assert len(reasons) > 100
    assert sorted(reason for reason in reasons if translated("why", reason, "ja") == reason) == []


def test_every_problem_says_what_to_do_in_both_languages():
    for kind in ProblemKind:
        for lang in ("en", "ja"):
            assert kind.prose(lang)
            assert kind.todo(lang)


def test_the_entities_of_the_specification_have_a_rule():
    wanted = [
        "JP_MY_NUMBER",
        "JP_CORPORATE_NUMBER",
        "JP_DRIVER_LICENSE",
        "JP_PASSPORT",
        "JP_RESIDENCE_CARD",
        "JP_BASIC_PENSION_NUMBER",
        "JP_RESIDENT_CODE",
        "JP_HEALTH_INSURANCE",
        "JP_EMPLOYMENT_INSURANCE",
        "JP_BANK_ACCOUNT",
        "CREDIT_CARD",
        "CREDENTIAL",
        "PHONE_NUMBER",
        "JP_POSTAL_CODE",
        "JP_ADDRESS",
        "PERSON",
        "DATE_OF_BIRTH",
        "EMAIL_ADDRESS",
        "IP_ADDRESS",
        "PERSONAL_URL",
        "JP_VEHICLE_PLATE",
        "JP_EMPLOYEE_NUMBER",
        "JP_STUDENT_NUMBER",
        "JP_PATIENT_NUMBER",
        "JP_CUSTOMER_NUMBER",
        "GENDER",
        "AGE",
        "JP_SENSITIVE_RACE",
        "JP_SENSITIVE_CREED",
        "JP_SENSITIVE_SOCIAL_STATUS",
        "JP_SENSITIVE_MEDICAL_HISTORY",
        "JP_SENSITIVE_CRIMINAL_RECORD",
        "JP_SENSITIVE_CRIME_VICTIM",
        "JP_SENSITIVE_DISABILITY",
        "JP_SENSITIVE_CHECKUP_RESULT",
        "JP_SENSITIVE_MEDICAL_CARE",
        "JP_SENSITIVE_CRIMINAL_PROCEDURE",
        "JP_SENSITIVE_JUVENILE_PROCEDURE",
    ]
    assert set(wanted) <= set(RULES)
