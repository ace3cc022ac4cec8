"""Each sentence that a person may read has a form in the catalogue, in both languages, and each form is said somewhere."""

import ast
import errno
import os
import re
import socket
import sys
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from pydantic_core import _pydantic_core

from piiscan.language import _fitting, _forms, detail_words, form_of, say, translated
from piiscan.problems import ProblemKind
from piiscan.settings import SettingsError, load_settings
from tests.sentences import HOLE, HOME, Said, calls, folder, sentences_of

CATALOGUE = HOME / "locale" / "messages.toml"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")

#: Exceptions whose sentences end as ``piiscan: …`` on the terminal or on a page.
FAULTS = {
    "BaselineError",
    "CatalogueError",
    "ClusterLostError",
    "ColumnRulesError",
    "FileNotFoundError",
    "InventoryBusyError",
    "InventoryError",
    "InventoryFullError",
    "KeyFileError",
    "LawError",
    "LedgerError",
    "LevelsError",
    "LoginRefusedError",
    "NotifyError",
    "PolicyError",
    "RecordError",
    "RootError",
    "ScheduleError",
    "SettingsError",
    "ValueError",
    "WorkerUnfitError",
}
#: Of these a ``ValueError`` is about a file's bytes, or a fault of ours that no user can cause.
NOT_TO_USERS = ("extractors/", "detect/", "assess/persons.py", "model.py", "problems.py", "sources/rights.py", "inventory/walking.py")
#: Faults of ours that no user can cause.
OURS = {
    "a fingerprint key needs at least 16 bytes",
    f"columns of {HOLE}",
    "departments come from a ledger",
    f"source {HOLE} is not part of this scan",
}
#: Details that are no sentences: names of settings with their value, of formats, ciphers and classes of exceptions.
NAMES = re.compile(
    rf"""(?:limits|ocr)\.\w+(?:\ =\ (?:{HOLE}|off))? | (?:OLE|PST|xls|zip|tesseract):\ {HOLE} | {HOLE}(?::\ {HOLE})?
    | CMS | PKCS\ \#12 | S/MIME | XML | zip | zlib | xlsb | dBASE\ IV | OpenDocument | Ole10Native | iCloud | Google\ Drive
    | AES(?:-(?:128|256|{HOLE}))? | RC4(?:-40)? | ZipCrypto | JSON | winmail\.dat\ \(TNEF\) | extensible | unknown | """,
    re.VERBOSE,
)
#: Expressions whose words stand elsewhere: in these functions and constants, or nowhere, as they are names only.
ELSEWHERE = {
    "_DFS": [("sources/smb.py", "_DFS")],
    "algorithm(data if data is not None else ends(file)) or opened.detail": [],  # the problem that open_document makes
    "_explain(error, 'settings (environment or flags)' if path is None else f'{where}, environment or flags')": [
        ("settings.py", "_explain")
    ],
    "_explain(error, where)": [("settings.py", "_explain")],
    "'\\n'.join(_sentences(error, files[-1]))": [("catalogue.py", "_sentences")],
    "UNABLE[reason]": [("extractors/archive/_libarchive.py", "UNABLE")],
    "cipher": [("extractors/office/encrypted.py", "_package"), ("extractors/office/encrypted.py", "_rights")],
    "member.cipher": [("extractors/archive/zipfile_.py", "cipher")],
    "reason": [
        ("detect/ner.py", "persons"),
        ("extractors/archive/_zipmethods.py", "why_not"),
        ("extractors/ocr.py", "_rapidocr_missing"),
        ("extractors/ocr.py", "_tesseract_missing"),
    ],
    "missing": [("extractors/ocr.py", "missing")],
    "self._sentence(said)": [("inventory/store.py", "_sentence")],
    "str(error)": [],  # a KeyFileError
    "str(path)": [],
    "'\\n'.join(faults)": [("inventory/baseline.py", "load_baseline"), ("reports/ledger.py", "load_ledger")],
    # what a format is called, by the tables of identify.py: test_kinds_of_files
    "identity.detected": [],
    # the class of an exception, with its place in our code
    "type(error).__name__": [],
    "_where(error)": [],
    "fault": [],
    "salvaged.fault": [],
    # the media type of a part, the pattern of the user's rule
    "kind": [],
    "rule": [],
    # handed on: the caller's words are read where it says them
    "detail": [],
    "p.detail": [],
    "*self._refused.args": [],
    "fault.detail": [],
    "inventory": [],
}


@cache
def modules() -> dict[str, ast.Module]:
    return dict(folder())


