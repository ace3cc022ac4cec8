"""Presidio's package, whose ``__init__`` runs when somebody needs more of it than recognizers do."""

import importlib
import subprocess
import sys
import threading
from types import ModuleType

import pytest

from piiscan.detect import presidio

#: A process reads a text with everything of ours, then somebody uses all of Presidio in it.
_READS = """
import sys
from piiscan.detect.kit import Kit
from piiscan.settings import Settings
kit = Kit.of(Settings().detection)
assert {found.entity_type for found in kit.spot("担当：山田太郎 電話 090-1234-5678")} == {"PERSON", "PHONE_NUMBER"}
"""


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_reading_a_text_needs_no_spacy_and_no_http():
    loaded = run(
        _READS + "print(*(name for name in ('spacy', 'requests', 'httpx', 'presidio_analyzer.nlp_engine') if name in sys.modules))"
    )
    assert loaded == []


def test_who_asks_for_more_gets_all_of_presidio_with_the_same_classes():
    said = run(
        _READS + "import presidio_analyzer\n"
        "before = presidio_analyzer.EntityRecognizer\n"
        "from presidio_analyzer import *\n"
        "assert AnalyzerEngine and LemmaContextAwareEnhancer and 'spacy' in sys.modules\n"
        "assert EntityRecognizer is before is presidio_analyzer.entity_recognizer.EntityRecognizer\n"
        "assert all(isinstance(one, EntityRecognizer) for one in kit.recognizers())\n"
        "print(type(presidio_analyzer).__name__, hasattr(presidio_analyzer, 'no_such_name'))"
    )
    assert said == ["module", "False"]


def test_recognizers_of_others_that_need_spacy_still_work_beside_ours():
    said = run(
        _READS
        + """
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from spacy.tokens import Doc

class Nouns(EntityRecognizer):
    def load(self): pass
    def analyze(self, text, entities, nlp_artifacts):
        assert isinstance(nlp_artifacts, NlpArtifacts) and isinstance(nlp_artifacts.tokens, Doc)
        return [RecognizerResult("WORD", token.idx, token.idx + len(token), 0.9) for token in nlp_artifacts.tokens if token.text == "電話"]

engine = kit.presidio()
engine.registry.add_recognizer(Nouns(supported_entities=["WORD"], supported_language="ja"))
engine.registry.add_recognizer(
    PatternRecognizer(supported_entity="STAFF", patterns=[Pattern("id", "X[0-9]{4}", 0.3)], context=["社員"], supported_language="ja")
)
found = engine.analyze("担当：山田太郎 電話 090-1234-5678 社員 X1234", language="ja")
print(*sorted(result.entity_type for result in found))
"""
    )
    assert said == ["PERSON", "PHONE_NUMBER", "STAFF", "WORD"]


def test_a_module_of_presidio_may_be_the_first_that_is_imported():
    """As spaCy does through the entry points of packages, when it loads a pipeline."""
    said = run(
        _READS + "from presidio_analyzer.nlp_engine import NlpEngineProvider\n"
        "import presidio_analyzer, presidio_analyzer.nlp_engine\n"
        "assert presidio_analyzer.nlp_engine.NlpEngineProvider is NlpEngineProvider\n"
        "print(type(presidio_analyzer).__name__, presidio_analyzer.nlp_engine.__spec__.origin is not None)"
    )
    assert said == ["module", "True"]


def test_who_imported_presidio_before_us_keeps_it():
    run(
        "import presidio_analyzer; before = presidio_analyzer, presidio_analyzer.EntityRecognizer\n"
        "from piiscan.detect.kit import Kit\n"
        "import presidio_analyzer; assert before == (presidio_analyzer, presidio_analyzer.EntityRecognizer)"
    )


# ------------------------------------------------------------------- packages made for a test


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Put a package with this ``__init__`` and these modules in Presidio's place, unrun."""
    name = "presidio_of_a_test"
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(presidio, "_NAME", name)

    def made(init, **modules):
        (tmp_path / name).mkdir()
        for module, text in {"__init__": init, **modules}.items():
            (tmp_path / name / f"{module}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        presidio.put_off()
        return sys.modules[name]

    yield made
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


def test_another_release_that_keeps_a_class_elsewhere_is_asked_where(package):
    put_off = package("from .moved import RecognizerResult\nMORE = 1\n", moved="class RecognizerResult: pass\n")
    assert put_off.RecognizerResult is sys.modules["presidio_of_a_test.moved"].RecognizerResult
    assert type(put_off) is ModuleType
    assert put_off.MORE == 1


def test_a_class_that_lies_alone_is_had_without_the_rest(package):
    put_off = package(
        "raise AssertionError('not needed')\n",
        recognizer_result="from presidio_of_a_test import AnalysisExplanation\nclass RecognizerResult(AnalysisExplanation): pass\n",
        analysis_explanation="class AnalysisExplanation: pass\n",
    )
    assert put_off.RecognizerResult.__mro__[1] is put_off.AnalysisExplanation


def test_its_error_comes_each_time_and_no_half_package_stays(package):
    put_off = package("import sys\nBEFORE = 1\nif not hasattr(sys, 'repaired'): raise ImportError('broken')\nAFTER = 2\n")
    for _ in range(2):
        with pytest.raises(ImportError, match="broken"):
            _ = put_off.AFTER
    sys.repaired = True
    try:
        assert put_off.AFTER == 2
    finally:
        del sys.repaired


def test_threads_that_ask_at_once_both_wait_for_all_of_it(package):
    put_off = package("import time\nRUNS = [1]\ntime.sleep(0.2)\nLAST = 1\n")
    got = []
    threads = [threading.Thread(target=lambda: got.append(put_off.LAST)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1, 1, 1]
    assert put_off.RUNS == [1]


def test_without_presidio_the_error_is_pythons_own(monkeypatch):
    monkeypatch.setattr(presidio, "_NAME", "presidio_that_is_not_there")
    presidio.put_off()
    assert "presidio_that_is_not_there" not in sys.modules
