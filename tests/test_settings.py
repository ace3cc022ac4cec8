"""Settings are strict, and say in one sentence what is wrong, where, and what to do."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import piiscan.settings as settings_module
from piiscan.settings import Settings, SettingsError, load_settings


def write(tmp_path, text):
    path = tmp_path / "piiscan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_file_then_environment_then_flags(tmp_path):
    path = write(tmp_path, 'inventory = "a.db"\njobs = 1\n[limits]\nseconds = 5\n')
    settings = load_settings(
        path, environment={"PIISCAN_INVENTORY": "b.db", "PIISCAN_LIMITS__SECONDS": "7"}, flags={"jobs": 3, "inventory": None}
    )
    assert (settings.inventory, settings.jobs, settings.limits.seconds) == ("b.db", 3, 7)


def test_defaults_need_no_file():
    assert load_settings(environment={}) == Settings()


def test_an_unknown_key_is_an_error_with_a_suggestion(tmp_path):
    path = write(tmp_path, "[limits]\nsecond = 5\n")
    with pytest.raises(SettingsError, match=r"piiscan\.toml: unknown key 'limits\.second'; did you mean 'seconds'\?"):
        load_settings(path, environment={})


def test_an_unknown_key_in_a_job(tmp_path):
    path = write(tmp_path, '[[nightly]]\nname = "a"\nroots = ["/x"]\ncsvdir = "/y"\n')
    with pytest.raises(SettingsError, match=r"did you mean 'csv_dir'\?"):
        load_settings(path, environment={})


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(SettingsError, match="does not exist; check the path"):
        load_settings(tmp_path / "none.toml", environment={})


def test_bad_toml_and_bad_encoding(tmp_path):
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(write(tmp_path, "inventory = "), environment={})
    path = tmp_path / "cp932.toml"
    path.write_bytes('inventory = "台帳.db"'.encode("cp932"))
    with pytest.raises(SettingsError, match="must be UTF-8"):
        load_settings(path, environment={})


def test_a_wrong_value_names_its_key(tmp_path):
    with pytest.raises(SettingsError, match=r"limits\.seconds"):
        load_settings(write(tmp_path, "[limits]\nseconds = -1\n"), environment={})


def test_a_bom_from_notepad_is_fine(tmp_path):
    path = tmp_path / "piiscan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + 'inventory = "台帳.db"'.encode())
    assert load_settings(path, environment={}).inventory == "台帳.db"


def test_passwords_are_not_shown():
    settings = load_settings(environment={}, flags={"passwords": ("hunter2",)})
    assert "hunter2" not in repr(settings)


def test_each_setting_is_read_somewhere():
    """A setting that nothing asks for would be a promise that nobody keeps."""
    home = Path(settings_module.__file__).parent
    asked = "".join(path.read_text(encoding="utf-8") for path in home.rglob("*.py") if path.name != "settings.py")
    models = [model for model in vars(settings_module).values() if isinstance(model, type) and issubclass(model, BaseModel)]
    names = {f"{model.__name__}.{name}" for model in models for name in model.model_fields}
    assert len(names) > 80
    assert [name for name in sorted(names) if not re.search(rf"\.{name.partition('.')[2]}\b", asked)] == []
