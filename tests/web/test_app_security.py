"""Who may ask for what: session, Host, origin, form token, headers, slow-down."""

import pytest

from piiscan.inventory import Inventory
from piiscan.web.serving import Address
from piiscan.web.session import IDLE_SECONDS, LIFE_SECONDS, Sessions, TooSoonError
from tests.web import kit


@pytest.fixture
def stranger(inventory):
    return kit.client(inventory, log_in=False)


def test_every_page_but_the_login_asks_for_a_session(stranger):
    for route in stranger.app.routes:
        if route.path.startswith(("/static/", "/language/")) or route.path == "/login":
            continue
        path = route.path.replace("{number}", "1").replace("{lang}", "ja").replace("{name}", "findings.csv")
        if "GET" in route.methods:
            answer = stranger.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/login"), path
            assert "File0" not in answer.text
        else:
            assert stranger.post(path, headers=kit.SAME, data={"csrf": "x"}).status_code == 403, path


def test_the_token_becomes_a_cookie_and_leaves_the_address(stranger):
    answer = stranger.get(f"/login?token={kit.TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert kit.TOKEN not in cookie
    assert stranger.get("/").status_code == 200


def test_over_tls_the_cookie_is_secure(inventory):
    browser = kit.client(inventory, log_in=False, https=True)
    assert "Secure" in browser.get(f"/login?token={kit.TOKEN}").headers["set-cookie"]


def test_a_wrong_token_opens_nothing_and_is_not_shown(stranger):
    answer = stranger.get("/login?token=wrong-secret")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "wrong-secret" not in answer.text
    assert stranger.get("/").headers["location"] == "/login"


def test_the_form_logs_in_too_but_not_from_elsewhere(stranger):
    assert stranger.post("/login", data={"token": kit.TOKEN}).status_code == 403  # neither Origin nor Sec-Fetch-Site
    assert stranger.post("/login", data={"token": kit.TOKEN}, headers=kit.SAME).headers["location"] == "/"


def test_failed_logins_slow_down():
    now = [1000.0]
    sessions = Sessions("right", lambda: now[0])
    waits = []
    for _ in range(12):
        assert sessions.log_in("wrong") is None
        with pytest.raises(TooSoonError) as soon:
            sessions.log_in("right")
        waits.append(soon.value.seconds)
        now[0] += soon.value.seconds
    assert waits[:4] == [0.5, 1, 2, 4]
    assert max(waits) == 30
    assert sessions.log_in("right")
    assert sessions.log_in("wrong") is None  # and begins anew
    with pytest.raises(TooSoonError) as soon:
        sessions.log_in("right")
    assert soon.value.seconds == 0.5


def test_a_login_that_must_wait_is_told_how_long(stranger):
    stranger.get("/login?token=wrong")
    answer = stranger.get(f"/login?token={kit.TOKEN}")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_sessions_end():
    now = [0.0]
    sessions = Sessions("right", lambda: now[0])
    idle, busy = sessions.log_in("right"), sessions.log_in("right")
    assert idle != busy
    while now[0] < LIFE_SECONDS:
        assert sessions.find(busy)
        now[0] += IDLE_SECONDS - 1
    assert sessions.find(idle) is None
    assert sessions.find(busy) is None
    assert sessions.find("") is None


def test_there_are_never_too_many_sessions():
    now = [0.0]
    sessions = Sessions("right", lambda: now[0])
    names = []
    for _ in range(130):
        now[0] += 1
        names.append(sessions.log_in("right"))
    assert sum(sessions.find(name) is not None for name in names) == 100
    assert sessions.find(names[-1])


def test_logging_out_ends_the_session(inventory):
    browser = kit.client(inventory)
    token = kit.csrf_of(browser.get("/").text)
    cookies = dict(browser.cookies)
    assert browser.post("/logout", data={"csrf": token}, headers=kit.SAME).headers["location"] == "/login"
    browser.cookies.update(cookies)
    assert browser.get("/").headers["location"] == "/login"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:8765", ""])
def test_only_our_own_names_are_answered(browser, host):
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "File0" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://127.0.0.1:9999", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"},
        {"Origin": kit.OURS, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_another_site_cannot_send_a_form(browser, headers):
    token = kit.csrf_of(browser.get("/").text)
    assert browser.post("/logout", data={"csrf": token}, headers=headers).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("headers", [kit.SAME, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": kit.OURS}])
def test_our_own_forms_pass(inventory, headers):
    browser = kit.client(inventory)
    token = kit.csrf_of(browser.get("/").text)
    assert browser.post("/logout", data={"csrf": token}, headers=headers).status_code == 303


def test_a_form_needs_the_token_of_its_own_session(inventory):
    sessions = Sessions(kit.TOKEN)
    one, other = kit.client(inventory, sessions=sessions), kit.client(inventory, sessions=sessions)
    theirs = kit.csrf_of(other.get("/").text)
    for token in ("", "x", theirs, "あ"):
        assert one.post("/logout", data={"csrf": token}, headers=kit.SAME).status_code == 403
    assert one.get("/").status_code == 200


@pytest.mark.parametrize("mode", ["no-cors", "cors", "same-origin"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_embed_a_page(browser, site, mode):
    assert browser.get("/findings", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(browser, method):
    assert browser.request(method, "/", headers=kit.SAME).status_code == 405


def test_a_form_is_bounded(browser):
    token = kit.csrf_of(browser.get("/").text)
    assert browser.post("/logout", data={"csrf": token, "x": "a" * 1_100_000}, headers=kit.SAME).status_code == 413
    assert browser.post("/logout", data={"csrf": [token] * 3000}, headers=kit.SAME).status_code == 400
    assert browser.post("/logout", json={"csrf": token}, headers=kit.SAME).status_code == 415
    assert browser.post("/logout", files={"csrf": b"x"}, headers=kit.SAME).status_code == 415


@pytest.mark.parametrize("path", ["/", "/findings", "/login", "/nowhere", "/findings?level=x", "/static/web.css"])
def test_every_answer_has_the_headers(browser, path):
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_hosts_of_an_address():
    assert Address("127.0.0.1", 8765).hosts() == {"127.0.0.1:8765", "localhost:8765", "[::1]:8765"}
    assert Address("::1", 80).loopback
    assert "[::1]" in Address("::1", 80).hosts()
    wide = Address("0.0.0.0", 8443, ("PII.example",), https=True)
    assert not wide.loopback
    assert "pii.example:8443" in wide.hosts()
    assert "0.0.0.0:8443" in wide.hosts()
    assert wide.url == "https://PII.example:8443/"
    assert not Address("192.0.2.1", 80).loopback
    assert "127.0.0.1" not in Address("192.0.2.1", 80).hosts()


def test_what_ails_the_inventory_is_a_sentence(tmp_path):
    path = kit.fill(tmp_path / "inventory.db")
    with Inventory.open(path) as inventory:
        browser = kit.client(inventory)
        with inventory.begin(write=True) as connection:
            connection.exec_driver_sql("DROP TABLE folder_owners")
        answer = browser.get("/findings")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
