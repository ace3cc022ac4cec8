"""The wheel holds everything that a run needs, and works where nothing of the checkout is."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(HOME)],
        check=True, capture_output=True,
    )  # fmt: skip
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_ships_rules_models_templates_and_messages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = {path.relative_to(HOME / "recognizers").as_posix() for path in (HOME / "recognizers").rglob("*") if path.is_file()}
    assert {f"piiscan/_recognizers/{name}" for name in content if "__pycache__" not in name} <= names
    assert {"piiscan/locale/messages.toml", "piiscan/reports/templates/report.html", "piiscan/py.typed"} <= names
    assert {"piiscan/web/templates/base.html", "piiscan/web/static/web.css", "piiscan/reports/templates/look.css"} <= names
    assert {"piiscan/locale/ja/LC_MESSAGES/click.mo", "piiscan/carryout/templates/certificate.html"} <= names
    assert not [name for name in names if name.startswith(("tests/", "sample_data/", "tools/"))]


def test_the_wheel_finds_personal_data_on_its_own(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import piiscan, pathlib; assert str(pathlib.Path(piiscan.__file__)).startswith(r'{}'), piiscan.__file__; "
        "print(sorted({{f.entity for f in piiscan.analyze_text('氏名：山田太郎 個人番号：123456789018')}}))"
    ).format(str(tmp_path / "site"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout.strip() == "['JP_MY_NUMBER', 'PERSON']"


def test_pins_name_no_host():
    text = (HOME / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert all("==" in line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def test_direct_dependencies_are_explained_and_pinned():
    import re
    import tomllib

    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.match(r"[A-Za-z0-9_.-]+", spec)[0].lower() for spec in project["dependencies"]]
    told = (HOME / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in (HOME / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert [name for name in names if f"**{name}**" not in told and f"## {name} " not in told] == []
    assert [name for name in names if name.replace("_", "-") not in pinned] == []


def test_what_the_product_imports_is_declared_and_the_other_way_round():
    import ast
    import re
    import sys
    import tomllib
    from importlib.metadata import packages_distributions

    imported = set()
    for path in (HOME / "piiscan").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    imported -= {*sys.stdlib_module_names, "piiscan", "compression", "_typeshed"}  # compression: in Python from 3.14
    where = packages_distributions()
    needed = {name.lower().replace("_", "-") for module in imported for name in where[module]}

    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {spec for extra, specs in project["optional-dependencies"].items() if extra != "dev" for spec in specs}

    def names(specs):
        return {re.match(r"[A-Za-z0-9_.-]+", spec)[0].lower().replace("_", "-") for spec in specs}

    # backports.tarfile shares a package with backports.zstd; cv2 comes with rapidocr, whose pictures it makes
    assert needed - names(project["dependencies"]) - names(extras) == {"backports.tarfile", "opencv-python-headless"}
    # content of Sudachi and spaCy; libraries that are loaded by name; the three that the design card fixes
    loaded = {"ginza", "ja-ginza", "sudachidict-core", "archi", "google-re2"}
    assert names(project["dependencies"]) - needed == loaded | {"openpyxl", "python-docx", "python-pptx"}
