"""What must not be possible, tried with a real browser: other pages, other names, hostile names of files, values that leak."""

import threading
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urldefrag, urljoin, urlsplit

import ahocorasick
import pytest

from tests.kits.values import forms, known_values
from tests.web import kit as inventories

ATTACK = """<!DOCTYPE html><meta charset="utf-8"><title>attack</title>
<script>
window.results = {};
const target = "%s";
async function tried(name, how) {
  try { window.results[name] = await how(); } catch (error) { window.results[name] = "refused"; }
}
async function attack() {
  await tried("fetch", async () => (await (await fetch(target + "/findings", {credentials: "include"})).text()).slice(0, 2000));
  await tried("opaque", async () => (await fetch(target + "/findings", {credentials: "include", mode: "no-cors"})).type);
  await tried("post", async () => (await fetch(target + "/decide", {method: "POST", credentials: "include", mode: "no-cors",
    headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: "verdict=false-alarm&finding=1.x&reason=x&by=x"})).type);
  await tried("frame", () => new Promise((done) => {
    const frame = document.createElement("iframe"); frame.src = target + "/findings"; frame.name = "inner";
    frame.onload = () => { try { done(frame.contentDocument ? frame.contentDocument.body.innerText.slice(0, 200) : "closed"); } catch (e) { done("closed"); } };
    document.body.append(frame); setTimeout(() => done("nothing"), 2000);
  }));
  for (const kind of ["script", "img", "link"]) {
    await tried(kind, () => new Promise((done) => {
      const one = document.createElement(kind);
      if (kind === "link") { one.rel = "stylesheet"; one.href = target + "/static/web.css"; } else { one.src = target + (kind === "img" ? "/static/icon.svg" : "/static/web.js"); }
      one.onload = () => done("loaded"); one.onerror = () => done("refused"); document.body.append(one);
    }));
  }
  await tried("window", () => new Promise((done) => {
    const other = window.open(target + "/findings");
    setTimeout(() => { try { done(other.document.body.innerText.slice(0, 200)); } catch (e) { done("closed"); } }, 700);
  }));
  return window.results;
}
</script><body><form id="form" method="post" action="%s/logout"><input name="csrf" value="guess"></form></body>"""


@pytest.fixture
def evil(site):
    """Another server on this machine, on another port: the same site, as browsers see it, but not our origin."""
    body = (ATTACK % (site.origin, site.origin)).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def victim(chromium, site):
    """Somebody who is logged in and wanders off."""
    context = chromium.new_context(locale="ja-JP")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(site.login)
    yield page
    context.close()


def test_a_page_from_elsewhere_reads_and_changes_nothing(site, victim, evil):
    victim.goto(evil)
    results = victim.evaluate("attack()")
    assert results["fetch"] == "refused"
    assert results["opaque"] in {"refused", "opaque"}  # opaque: nothing of it can be read
    assert results["post"] in {"refused", "opaque"}
    assert results["frame"] in {"closed", "nothing", ""}
    assert results["window"] in {"closed", ""}
    assert {results["script"], results["img"], results["link"]} == {"refused"}
    frame = victim.frame(name="inner")
    assert frame is None or "検出" not in frame.content()
    # a form that is really sent, with the cookie: still logged in afterwards
    victim.evaluate("document.getElementById('form').submit()")
    victim.wait_for_url(f"{site.origin}/logout")
    assert victim.locator("table").count() == 0
    victim.goto(f"{site.origin}/findings")
    assert victim.locator("tbody tr").count() == 50


def test_another_name_for_this_machine_opens_nothing(site, victim):
    """DNS rebinding: a name of somebody else's that leads here."""
    answer = victim.goto(f"http://piiscan.test:{site.port}/findings")
    assert answer.status == 421
    assert "File" not in victim.content()
    answer = victim.goto(site.login.replace("127.0.0.1", "piiscan.test"))
    assert answer.status == 421


def test_hostile_names_are_text(page, site):
    """No dialog opens (the profile would complain), no element is made, nothing turns the writing direction."""
    shown = ""
    page.goto(f"{site.origin}/findings?order=path")
    while True:
        shown += page.locator("main").inner_text() + "\n"
        assert page.locator("main script, main img[src=x], main [onmouseover], main [onerror]").count() == 0
        onward = page.locator("a[rel=next]")
        if not onward.count():
            break
        onward.click()
    for name in inventories.HOSTILE:
        text = name.replace("\u202e", "\\u202e").replace("\n", "\\x0a")
        assert text in shown, name
    assert '<img src=x onerror="alert(1)">' in shown
    assert "\u202e" not in shown
    for name in inventories.HOSTILE[:2]:
        page.goto(f"{site.origin}/findings")
        page.get_by_role("searchbox").fill(name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.locator("tbody a[href^='/file/']").first.click()
        assert name.rpartition("/")[2] in page.locator("h1").inner_text()
        assert name.rpartition("/")[2] in page.title()


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        names = {"a": "href", "link": "href", "script": "src", "img": "src"}
        for name, value in attributes:
            if name == names.get(tag) and value:
                self.found.append(value)


def crawl(site, most=200):
    """``{address: body}`` of everything that is linked from the overview; of alike addresses a few."""
    opener = site.opener()
    waiting, bodies, alike = [f"{site.origin}/"], {}, {}
    while waiting and len(bodies) < most:
        address = waiting.pop(0)
        parts = urlsplit(address)
        names = frozenset(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
        kind = ("/file/" if parts.path.startswith("/file/") else parts.path, names)
        alike[kind] = alike.get(kind, 0) + 1
        if address in bodies or alike[kind] > (15 if kind[0] == "/file/" else 4) or parts.path.startswith("/language/"):
            continue
        with opener.open(address, timeout=30) as answer:
            assert answer.status == 200, address
            bodies[address] = answer.read()
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
        links = _Links()
        links.feed(bodies[address].decode("utf-8"))
        for link in links.found:
            whole = urldefrag(urljoin(address, link))[0]
            assert whole.startswith(f"{site.origin}/"), f"{address} leads away to {whole}"
            if whole not in bodies:
                waiting.append(whole)
    return bodies


def test_no_value_is_in_any_page(scanned):
    bodies = crawl(scanned)
    kinds = {urlsplit(address).path.split("/")[1] for address in bodies}
    assert {
        "",
        "findings",
        "files",
        "file",
        "folders",
        "unread",
        "changes",
        "law",
        "decisions",
        "scans",
        "settings",
        "export",
        "static",
    } <= kinds
    assert sum(urlsplit(address).path.startswith("/file/") for address in bodies) > 4
    known = known_values()
    assert len(known) > 200
    # bytes as characters one for one: all forms are looked for at once
    automaton = ahocorasick.Automaton()
    for entity, value in known:
        for form in forms(value):
            automaton.add_word(form.decode("latin-1"), (entity, form))
    automaton.make_automaton()
    leaks = {(address, *what) for address, body in bodies.items() for _, what in automaton.iter(body.decode("latin-1"))}
    assert sorted(leaks) == []
    planted = b"x" + forms(known[0][1]).pop() + b"x"
    assert list(automaton.iter(planted.decode("latin-1")))  # it would be seen