def details() -> Iterator[Said]:
    """The detail of every problem that is made."""
    for file, tree in modules().items():
        for call, scope in calls(tree):
            kinds = [i for i, argument in enumerate(call.args) if _is_kind(argument)]
            called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if kinds or called in {"Problem", "problem"}:
                rest = call.args[kinds[0] + 1 if kinds else 1 :]
                rest = [
                    one for one in rest if ast.unparse(one).partition(".")[0] not in {"Stage", "stage"} and "Stage(" not in ast.unparse(one)
                ]
                rest += [word.value for word in call.keywords if word.arg == "detail"]
                if rest:
                    yield from _said(file, rest[0], scope)


def _is_kind(node: ast.expr) -> bool:
    """``ProblemKind.X``, or one of two."""
    if isinstance(node, ast.IfExp):
        return _is_kind(node.body) or _is_kind(node.orelse)
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ProblemKind"


def faults() -> Iterator[Said]:
    """What every exception says that users meet."""
    for file, tree in modules().items():
        for call, scope in calls(tree):
            called = call.func.id if isinstance(call.func, ast.Name) else ""
            if called in FAULTS and call.args and not (called == "ValueError" and file.startswith(NOT_TO_USERS)):
                yield from _said(file, call.args[-1], scope)


def _said(file: str, node: ast.expr, scope: ast.AST) -> Iterator[Said]:
    texts = sentences_of(node, scope)
    expression = ast.unparse(node)
    if texts is not None:
        yield from (Said(file, node.lineno, expression, text) for text in texts)
    elif expression not in ELSEWHERE:
        yield Said(file, node.lineno, expression, None)
    else:
        for where, name in ELSEWHERE[expression]:
            found = list(_in(where, name))
            assert found, f"ELSEWHERE: {name} of {where} says nothing"
            yield from (Said(where, 0, name, text) for text in found)


def _in(file: str, name: str) -> Iterator[str]:
    """The sentences that a function returns, yields, or gives to another; or those of a constant."""
    for node in ast.walk(modules()[file]):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            for inner in ast.walk(node):
                match inner:
                    case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                        yield from sentences_of(value, node) or ()
                    case ast.Call(func=ast.Attribute(attr="append" | "_report"), args=[value]):
                        yield from sentences_of(value, node) or ()
                    case ast.AugAssign(value=ast.ListComp(elt=value)):
                        yield from sentences_of(value, node) or ()
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield from (inner.value for inner in ast.walk(node.value) if isinstance(inner, ast.Constant) and " " in str(inner.value))


#: A sentence of each section that another may hold.
KNOWN = {"detail": "password", "fault": "Field required"}


def filled(text: str, section: str) -> Iterator[str]:
    """With something in the place of every value: with words, and with a sentence in the place of each."""
    yield text.replace(HOLE, "7")
    parts = text.split(HOLE)
    for i in range(1, len(parts)):
        yield "7".join(parts[:i]) + KNOWN[section] + "7".join(parts[i:])


@pytest.mark.parametrize(("section", "sayings"), [("detail", details), ("fault", faults)])
def test_every_sentence_has_a_form(section, sayings):
    said = list(sayings())
    assert len(said) > 100, "the source is not where it was"
    assert [f"{one.file}:{one.line}: {one.expression}" for one in said if one.text is None] == [], "say in ELSEWHERE where its words stand"
    without = sorted(
        {
            f"{one.file}:{one.line}: {one.text}"
            for one in said
            if one.text is not None and not (section == "detail" and NAMES.fullmatch(one.text)) and one.text not in OURS
            if not any(form_of(section, text) for text in filled(one.text, section))
        }
    )
    assert without == [], f"add them to [{section}] of messages.toml"


