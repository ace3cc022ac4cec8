"""Workers that come from a process that has loaded everything once."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.util import get_temp_dir
from pathlib import Path

import psutil
import pytest

from piiscan.engine import connection
from piiscan.engine import nursery as nurseries
from piiscan.engine.nursery import Nursery, ahead, nursery
from piiscan.engine.stream import reports_of
from piiscan.engine.supervisor import Supervisor, Work
from piiscan.masking import FingerprintKey
from piiscan.settings import Ocr, Settings
from piiscan.sources import source_for
from tests.running import write_list

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers load for themselves")

SETTINGS = Settings(ocr=Ocr(mode="off"))


@pytest.fixture
def spool(monkeypatch):
    """The system's temporary folder of this test: a short path, as the name of a socket may have some hundred bytes."""
    get_temp_dir()  # multiprocessing's own, which it removes at its end, must not lie in this one
    with tempfile.TemporaryDirectory(prefix="n") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture
def share(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    for i in range(6):
        write_list(folder / f"list-{i}.csv", people=2, start=i * 2)
    return folder


def server_of(taken: Nursery) -> psutil.Process:
    return psutil.Process(taken.context.server._forkserver_pid)


def what_i_am() -> tuple[int, bool]:
    return os.getppid(), {"piiscan.detect.document", "piiscan.extractors.text.plain"} <= sys.modules.keys()


def sigint() -> tuple[object, bool]:
    """What it does here, and whether it is held back."""
    return signal.getsignal(signal.SIGINT), signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def ended(process: psutil.Process, seconds: float = 5) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        process.wait(seconds)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_workers_are_born_loaded_of_a_process_with_one_thread(spool):
    with Supervisor(SETTINGS, FingerprintKey.random(), 2) as crew:
        future = crew._running().schedule(what_i_am)
        parent, loaded = future.result(timeout=60)
        server = server_of(crew._nursery)
        assert loaded
        assert parent == server.pid
        assert server.num_threads() == 1
        assert len(server.children()) == 2
        workers = server.children()
    assert ended(server)
    assert all(ended(worker) for worker in workers)
    assert list(spool.iterdir()) == []


def test_one_that_was_started_ahead_is_taken_once_and_one_that_nobody_takes_is_not_waited_for(spool):
    with ahead(True):
        [waiting] = nurseries._waiting
        taken = nursery()
        assert taken is waiting
        other = nursery()
        assert other is not taken
        taken.close()
        other.close()
    began = time.monotonic()
    with ahead(True):
        server = server_of(nurseries._waiting[0])
    assert time.monotonic() - began < 1.5  # loading takes longer than that
    assert ended(server)
    with ahead(False):
        assert nurseries._waiting == []
    assert list(spool.iterdir()) == []


def test_what_is_known_later_starts_or_ends_the_one_that_waits(spool):
    with ahead(True) as certainly:
        [waiting] = nurseries._waiting
        server = server_of(waiting)
        certainly(True)
        assert nurseries._waiting == [waiting]
        certainly(False)
        assert nurseries._waiting == []
        assert ended(server)
    with ahead(False) as certainly:
        certainly(True)
        server = server_of(nurseries._waiting[0])
    assert ended(server)
    assert list(spool.iterdir()) == []


def test_a_dask_worker_lets_go_of_what_it_loaded_for_another_run(spool):
    connection.load_ahead("first")
    connection.load_ahead("first")
    taken = connection.loaded("first")
    waiting = server_of(connection._loaded["first"][0])
    connection.load_ahead("second")
    assert ended(waiting)
    assert connection.loaded("first") is None
    with Supervisor(SETTINGS, FingerprintKey.random(), 1) as crew:  # what was taken lives on
        crew.begin(taken)
        assert crew._running().schedule(os.getpid).result(timeout=60)
        assert server_of(crew._nursery).pid == server_of(taken).pid
    waiting = server_of(connection._loaded["second"][0])
    connection.forget()
    assert ended(waiting)
    assert connection._loaded == {}
    assert list(spool.iterdir()) == []


def test_one_is_lent_to_others_on_the_machine_and_missed_by_nobody_when_it_ends(spool, share, monkeypatch):
    key = FingerprintKey.random()
    expected = reports(share, key)
    owner = Nursery()
    borrowed = Nursery(connection.load_ahead("run", owner.address) or owner.address)
    assert connection.loaded("run").address == ""  # lent once, not on and on
    server, born = server_of(owner), []

    class Borrowing(Supervisor):
        def begin(self, begun=None):
            super().begin(begun or borrowed)

        def _send(self, tasks):
            super()._send(tasks)
            if not born:
                born.append(self._pool.schedule(os.getppid).result(timeout=60))
                owner.close()
                assert ended(server)

    monkeypatch.setattr("piiscan.engine.stream.Supervisor", Borrowing)
    assert reports(share, key) == expected
    assert born == [server.pid]
    late = Nursery(str(spool / "gone"))
    assert server_of(late).pid
    late.close()
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize(("before", "within"), [("65536", None), ("0", "0"), (None, None)])
def test_workers_of_dask_keep_memory_for_their_next_file(monkeypatch, before, within):
    seen = []

    class Looking:
        address = ""

        def __init__(self, lent):
            seen.append((lent, os.environ.get("MALLOC_TRIM_THRESHOLD_")))

        def close(self):
            pass

    monkeypatch.setattr("piiscan.engine.nursery.Nursery", Looking)
    if before is None:
        monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    else:
        monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", before)
    connection.load_ahead("run", "there")
    connection.forget()
    assert seen == [("there", within)]
    assert os.environ.get("MALLOC_TRIM_THRESHOLD_") == before


def test_a_ctrl_c_at_any_moment_is_none_of_its_business(spool, capfd):
    taken = Nursery()
    server = server_of(taken)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.SIGINT not in before
    for _ in range(40):  # from before Python begins in it until after all is loaded
        server.send_signal(signal.SIGINT)
        time.sleep(0.05)
    with Supervisor(SETTINGS, FingerprintKey.random(), 1) as crew:
        crew.begin(taken)
        assert crew._running().schedule(os.getppid).result(timeout=60) == server.pid
        assert crew._running().schedule(sigint).result(timeout=60) == (signal.SIG_IGN, False)
    assert capfd.readouterr().err == ""


def test_several_threads_may_start_one_each(spool):
    before = multiprocessing.current_process()._config.get("tempdir")
    threads = [threading.Thread(target=connection.load_ahead, args=("run",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert multiprocessing.current_process()._config.get("tempdir") == before
    assert len({server_of(one).pid for one in connection._loaded["run"]}) == 4
    connection.forget()
    assert list(spool.iterdir()) == []


def test_a_worker_does_not_run_the_program_that_wanted_it(share, tmp_path):
    note = tmp_path / "note"
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\n"
        f"with Path({str(note)!r}).open('a', encoding='utf-8') as file: file.write(__name__ + '\\n')\n"
        "from piiscan.engine.stream import reports_of\n"
        "from piiscan.masking import FingerprintKey\n"
        "from piiscan.settings import Ocr, Settings\n"
        "from piiscan.sources import source_for\n"
        "settings = Settings(ocr=Ocr(mode='off'))\n"
        f"print(len(list(reports_of(source_for({str(share)!r}, settings), settings, FingerprintKey.random(), jobs=2))))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.stdout, done.stderr) == ("6\n", "")
    assert note.read_text(encoding="utf-8") == "__main__\n"


def test_workers_that_are_dismissed_end_while_the_caller_goes_on(share, spool):
    source = source_for(str(share), SETTINGS)
    with Supervisor(SETTINGS, FingerprintKey.random(), 1) as crew:
        crew.dismiss()  # there are none yet
        crew.submit(crew.task(Work.ANALYSE, next(iter(source.walk())), source))
        crew.dismiss()  # one has something to do
        [(_, report)] = [done for _ in range(600) if crew.pending for done in crew.wait(0.1)]
        assert report.groups
        pool = crew._pool
        crew.dismiss()
        assert not pool.active
        assert crew._pool is pool
    assert list(spool.iterdir()) == []


def reports(share: Path, key: FingerprintKey) -> dict[str, object]:
    return {r.item.key: (r.groups, r.level, r.problems) for r in reports_of(source_for(str(share), SETTINGS), SETTINGS, key, jobs=2)}


def test_where_there_can_be_none_each_worker_loads_for_itself(share, spool, monkeypatch):
    key = FingerprintKey.random()
    expected = reports(share, key)

    def refused(self):
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(nurseries.ForkServer, "ensure_running", refused)
    assert Nursery().context.get_start_method() == "spawn"
    assert reports(share, key) == expected
    assert list(spool.iterdir()) == []


def test_a_nursery_that_is_killed_takes_its_workers_along_and_costs_no_file(share, spool, monkeypatch):
    key = FingerprintKey.random()
    expected = reports(share, key)
    killed = []

    class Killing(Supervisor):
        def _send(self, tasks):
            super()._send(tasks)
            if not killed:
                server = server_of(self._nursery)
                killed.extend([server, *server.children()])
                server.kill()
                assert all(ended(worker) for worker in killed[1:])

    monkeypatch.setattr("piiscan.engine.stream.Supervisor", Killing)
    assert reports(share, key) == expected
    assert len(killed) == 3


def test_one_that_ended_and_could_not_be_started_again_is_let_go(spool):
    taken = Nursery()
    server = server_of(taken)
    server.kill()
    taken.context.server._stop()  # as the server itself does before it starts anew
    assert taken.context.server._forkserver_pid is None
    taken.close()
    assert ended(server)
    assert list(spool.iterdir()) == []


SCAN = """
import os, signal
from piiscan.engine.supervisor import Supervisor, Work
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings

if __name__ == "__main__":
    crew = Supervisor(Settings(), FingerprintKey.random(), 2).__enter__()
    crew._running().schedule(os.getpid).result()
    print(crew._nursery.context.server._forkserver_pid, flush=True)
    signal.pause()
"""


def test_all_of_them_end_when_the_scan_is_killed(tmp_path, spool):
    script = tmp_path / "scan.py"
    script.write_text(SCAN, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "TMPDIR": str(spool)}
    ) as scan:
        server = psutil.Process(int(scan.stdout.readline()))
        workers = server.children()
        scan.send_signal(signal.SIGKILL)
        scan.wait()
    assert len(workers) == 2
    assert all(ended(process, 10) for process in (*workers, server))
    with Supervisor(SETTINGS, FingerprintKey.random(), 1):
        pass
    assert list(spool.iterdir()) == []  # the next run sweeps


ORDER = """
import sys

class Order:
    def __reduce__(self):
        return read, (sys.argv[1],)

def read(error):
    raise {"lock": FileNotFoundError, "pipe": EOFError, "ours": ValueError}[error]("cannot be read")
"""
BORN_TOO_LATE = """
from order import Order
from piiscan.engine.nursery import Nursery

if __name__ == "__main__":
    taken = Nursery()
    worker = taken.context.Process(target=print, args=(Order(),))
    worker.start()
    worker.join()
    print(taken.context.get_start_method(), worker.exitcode)
    taken.close()
"""


@pytest.mark.parametrize(("error", "told"), [("lock", False), ("pipe", False), ("ours", True)])
def test_a_worker_that_begins_as_the_scan_ends_says_nothing(tmp_path, spool, error, told):
    (tmp_path / "order.py").write_text(ORDER, encoding="utf-8")
    script = tmp_path / "late.py"
    script.write_text(BORN_TOO_LATE, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script), error],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(spool)},
        check=True,
    )
    assert run.stdout == "forkserver 1\n"
    assert ("Traceback" in run.stderr) is told, run.stderr
