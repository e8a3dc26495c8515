"""scripts/setup on machines that it does not find itself on: the package tools are replaced by small scripts."""
import os
import re
import subprocess

import pytest
from conftest import TOP

pytestmark = pytest.mark.release  # no matter of the executable: once is enough

SETUP = TOP / 'scripts' / 'setup'
RUN_PACKAGES = re.search(r"^build='([^']*)'", SETUP.read_text(encoding='utf-8'), re.M).group(1).split()


class Machine:
    """A PATH with package tools of ours in front."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = folder / 'calls'
        self.calls.write_text('')
        self.tool('id', 'echo 0')
        self.installed(RUN_PACKAGES)
        self.tool('apt-get', f'echo "$@" >>{self.calls}')

    def tool(self, name, body):
        path = self.folder / name
        path.write_text(f'#!/bin/sh\n{body}\n')
        path.chmod(0o755)

    def installed(self, packages):
        self.tool('dpkg-query', '\n'.join(f'echo {package} installed' for package in packages))

    def setup(self, *arguments, path='/usr/bin:/bin'):
        return subprocess.run([SETUP, *arguments], capture_output=True, text=True, check=False,
                              env={**os.environ, 'PATH': f'{self.folder}:{path}'})


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_nothing_missing_asks_no_one(machine):
    done = machine.setup('run')
    assert (done.returncode, done.stdout, done.stderr, machine.calls.read_text()) == (0, '', '', '')


def test_installs_only_what_is_missing(machine):
    machine.installed(RUN_PACKAGES[1:-1])
    done = machine.setup('run')
    assert done.returncode == 0
    calls = machine.calls.read_text().splitlines()
    assert len(calls) == 1 and calls[0].endswith(f' {RUN_PACKAGES[0]} {RUN_PACKAGES[-1]}')


def test_a_package_that_was_removed_is_missing(machine):
    machine.tool('dpkg-query', '\n'.join(f'echo {package} {"config-files" if package == "meson" else "installed"}'
                                         for package in RUN_PACKAGES))
    assert machine.setup('run').returncode == 0
    assert machine.calls.read_text().split()[-1] == 'meson'


def test_old_package_lists_are_renewed(machine):
    machine.installed([])
    machine.tool('apt-get', f'echo "$*" >>{machine.calls}\ngrep -q update {machine.calls}')
    assert machine.setup('run').returncode == 0
    calls = machine.calls.read_text().splitlines()
    assert [('install' in call, 'update' in call) for call in calls] == [(True, False), (False, True), (True, False)]


def test_offline_says_so(machine):
    machine.installed([])
    machine.tool('apt-get', 'echo "Temporary failure resolving"; exit 100')
    done = machine.setup('run')
    assert done.returncode == 2
    assert 'Temporary failure resolving' in done.stderr and 'offline' in done.stderr


def test_without_root_and_sudo_says_the_command(machine):
    machine.installed(RUN_PACKAGES[1:])
    machine.tool('id', 'echo 1000')
    for tool in ('sh', 'sed', 'mktemp', 'rm'):
        os.symlink(f'/bin/{tool}', machine.folder / tool)
    done = machine.setup('run', path='/nonexistent')
    assert done.returncode == 2
    assert done.stderr.endswith(f'As root: apt-get install {RUN_PACKAGES[0]}\n')
    assert machine.calls.read_text() == ''


def test_another_system_is_told_what_to_install(tmp_path):
    for tool in ('sh',):
        os.symlink(f'/bin/{tool}', tmp_path / tool)
    done = subprocess.run([SETUP, 'run'], capture_output=True, text=True, check=False, env={'PATH': str(tmp_path)})
    assert done.returncode == 2
    assert 'no Debian' in done.stderr and 'meson' in done.stderr


def test_wrong_usage(machine):
    assert machine.setup().returncode == 2
    assert machine.setup('everything').returncode == 2
