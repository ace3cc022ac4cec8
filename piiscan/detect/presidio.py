"""Presidio's package, whose ``__init__`` runs when somebody needs more of it than recognizers do (ADR 0050).

Detection needs three of Presidio's classes: what a recognizer is, what it returns, and why. They lie in modules of their
own that import next to nothing. But ``import presidio_analyzer`` imports all of Presidio, that all of spaCy, and that its
command line with HTTP clients: 0.8 of the 1.9 seconds that a process took until it could read its first text.

So the package is put into ``sys.modules`` unrun. It hands out those few classes from their modules; anything else that
is asked of it runs its ``__init__`` first, after which it is the module it would always have been, with the same
classes. A program that imported Presidio before us keeps what it has.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import sys
import threading
from types import ModuleType
from typing import Any

__all__ = ["put_off"]

_NAME = "presidio_analyzer"
#: Classes that can be had without the rest, and the modules they lie in.
_ALONE = {
    "AnalysisExplanation": "analysis_explanation",
    "EntityRecognizer": "entity_recognizer",
    "LocalRecognizer": "local_recognizer",
    "RecognizerResult": "recognizer_result",
}

_lock = threading.RLock()


class _Package(ModuleType):
    """The package before its ``__init__`` has run."""

    def __getattr__(self, name: str) -> Any:
        """What nobody has asked for yet."""
        if name in _ALONE:
            # another release may keep it elsewhere: its __init__ knows where
            with contextlib.suppress(ImportError, AttributeError):
                return getattr(importlib.import_module(f"{_NAME}.{_ALONE[name]}"), name)
        with _lock:  # another thread waits until all is there
            if type(self) is _Package and not self.__dict__.get("_runs"):
                self._run()
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {_NAME!r} has no attribute {name!r}", name=name, obj=self)

    def _run(self) -> None:
        assert self.__spec__ is not None, "put_off() made it from one"
        assert self.__spec__.loader is not None, "put_off() looked at it"
        self._runs = True  # its own modules ask it for what is not there yet
        try:
            self.__spec__.loader.exec_module(self)
            self.__class__ = ModuleType  # type: ignore[assignment]  # from here on it is any module
        finally:
            del self._runs  # after an error the next who asks gets the same error, not half a package


def put_off() -> None:
    """Put Presidio's package in its place unrun, unless it is there already or is not installed."""
    if _NAME in sys.modules:
        return
    spec = importlib.util.find_spec(_NAME)
    if spec is None or spec.loader is None:
        return  # whoever imports it gets Python's own error
    package = importlib.util.module_from_spec(spec)
    package.__class__ = _Package
    sys.modules[_NAME] = package
    logging.getLogger("presidio-analyzer").addHandler(logging.NullHandler())  # as its __init__ does: a library does not print
