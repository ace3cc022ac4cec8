"""On PYTHONPATH of a test's processes: files with certain names do to a worker what hostile files do to parsers."""

import os
import pathlib
import sys

if "TESTS_FAULTS" in os.environ:
    import importlib.abc
    import importlib.util

    def _install(module):
        true = module.Analyst.analyse

        def analyse(self, item, path, folder, sink=None, **more):
            name = item.key.rsplit("/", 1)[-1]
            if name.startswith("dies"):
                os._exit(139)
            if name.startswith("once-dies") and not pathlib.Path(os.environ["TESTS_FAULTS"]).exists():
                pathlib.Path(os.environ["TESTS_FAULTS"]).open("w", encoding="utf-8").close()
                os._exit(139)
            if name.startswith("hangs"):
                import time

                time.sleep(3600)
            if name.startswith("eats"):
                hoard = []
                while True:
                    hoard.append(bytearray(8 << 20))
            return true(self, item, path, folder, sink, **more)

        module.Analyst.analyse = analyse

    class _Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path, target=None):
            if name != "piiscan.engine.analyse":
                return None
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (run(module), _install(module))
            return spec

    sys.meta_path.insert(0, _Finder())