@cache
def pool() -> frozenset[str]:
    """Everything that the source may say."""
    found: set[str] = set()
    for tree in modules().values():
        scopes = {id(inner): scope for scope in ast.walk(tree) if isinstance(scope, ast.FunctionDef) for inner in ast.walk(scope)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                found.update(sentences_of(node, scopes.get(id(node), tree)) or ())
    return frozenset(text for text in found if "\n" not in text and text.strip())


def used(section: str, text: str) -> Iterator[str]:
    """The forms that give a sentence, and those of the sentences in it."""
    if found := _fitting(section, text):
        form, values = found
        yield form.key
        for name, of in form.nested.items():
            yield from used(of, values[name])


@pytest.mark.parametrize("section", ["detail", "fault"])
def test_no_form_is_dead(section):
    said = {variant for text in pool() for short in {text, text.removeprefix(HOLE)} for variant in filled(short, section)}
    dead = [
        form.key
        for form in _forms(section)
        if form.key.startswith(f"{section}.") and not any(form.key in used(section, text) for text in said if form.look.search(text))
    ]
    assert dead == [], "nothing says it, or another form takes its place"


#: Of these only the sentence in it is said in Japanese.
FRAMES = {"pydantic.value_error", "system.bind"}


def test_forms_are_japanese_and_hold_the_same_values():
    for section in ("detail", "fault", "pydantic", "toml", "system", "problem"):
        for form in _forms(section):
            values = dict.fromkeys(form.look.groupindex, "§")
            assert JAPANESE.search(form.texts["ja"].format(**values)) or form.wordless or form.key in FRAMES, form.key


def test_kinds_of_files_have_their_names():
    """What ``detected`` may be, by the tables of the module that names formats."""
    tree = modules()["extractors/identify.py"]
    names = {
        row.elts[-1].value
        for row in ast.walk(tree)
        if isinstance(row, ast.Tuple) and len(row.elts) >= 3 and all(isinstance(one, ast.Constant | ast.Set) for one in row.elts)
        if isinstance(row.elts[-1], ast.Constant) and isinstance(row.elts[-1].value, str)
    }
    names |= {
        call.args[2].value
        for call, _ in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "Identity" and len(call.args) > 2 and isinstance(call.args[2], ast.Constant)
    }
    assert len(names) > 50
    without = sorted(name for name in names if not NAMES.fullmatch(name) and form_of("detail", name) is None)
    assert without == []


def test_pydantic_says_what_the_catalogue_has():
    """By the templates of the version that is installed; values may be called otherwise."""
    says = {kind["type"]: kind["message_template_python"] for kind in _pydantic_core.list_all_errors()}
    with CATALOGUE.open("rb") as file:
        ours = tomllib.load(file)["pydantic"]
    del ours["literal_error_or"], ours["path_type"]  # one of the kinds in two forms, and one that only the package pydantic has
    assert {kind: re.sub(r"\{\w+\}", "{}", texts["en"]) for kind, texts in ours.items()} == {
        kind: re.sub(r"\{\w+\}", "{}", says.get(kind, "")) for kind in ours
    }


SETTINGS = [
    ("limits.seconds = 'fast'", "limits.seconds の値 'fast' は使えません。数値で指定してください"),
    ("limits.seconds = 0", "limits.seconds の値 '0' は使えません。0 より大きい値にしてください"),
    ("limits.pages = 0", "limits.pages の値 '0' は使えません。1 以上にしてください"),
    ("limits.pages = 1.5", "limits.pages の値 '1.5' は使えません。整数で指定してください（小数は使えません）"),
    ("ocr.mode = 'on'", "ocr.mode の値 'on' は使えません。使える値: 'off', 'auto', 'all'"),
    ("strings = 'maybe'", "strings の値 'maybe' は使えません。true か false で指定してください"),
    ("roots = 'a'", "roots: 並び（[\"…\", \"…\"]）で指定してください"),
    ("baseline = 5", "baseline: パスとして使える文字列で指定してください"),
    ("politeness.hours = ['nights']", "politeness.hours: 'nights' は時間帯として読めません"),
    ("limits.second = 1", "'limits.second' というキーはありません。もしかして: 'seconds'"),
    ("wholly = 1", "'wholly' というキーはありません。使えるキー: "),
    ("detection.allow = [{reason = 'x'}]", "detection.allow.0: どの検出についての規則か分かりません"),
    ("detection.allow = [{reason = '', path = 'a'}]", "detection.allow.0.reason: 1 文字以上で指定してください"),
    ("limits = 3", "limits: 表（キーと値の組）で指定してください"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), SETTINGS)
def test_a_wrong_setting_is_told_in_japanese(tmp_path, text, says):
    path = tmp_path / "piiscan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as failed:
        load_settings(path, environment={})
    assert translated("fault", str(failed.value), "ja").startswith(f"{path}: {says}")


def test_two_faults_are_two_lines(tmp_path):
    path = tmp_path / "piiscan.toml"
    path.write_text("limits.pages = 0\nocr.dpi = 9999\n", encoding="utf-8")
    with pytest.raises(SettingsError) as failed:
        load_settings(path, environment={"PIISCAN_LIMITS__SECONDS": "x"})
    lines = translated("fault", str(failed.value), "ja").splitlines()
    assert [line.removeprefix(f"{path}: ") for line in lines] == [
        "limits.pages の値 '0' は使えません。1 以上にしてください",
        "ocr.dpi の値 '9999' は使えません。600 以下にしてください",
    ]
    with pytest.raises(SettingsError) as failed:
        load_settings(environment={"PIISCAN_LIMITS__SECONDS": "x"})
    assert translated("fault", str(failed.value), "ja") == (
        "設定（環境変数またはオプション）: limits.seconds の値 'x' は使えません。数値で指定してください"
    )


@pytest.mark.parametrize("name", ["passwords = [7]", "detection.allow = [{reason = 'x', fingerprint = '090-1234-5678'}]"])
def test_a_wrong_value_that_may_be_a_secret_is_not_repeated(tmp_path, name):
    path = tmp_path / "piiscan.toml"
    path.write_text(name, encoding="utf-8")
    with pytest.raises(SettingsError) as failed:
        load_settings(path, environment={})
    assert "'7'" not in str(failed.value)
    assert "090" not in str(failed.value)


@pytest.mark.parametrize(
    "text", ["a", "a = ", "a = [1", "a = 1\na = 2", "[a\n", "[[a]\n", "a = {b = 1", "a = 'x", 'a = "\\q"', "= 1", "a = 1 b", "[a]\n[a]\n", "a = 2027-13-01"]
)  # fmt: skip
def test_toml_that_cannot_be_read_is_told_in_japanese(tmp_path, text):
    path = tmp_path / "piiscan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as failed:
        load_settings(path, environment={})
    said = translated("fault", str(failed.value), "ja").removeprefix(f"設定ファイル {path} が TOML として正しくありません: ")
    assert re.match(r"(\d+ 行目 \d+ 文字目|ファイルの末尾): .*[ぁ-ん]", said), said
    assert not re.search(r"[a-z]{4}", said), said


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the words of another system's C library")
def test_the_system_says_what_the_catalogue_has():
    with CATALOGUE.open("rb") as file:
        ours = tomllib.load(file)["system"]
    codes = {name: getattr(errno, name) for name in ours if name.startswith("E") and not name.startswith("EAI_")}
    assert {name: os.strerror(code) for name, code in codes.items()} == {name: ours[name]["en"] for name in codes}


def test_a_port_in_use_is_told_in_japanese():
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(OSError) as failed:
        socket.create_server(listening.getsockname())
    said = translated("fault", failed.value.strerror, "ja")
    assert said == "アドレスが使用中です" or not sys.platform.startswith("linux")


def test_a_sentence_in_a_sentence_is_translated_too():
    inner = ProblemKind.NO_PERMISSION
    said = f"'/root' cannot be read: {inner.en} (path too long); {inner.todo_en}"
    assert translated("fault", said, "ja") == f"'/root' を読めません: {inner.ja}（パスが長すぎます）。{inner.todo_ja}"
    assert translated("detail", "pages 2-4; rapidocr is not installed: python -m pip install 'piiscan[ocr]'", "ja") == (
        "2-4 ページ: rapidocr が未導入です。python -m pip install 'piiscan[ocr]' で追加できます"
    )
    assert translated("detail", "Works document: no text found in it", "ja") == "Works 文書: 文字が見つかりません"


@pytest.mark.parametrize("section", ["detail", "fault"])
@pytest.mark.parametrize(
    "text", ["BadZipFile", "*.iso", "~$*", "limits.seconds = 120", "cp932", "", "見つかりません: 確認してください", "a: b; c"]
)
def test_what_is_no_sentence_stays_as_it_is(section, text):
    assert translated(section, text, "ja") == text
    assert translated(section, text, "en") == text


def test_the_users_own_rule_is_no_sentence():
    assert detail_words("excluded", "pictures", "ja") == "pictures"
    assert detail_words("needs-ocr", "pictures", "ja") == "画像"


def test_english_stays_as_it_was_raised():
    said = "'/a' does not exist; check the path, or mount the share or stick first"
    assert translated("fault", said, "en") == said
    assert form_of("fault", said) == "fault.root_missing"
    assert say("fault.root_missing", "en", root="'/a'") == said


def reasons() -> Iterator[str]:
    """Why a name was found, as the rules of names say it: the last argument of a ``RuleSpan``, its parts one by one."""
    for file, tree in modules().items():
        if not file.startswith("detect/names/"):
            continue
        for call, _scope in calls(tree):
            called = call.func.id if isinstance(call.func, ast.Name) else ""
            if called == "RuleSpan":
                for text in _strings(call.args[-1]):
                    yield from text.split(", ")


def _strings(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


def test_reasons_of_names_are_said_in_japanese():
    found = {reason for reason in reasons() if re.search("[a-z]{2}", reason)}
    assert len(found) > 30
    assert {reason: said for reason in found if re.search("[a-z]{2}", said := translated("why", reason, "ja"))} == {}


def test_a_check_is_told_once_and_in_the_language_of_the_run():
    from piiscan.engine.api import explain_text
    from piiscan.settings import Settings

    (said,) = explain_text("電話 090-1234-5678", Settings(), "ja")
    assert "電話番号計画に合う" in said
    assert "numbering" not in said
    assert "passes the check (valid by the numbering plan)" in explain_text("電話 090-1234-5678", Settings(), "en")[0]
