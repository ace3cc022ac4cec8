"""What the pages show, and that it is what the inventory says."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from piiscan.assess.persons import merge
from piiscan.inventory.pages import Filter
from piiscan.model import Level
from piiscan.problems import ProblemKind
from tests.web import kit

PAGES = ["/", "/findings", "/files", "/folders", "/unread", "/changes", "/decisions", "/law", "/scans", "/settings"]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_the_readers_language(inventory, path, lang):
    page = kit.client(inventory, lang=lang).get(path)
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    assert ("ログアウト" in page.text) is (lang == "ja")
    assert ("Log out" in page.text) is (lang == "en")


def test_a_chosen_language_outweighs_the_browsers(inventory):
    browser = kit.client(inventory, lang="ja")
    answer = browser.get("/language/en?back=/findings%3Flevel%3Dhigh")
    assert answer.headers["location"] == "/findings?level=high"
    assert '<html lang="en">' in browser.get("/findings").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y", "/language/ja"]
)
def test_the_way_back_never_leads_away(browser, back):
    assert browser.get("/language/ja", params={"back": back}).headers["location"] == "/"


def test_the_overview_answers_how_much(inventory, browser):
    text = browser.get("/").text
    pages = inventory.pages()
    persons = pages.persons(merge, Filter()).estimate
    (root,) = pages.roots()
    for number in (persons, root.findings, root.files, sum(root.levels.get(level, 0) for level in Level if level)):
        assert f"<b>{number:,}</b>" in text
    assert f"重大な個人情報が {root.levels[Level.CRITICAL]} ファイル" in text
    assert text.count("<tr><td>") == 10


def test_an_empty_inventory_says_what_to_do(tmp_path):
    from piiscan.inventory import Inventory

    with Inventory.open(tmp_path / "empty.db") as empty:
        browser = kit.client(empty)
        for path in PAGES:
            assert browser.get(path).status_code == 200
        assert "piiscan scan" in browser.get("/").text


def rows_of(text):
    return re.findall(r'href="/file/(\d+)"', text)


def test_pages_of_findings_follow_each_other_without_gap(inventory, browser):
    seen, address, pages = [], "/findings", 0
    while address:
        text = browser.get(address).text
        found = rows_of(text)
        assert len(found) <= 50
        seen += found
        onward = re.search(r'href="([^"]+)" rel="next"', text)
        address = unescape(onward[1]) if onward else ""
        pages += 1
    assert pages > 1
    wanted = inventory.pages().findings(Filter(), size=10_000).rows
    assert [int(number) for number in seen] == [row.file.file_id for row in wanted]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("level=critical", Filter(min_level=Level.CRITICAL)),
        ("entity=EMAIL_ADDRESS", Filter(entity="EMAIL_ADDRESS")),
        ("owner=%3D%E8%8A%B1%E5%AD%90", Filter(owner="花子")),
        ("owner=%3D", Filter(owner="")),
        ("q=file01", Filter(text="file01")),
        ("under=%E5%96%B6%E6%A5%AD&entity=PERSON", Filter(under="営業", entity="PERSON")),
        ("decision=confirmed", Filter(decision="confirmed")),
    ],
)
def test_the_address_filters(inventory, browser, query, wanted):
    text = browser.get(f"/findings?{query}").text
    assert f"{inventory.pages().count_findings(wanted).number:,} 件" in text
    expected = inventory.pages().findings(wanted, size=50).rows
    assert [int(number) for number in rows_of(text)] == [row.file.file_id for row in expected]


def test_choosing_a_facet_shows_as_many_as_it_said(browser):
    text = browser.get("/findings?under=%E5%96%B6%E6%A5%AD").text
    links = re.findall(r'<li><a href="([^"]+)"(?: aria-current="true")?><span>.*?</span><span class="count">([\d,]+)</span>', text)
    assert len(links) > 6
    for address, number in links:
        assert f"{number} 件" in browser.get(unescape(address)).text


@pytest.mark.parametrize(
    "address",
    [
        "/findings?level=awful",
        "/findings?order=upside-down",
        "/findings?decision=maybe",
        "/findings?owner=x",
        "/findings?after=nonsense",
        "/findings?q=%00",
        "/findings?q=" + "a" * 5000,
    ],
)
def test_an_address_of_nobodys_is_400_with_a_sentence(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 400
    assert "戻ってやり直してください" in answer.text


@pytest.mark.parametrize(
    "address", ["/file/999999", "/file/-1", "/file/x", "/file/../../etc/passwd", "/file/1e3", "/nowhere", "/static/../app.py"]
)
def test_nothing_but_files_of_the_inventory_is_shown(browser, address):
    assert browser.get(address).status_code == 404


def test_a_file_says_what_why_and_who(inventory, browser):
    row = next(row for row in inventory.pages().findings(Filter(), size=200).rows if row.file.readable_by == "everyone")
    text = browser.get(f"/file/{row.file.file_id}").text
    for words in ("山*太*", "全員", "名簿", "理由", row.file.path.rpartition("/")[2]):
        assert words in text, words
    assert text.count('<li id="f-') == sum(one.level > Level.NONE for one in inventory.pages().file(row.file.file_id)[1])


def test_a_file_that_was_not_read_says_why_and_what_to_do(inventory, browser):
    (file,) = inventory.pages().find("営業/壊れ.pdf")
    text = browser.get(f"/file/{file.file_id}").text
    assert "EOFError" in text
    assert ProblemKind.BROKEN.todo("ja") in text
    assert "完全には読めていない" in text


def test_what_is_hostile_is_text(inventory, browser):
    numbers = {path: inventory.pages().find(path)[0].file_id for path in kit.HOSTILE}
    pages = [browser.get("/findings?entity=PERSON&order=path&owner=%3D%3Ci%3Eowner%3C%2Fi%3E").text]
    pages += [browser.get(f"/file/{number}").text for number in numbers.values()]
    for text in pages:
        for bad in ("<script>alert", "<img src=x", '" onmouseover="', "<b>inner", "<i>owner", "\u202e", "line\nbreak", ">49<"):
            assert bad not in text, bad
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.xlsx" in pages[1]
    assert "a\\u202egpj.exe" in pages[3]


class Elements(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, text):
        super().__init__()
        self.wrong = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        inline = tag == "style" or (tag == "script" and not (names.get("src") or "").startswith("/static/"))
        handlers = [name for name in names if name.startswith("on") or name == "style"]
        away = [value for name, value in attrs if name in {"src", "href", "action"} and not (value or "").startswith(("/", "#"))]
        if inline or handlers or away:
            self.wrong.append((tag, attrs))


def test_no_page_needs_inline_script_or_style_or_anything_from_elsewhere(browser):
    for path in [*PAGES, "/file/1", "/login", "/nowhere"]:
        assert Elements(browser.get(path).text).wrong == [], path


def test_the_reason_names_what_raised_the_level():
    from piiscan.assess.levels import Levels

    levels = Levels.load()
    why = levels.why("JP_MY_NUMBER", 0.99, Level.CRITICAL, {"JP_MY_NUMBER", "PERSON", "GENDER"}, 3)
    assert (why.alone, why.together, why.more_than) == (Level.HIGH, ("PERSON",), None)
    assert levels.why("PERSON", 0.9, Level.CRITICAL, {"PERSON"}, 1_500).more_than == 1000
    assert levels.why("PERSON", 0.9, Level.MEDIUM, {"PERSON", "PHONE_NUMBER"}, 5).together == ("PHONE_NUMBER",)
    assert levels.why("EMAIL_ADDRESS", 0.9, Level.LOW, {"PERSON"}, 5_000) == levels.why("EMAIL_ADDRESS", 0.9, Level.LOW, set(), 0)
