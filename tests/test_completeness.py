"""What there is one of for each thing: examples for each rule, words in both languages for each message, an extractor for each name."""

import tomllib
from pathlib import Path

import pytest

from piiscan.catalogue import load_catalogue
from piiscan.detect.checking import check_rules
from piiscan.extractors import EXTRACTORS, extractor_for, formats
from piiscan.problems import ProblemKind

HOME = Path(__file__).resolve().parent.parent
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


def test_every_message_is_in_both_languages():
    data = tomllib.loads((HOME / "piiscan" / "locale" / "messages.toml").read_text(encoding="utf-8"))
    lacking = [
        f"{section}.{key}"
        for section, messages in data.items()
        for key, message in messages.items()
        if isinstance(message, dict) and not (message.get("en") and message.get("ja"))
    ]
    assert lacking == []


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
