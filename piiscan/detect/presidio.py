"""Presidio's package, whose ``__init__`` runs when somebody needs more of it than recognizers do (ADR 0050).

Detection needs three of Presidio's classes: what a recognizer is, what it returns, and why. They lie in modules of their
own that import next to nothing. But ``import presidio_analyzer`` imports all of Presidio, that all of spaCy, and that its
command line with HTTP clients: 0.8 of the 1.9 seconds that a process took until it could read its first text.

So the package is put into ``sys.modules`` unrun. It hands out those few classes from their modules; anything else that
is asked of it, and the import of any other of its modules (spaCy's entry points do that), runs its ``__init__`` first,
after which it is the module it would always have been, with the same classes. A program that imported Presidio before us keeps what it has.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
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
#: ``alone``: whether this thread imports one of those modules; what they import is of their kind.
_here = threading.local()


class _Package(ModuleType):
    """The package before its ``__init__`` has run."""

    def __getattr__(self, name: str) -> Any:
        """What nobody has asked for yet."""
        if name in _ALONE:
            # another release may keep it elsewhere: its __init__ knows where
            outer, _here.alone = getattr(_here, "alone", False), True
            try:
                with contextlib.suppress(ImportError, AttributeError):
                    return getattr(importlib.import_module(f"{_NAME}.{_ALONE[name]}"), name)
            finally:
                _here.alone = outer
        self.run()
        if name in self.__dict__:
            return self.__dict__[name]
        raise AttributeError(f"module {_NAME!r} has no attribute {name!r}", name=name, obj=self)

    def run(self) -> None:
        """Run the ``__init__``, once; another thread waits until all is there."""
        with _lock:
            if type(self) is not _Package or "_runs" in self.__dict__:
                return
            assert self.__spec__ is not None, "put_off() made it from one"
            assert self.__spec__.loader is not None, "put_off() looked at it"
            self._runs = True  # its own modules ask it for what is not there yet
            try:
                self.__spec__.loader.exec_module(self)
                self.__class__ = ModuleType  # type: ignore[assignment]  # from here on it is any module
            finally:
                del self._runs  # after an error the next who asks gets the same error, not half a package


class _Finder(MetaPathFinder):
    """Runs the package's ``__init__`` before a module of it that needs the rest, as Python would have."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002 -- the protocol's
        package = sys.modules.get(_NAME)
        if not fullname.startswith(f"{_NAME}.") or not isinstance(package, _Package) or getattr(_here, "alone", False):
            return None
        package.run()
        module = sys.modules.get(fullname)
        return importlib.util.spec_from_loader(fullname, _Loaded(module)) if module is not None else None


class _Loaded(Loader):
    """Hands out a module that is there already."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 -- the protocol's
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def put_off() -> None:
    """Put Presidio's package in its place unrun, unless it is there already or is not installed."""
    if _NAME in sys.modules:
        return
    spec = importlib.util.find_spec(_NAME)
    if spec is None or spec.loader is None:
        return  # whoever imports it gets Python's own error
    sys.meta_path.insert(0, _Finder())
    package = importlib.util.module_from_spec(spec)
    package.__class__ = _Package
    sys.modules[_NAME] = package
    logging.getLogger("presidio-analyzer").addHandler(logging.NullHandler())  # as its __init__ does: a library does not print
