"""``piiscan doctor``: what works on this machine, and the exact command for what is missing."""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from piiscan.cli.common import App, pass_app, verb
from piiscan.cli.exitcodes import ExitCode
from piiscan.cli.serve import WEB_COMMAND, WEB_MODULES

__all__ = ["command"]

#: distribution, importable module
_PACKAGES = (
    ("presidio-analyzer", "presidio_analyzer"),
    ("sudachipy", "sudachipy"),
    ("sudachidict-core", "sudachidict_core"),
    ("ginza", "ginza"),
    ("ja-ginza", "ja_ginza"),
    ("phonenumbers", "phonenumbers"),
    ("python-calamine", "python_calamine"),
    ("openpyxl", "openpyxl"),
    ("pypdfium2", "pypdfium2"),
    ("pdfminer.six", "pdfminer"),
    ("lxml", "lxml"),
    ("msoffcrypto-tool", "msoffcrypto"),
    ("sqlalchemy", "sqlalchemy"),
    ("cryptography", "cryptography"),
    ("xlsxwriter", "xlsxwriter"),
    ("prometheus-client", "prometheus_client"),
)


@verb("doctor", "doctor")
@pass_app
def command(app: App) -> None:
    """See the catalogue."""
    faults = 0
    faults += _check(
        app, "Python", lambda: f"{sys.version.split()[0]} ({sys.executable})" if sys.version_info >= (3, 11) else None, "python 3.11+"
    )
    for distribution, module in _PACKAGES:
        faults += _check(
            app, distribution, functools.partial(_version, distribution, module), f"{Path(sys.executable)} -m pip install '{distribution}'"
        )
    from piiscan.extractors.engines import ENGINES

    for entry in ENGINES:
        _check(app, f"{entry.name} ({entry.reads})", entry.probe, app.say("doctor.extra", command=entry.install))
    faults += _check(app, app.say("doctor.recognizers"), _recognizers, f"{Path(sys.executable)} -m pip install --force-reinstall piiscan")
    faults += _check(app, app.say("doctor.detection"), _detection, "piiscan recognizers check")
    _check(app, "OCR", _ocr, f"{Path(sys.executable)} -m pip install 'piiscan[ocr]'")  # an extra: its absence is no fault
    _check(app, app.say("doctor.web"), _web, WEB_COMMAND)  # likewise
    faults += _check(app, app.say("doctor.temp"), _temp, app.say("doctor.temp_fix"))
    faults += _check(app, app.say("doctor.policy"), functools.partial(_policy, app), "piiscan usb-policy show")
    if sys.platform.startswith("linux"):
        faults += _check(app, "lsblk", lambda: shutil.which("lsblk"), "sudo apt-get install util-linux")
    click.echo(app.say("doctor.all_well") if not faults else app.say("doctor.faults", count=faults))
    raise click.exceptions.Exit(int(ExitCode.OK if not faults else ExitCode.INCOMPLETE))


def _check(app: App, name: str, probe: Callable[[], str | None], fix: str) -> int:
    try:
        answer = probe()
    except Exception as error:  # noqa: BLE001 -- a doctor reports whatever ails
        answer, reason = None, f"{type(error).__name__}: {app.fault(error)}"
    else:
        reason = ""
    if answer is not None:
        click.echo(f"  ok   {name}: {answer}")
        return 0
    click.echo(f"  --   {name}: {app.say('doctor.missing')} {reason}\n       → {fix}")
    return 1


def _version(distribution: str, module: str) -> str:
    importlib.import_module(module)
    return importlib.metadata.version(distribution)


def _recognizers() -> str:
    from piiscan.catalogue import load_catalogue
    from piiscan.resources import recognizers_dir

    return f"{len(load_catalogue().rules)} ({recognizers_dir()})"


def _detection() -> str | None:
    import piiscan

    found = {finding.entity for finding in piiscan.analyze_text("氏名：山田太郎　電話：090-1234-5678　住所：東京都千代田区丸の内1-1-1")}
    return ", ".join(sorted(found)) if {"PERSON", "PHONE_NUMBER", "JP_ADDRESS"} <= found else None


def _ocr() -> str | None:
    from piiscan.extractors import ocr
    from piiscan.settings import Ocr

    return None if ocr.missing(Ocr()) else f"rapidocr {importlib.metadata.version('rapidocr')}"


def _web() -> str | None:
    if any(importlib.util.find_spec(module) is None for module in WEB_MODULES):
        return None
    return ", ".join(f"{module} {importlib.metadata.version(module)}" for module in WEB_MODULES)


def _policy(app: App) -> str:
    """The USB policy that holds here; a refused one is an error whose sentence is shown."""
    from piiscan.carryout.policy import find_policy

    loaded = find_policy(app.settings(), None, (), dt.datetime.now().astimezone().date())
    return app.say(f"usb.origin_{loaded.origin.replace('-', '_')}", signer=loaded.signer.fingerprint if loaded.signer else "")


def _temp() -> str | None:
    with tempfile.TemporaryDirectory(prefix="piiscan-doctor-") as folder:
        mode = Path(folder).stat().st_mode & 0o077
        return folder if os.name != "posix" or not mode else None
