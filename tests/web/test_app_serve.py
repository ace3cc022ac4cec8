"""``piiscan serve`` as its users start and end it."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.running import PIISCAN, piiscan


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way there")
def test_it_prints_an_address_answers_and_ends(filled):
    server = subprocess.Popen(
        [*PIISCAN, "serve", "--inventory", str(filled), "--port", "0", "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(address, timeout=30)
        assert page.url == address.partition("login")[0]
        assert "個人情報" in page.read().decode() or page.status == 200
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address[:-4] + "none", timeout=30)
        server.send_signal(signal.SIGINT)
        out, error = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0, error
    assert out == ""
    assert "Ended." in error
    assert "Traceback" not in error
    token = address.partition("token=")[2]
    assert token not in error  # nothing that is logged holds it


def test_a_busy_port_is_one_sentence(filled):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = piiscan("serve", "--inventory", filled, "--port", port, ok=(2,))
    assert len(done.stderr.splitlines()) == 1
    assert f"port {port}" in done.stderr
    assert "--port 0" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--inventory", "/nowhere/none.db"], "does not exist"),
        (["--tls-cert", "a.pem"], "--tls-key"),
        (["--port", "70000"], "70000"),
    ],
)
def test_wrong_use_is_a_sentence(filled, arguments, words):
    done = piiscan("serve", *([] if "--inventory" in arguments else ["--inventory", filled]), *arguments, ok=(2,))
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_the_command_is_told(filled, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "starlette" else found(name, *rest))
    done = piiscan("serve", "--inventory", filled, ok=(2,))
    assert len(done.stderr.splitlines()) == 1
    assert "-m pip install 'piiscan[web]'" in done.stderr
    done = piiscan("doctor", ok=(0, 3))
    assert "-m pip install 'piiscan[web]'" in done.stdout


def test_a_certificate_that_is_none_is_a_sentence(filled, tmp_path):
    for name in ("web.pem", "web.key"):
        (tmp_path / name).write_text("no certificate", encoding="utf-8")
    done = piiscan(
        "serve", "--inventory", filled, "--port", "0", "--tls-cert", tmp_path / "web.pem", "--tls-key", tmp_path / "web.key", ok=(2,)
    )
    assert "PEM" in done.stderr
