"""What end-to-end tests share: the program under test, and the data that lies outside the repository.

HIKESHI_BIN is the executable (./test runs the suite once per build; alone it is build/hikeshi). HIKESHI_TEST_DATA is
the folder of large test data, by default ../shared/data; tests that want it are skipped where it is absent.
A test marked `release` measures or reads much: it runs once, against the executable that users get.
"""
import os
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get('HIKESHI_BIN', TOP / 'build' / 'hikeshi')).resolve()
DATA = Path(os.environ.get('HIKESHI_TEST_DATA', TOP.parent / 'shared' / 'data')).resolve()


def pytest_configure(config):
    config.addinivalue_line('markers', 'release: runs once, against the release build')


@pytest.fixture(scope='session')
def cache(tmp_path_factory):
    """Where compiled rules are kept, so that nothing is left at home."""
    return str(tmp_path_factory.mktemp('cache'))


@pytest.fixture(scope='session')
def hikeshi(cache):
    """hikeshi('triage', path, status=0, ...) runs the program, checks its exit status, gives the finished process.

    stdout and stderr are text; `status=None` leaves the status to the test; other arguments go to subprocess.run.
    """
    def run(*arguments, status=0, timeout=120, environment=None, **options):
        __tracebackhide__ = True
        env = {**os.environ, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'XDG_CACHE_HOME': cache, **(environment or {})}
        if 'input' not in options:
            options.setdefault('stdin', subprocess.DEVNULL)
        process = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, encoding='utf-8',
                                 errors='surrogateescape', timeout=timeout, env=env, check=False, **options)
        if status is not None:
            assert process.returncode == status, process.stdout[-2000:] + process.stderr[-6000:]
        return process
    run.command = [BINARY]
    return run


@pytest.fixture
def measured(tmp_path_factory, cache):
    """measured('triage', path) runs the program and gives (exit status, stdout, its peak of resident memory in KiB).

    The peak is that of the largest of its processes.
    """
    def run(*arguments):
        output = tmp_path_factory.mktemp('measured') / 'stdout'
        with open(output, 'wb') as stdout:
            process = subprocess.Popen([BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=stdout,
                                       stderr=subprocess.DEVNULL, env={**os.environ, 'XDG_CACHE_HOME': cache})
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, output.read_text(encoding='utf-8'), usage.ru_maxrss
    return run


@pytest.fixture(scope='session')
def data():
    """data('evtx/files') is that path of the test data, or skips the test."""
    def find(name):
        path = DATA / name
        if not path.exists():
            pytest.skip(f'no test data at {path}')
        return path
    return find
