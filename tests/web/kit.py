"""An inventory of invented files and a browser that is logged in, without a server."""

from collections.abc import Sequence
from pathlib import Path

from starlette.testclient import TestClient

from piiscan.inventory import Inventory
from piiscan.model import FileReport, Level
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.web import make_app
from piiscan.web.session import Sessions
from tests.inventory import kit

TOKEN = "the-token-of-these-tests"
PORT = 8765
OURS = f"http://127.0.0.1:{PORT}"
#: What browsers say of our own forms.
SAME = {"Origin": OURS, "Sec-Fetch-Site": "same-origin"}

HOSTILE = [
    "<script>alert(1)</script>.xlsx",
    'x" onmouseover="alert(1).xlsx',
    "a\u202egpj.exe",
    "line\nbreak.xlsx",
    "{{ 7*7 }}.xlsx",
    "&lt;b&gt;.xlsx",
]


def hostile_reports() -> list[FileReport]:
    """Names and headers that would do harm if they were not shown as text."""
    return [
        kit.report(
            name, kit.group("PERSON", Level.MEDIUM, header='<img src=x onerror="alert(1)">', member="<b>inner</b>\u202e.zip"), persons=[i],
            owner="<i>owner</i>",
        )
        for i, name in enumerate(HOSTILE)
    ]  # fmt: skip


def fill(path: Path, extra: Sequence[FileReport] = ()) -> Path:
    """Two scans: first some files, then all, with one that cannot be read."""
    broken = kit.report("営業/壊れ.pdf", problems=[Problem(ProblemKind.BROKEN, Stage.EXTRACT, "EOFError")])
    everything = [*kit.many(120), broken, *extra]
    with Inventory.open(path) as inventory:
        kit.scan(inventory, everything[:100])
        kit.scan(inventory, everything)
    return path


def client(inventory: Inventory, *, sessions: Sessions | None = None, log_in: bool = True, lang: str = "ja", **options) -> TestClient:
    """A browser at the application; it does not follow redirects by itself."""
    settings = options.pop("settings", Settings(inventory=str(inventory.path)))
    app = make_app(inventory, settings, sessions or Sessions(TOKEN), hosts={f"127.0.0.1:{PORT}"}, port=PORT, **options)
    browser = TestClient(app, base_url=OURS, follow_redirects=False, headers={"Accept-Language": lang})
    if log_in:
        assert browser.get(f"/login?token={TOKEN}").status_code == 303
    return browser


def csrf_of(page: str) -> str:
    """The token of the forms on a page."""
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
