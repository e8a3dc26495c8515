"""Compiled rules on disk: the same signs with and without, nothing trusted that somebody else could have written."""
import os

import pytest

RULE = '''title: Failed password {number}
id: 6f6f2c1e-57c4-4d0b-9a55-{number:012x}
description: {filler}
tags: [attack.credential-access, attack.t1110]
logsource:
    product: linux
detection:
    selection:
        message|contains: 'from 203.0.113.{number}'
    shaped:
        message|re: 'port [0-9]{{2}}{number}'
    condition: selection or shaped
level: high
'''
LINE = 'Nov 20 03:12:{:02} web01 sshd[{}]: Failed password for root from 203.0.113.{} port 22{} ssh2\n'


@pytest.fixture
def case(tmp_path):
    """Enough rules to be worth keeping, a log, and a cache directory of its own."""
    rules = tmp_path / 'rules'
    rules.mkdir()
    for number in range(600):
        (rules / f'{number}.yml').write_text(RULE.format(number=number, filler='x' * 2000))
    (tmp_path / 'auth.log').write_text(''.join(LINE.format(i % 60, i, i, i) for i in range(1, 250)))
    return tmp_path


@pytest.fixture
def triage(hikeshi, case):
    def run(*more):
        return hikeshi('triage', '--no-shipped-rules', '--rules', case / 'rules', '--format', 'ndjson', '--year',
                       '2026', *more, case / 'auth.log', environment={'XDG_CACHE_HOME': str(case / 'cache')})
    return run


def files(case):
    folder = case / 'cache' / 'hikeshi'
    return sorted(folder.iterdir(), key=lambda path: path.name) if folder.exists() else []


def test_same_output_from_the_cache(triage, case):
    compiled = triage()
    assert compiled.stdout.count('"type":"sign"') >= 249
    [kept] = files(case)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    written = kept.stat().st_mtime_ns
    cached = triage()
    assert cached.stdout == compiled.stdout and cached.stderr == compiled.stderr
    assert [path.stat().st_mtime_ns for path in files(case)] == [written]
    assert triage('--no-rule-cache').stdout == compiled.stdout


def test_other_rules_or_another_language_are_another_file(triage, case):
    triage()
    (case / 'rules' / '7.yml').write_text(RULE.format(number=7, filler='y' * 2000).replace('high', 'low'))
    changed = triage()
    assert '"level":"low"' in changed.stdout
    assert len(files(case)) == 2
    triage('--lang', 'ja')
    triage('--wider-log-sources')
    triage('--wider-log-sources', '--lang', 'ja')
    assert len(files(case)) == 4  # the oldest went


def test_nothing_is_written_for_few_rules_or_when_asked(hikeshi, triage, case):
    triage('--no-rule-cache')
    hikeshi('triage', case / 'auth.log', environment={'XDG_CACHE_HOME': str(case / 'cache')})
    assert files(case) == []


@pytest.mark.parametrize('harm', [
    lambda path: path.chmod(0o640),
    lambda path: path.parent.chmod(0o750),
    lambda path: path.write_bytes(path.read_bytes()[:5000]),
    lambda path: path.write_bytes(b'x' * 5000),
    lambda path: path.write_bytes(b''),
])
def test_what_is_not_ours_alone_or_not_whole_is_not_used(triage, case, harm):
    compiled = triage()
    [kept] = files(case)
    harm(kept)
    assert triage().stdout == compiled.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root to give files away')
def test_what_another_user_owns_is_not_used(triage, case):
    compiled = triage()
    [kept] = files(case)
    kept.write_bytes(b'x' * 5000)
    os.chown(kept, 65534, 65534)
    assert triage().stdout == compiled.stdout
    os.chown(kept.parent, 65534, 65534)
    assert triage().stdout == compiled.stdout


def test_no_home_is_no_error(hikeshi, case):
    hikeshi('triage', '--no-shipped-rules', '--rules', case / 'rules', '--year', '2026', case / 'auth.log',
            environment={'XDG_CACHE_HOME': '', 'HOME': ''})


@pytest.mark.release
def test_published_rules_are_kept(hikeshi, data, case):
    rules = [word for folder in ('rules', 'rules-threat-hunting') for word in ('--rules', data(f'sigma/{folder}'))]
    runs = [hikeshi('triage', *rules, '--format', 'ndjson', data('evtx/files'), status=None,
                    environment={'XDG_CACHE_HOME': str(case / 'cache')}).stdout for _ in range(2)]
    assert len(files(case)) == 1
    assert runs[0] == runs[1]
