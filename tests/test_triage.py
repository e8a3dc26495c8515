"""`hikeshi triage` end to end: what it prints, what it leaves alone, and what bad input does to it."""
import gzip
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

FAILURE = 'Nov 20 03:12:{:02} web01 sshd[{}]: Failed password for root from 203.0.113.5 port 4022 ssh2\n'
RULE = '''title: Failed password
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0002
logsource:
    product: linux
detection:
    keywords:
        - 'Failed password'
    condition: keywords
level: high
'''


@pytest.fixture
def rule(tmp_path):
    path = tmp_path / 'rule.yml'
    path.write_text(RULE)
    return path


@pytest.fixture
def evidence(tmp_path):
    folder = tmp_path / 'evidence'
    folder.mkdir()
    (folder / 'auth.log').write_text(''.join(FAILURE.format(i, i) for i in range(50)))
    return folder


@pytest.fixture
def triage(hikeshi, rule):
    """Objects of the ndjson, with the one rule of this file."""
    def run(*arguments, **options):
        process = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', *arguments, **options)
        return [json.loads(line) for line in process.stdout.splitlines()], process.stderr
    return run


def of(objects, kind):
    return [o for o in objects if o['type'] == kind]


def test_signs_and_incident(triage, evidence):
    objects, stderr = triage('--year', '2026', evidence)
    assert [o['type'] for o in objects] == ['source'] + ['sign'] * 50 + ['incident']
    source, incident = objects[0], objects[-1]
    assert source['sha256'] == hashlib.sha256((evidence / 'auth.log').read_bytes()).hexdigest()
    assert (source['format'], source['records'], source['undecoded']) == ('syslog', 50, 0)
    sign = objects[1]
    assert sign['time'] == '2026-11-20T03:12:00Z'
    assert sign['records'] == [{'path': str(evidence / 'auth.log'), 'number': 1}]
    assert {'type': 'ip', 'value': '203.0.113.5'} in sign['entities']
    assert {'type': 'host', 'value': 'web01'} in sign['entities']
    assert sign['incident'] == incident['id']
    assert incident['raised'] == '2026-11-20T03:12:00Z'
    assert incident['sign_count'] == 50 and len(incident['signs']) == 50
    assert 'records read 50, not decoded 0' in stderr and 'signs 50; incidents 1' in stderr


def test_same_whatever_the_number_of_readers(hikeshi, rule, evidence, tmp_path):
    for i in range(12):
        (evidence / f'more{i}.log').write_text(''.join(FAILURE.format(k, i * 100 + k) for k in range(20)))
    outputs = set()
    for arguments in (['-j', '1'], ['-j', '2'], ['-j', '7'], ['-j2', '--tmp', tmp_path]):
        run = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', '--year', '2026',
                      *arguments, evidence)
        outputs.add(run.stdout)
    assert len(outputs) == 1


def test_identity_survives_a_new_name(triage, evidence, tmp_path):
    before, _ = triage('--year', '2026', evidence)
    (evidence / 'auth.log').rename(tmp_path / 'renamed')
    after, _ = triage('--year', '2026', tmp_path / 'renamed')
    assert [s['id'] for s in of(before, 'sign')] == [s['id'] for s in of(after, 'sign')]


def test_evidence_is_untouched(triage, evidence):
    paths = [evidence, *evidence.iterdir()]
    for path in paths:
        os.utime(path, (1_000_000_000, 1_100_000_000))
    before = [(os.stat(p), p.is_file() and p.read_bytes()) for p in paths]
    for path in paths:
        os.utime(path, (1_000_000_000, 1_100_000_000))
    triage('--year', '2026', evidence)
    for path, (stat, content) in zip(paths, before):
        now = os.stat(path)
        assert (now.st_atime, now.st_mtime, now.st_size) == (1_000_000_000, 1_100_000_000, stat.st_size), path
        assert not path.is_file() or path.read_bytes() == content


def test_archives_nested(triage, tmp_path):
    text = FAILURE.format(1, 1).encode()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('inner/auth.log.gz', gzip.compress(text))
        archive.writestr('plain.log', text)
    outer = tmp_path / 'outer.tar.xz'
    with tarfile.open(outer, 'w:xz') as archive:
        member = tarfile.TarInfo('case/inner.zip')
        member.size = len(inner.getvalue())
        archive.addfile(member, io.BytesIO(inner.getvalue()))
    objects, _ = triage('--year', '2026', outer)
    assert [s['records'][0]['path'] for s in of(objects, 'sign')] == [
        f'{outer}!case/inner.zip!inner/auth.log.gz', f'{outer}!case/inner.zip!plain.log']
    assert len({s['id'] for s in of(objects, 'sign')}) == 2


def test_standard_input(triage, evidence):
    with open(evidence / 'auth.log', 'rb') as file:
        objects, _ = triage('--year', '2026', '-', stdin=file)
    assert of(objects, 'source')[0]['path'] == '-'
    assert len(of(objects, 'sign')) == 50


def test_year_from_neighbours(triage, evidence):
    (evidence / 'access.log').write_text(
        '198.51.100.7 - - [21/Nov/2021:08:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/7.88"\n')
    objects, stderr = triage(evidence)
    assert {s['time'][:4] for s in of(objects, 'sign')} == {'2021'}
    assert '2021 assumed from the other evidence' in stderr


def test_year_from_name_and_turn_of_the_year(triage, tmp_path):
    log = tmp_path / 'auth.log-20240102'
    log.write_text('Dec 31 23:59:59 web01 sshd[1]: Failed password for root from 203.0.113.5 port 1 ssh2\n'
                   'Jan  1 00:00:01 web01 sshd[2]: Failed password for root from 203.0.113.5 port 1 ssh2\n')
    os.utime(log, (1_000_000_000, 1_000_000_000))  # the file's own times say nothing
    objects, stderr = triage(log)
    assert [s['time'] for s in of(objects, 'sign')] == ['2023-12-31T23:59:59Z', '2024-01-01T00:00:01Z']
    assert 'assumed from the date in its name' in stderr


def test_zone_and_span(triage, evidence):
    objects, _ = triage('--year', '2026', '--timezone', '+09:00', '--since', '2026-11-19T18:12:10Z',
                        '--until', '2026-11-19T18:12:19Z', evidence)
    assert [s['time'] for s in of(objects, 'sign')] == [f'2026-11-19T18:12:{i}Z' for i in range(10, 20)]


def test_min_level_and_exit_code(hikeshi, rule, evidence):
    common = ['triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', '--year', '2026']
    run = hikeshi(*common, '--min-level', 'critical', evidence)
    assert '"sign"' not in run.stdout
    hikeshi(*common, '--exit-code', evidence, status=1)


# --- bad input ---

def test_damage_is_named_and_the_rest_is_read(triage, evidence):
    noise = random.Random(7).randbytes(100_000)
    (evidence / 'noise.bin').write_bytes(noise)
    whole = gzip.compress(''.join(FAILURE.format(i % 60, i) for i in range(20_000)).encode())
    (evidence / 'cut.log.gz').write_bytes(whole[:len(whole) // 2])
    (evidence / 'empty').write_bytes(b'')
    (evidence / 'link').symlink_to('/etc/hostname')
    objects, stderr = triage('--year', '2026', evidence, status=1)
    assert len([s for s in of(objects, 'sign') if s['records'][0]['path'].endswith('auth.log')]) == 50
    assert any(s['records'][0]['path'].endswith('cut.log.gz') for s in of(objects, 'sign'))
    for name in ('noise.bin', 'cut.log.gz', 'link'):
        assert any(name in line for line in stderr.splitlines()), name
    notes = {os.path.basename(s['path']): s['note'] for s in of(objects, 'source')}
    assert notes['auth.log'] is None and notes['noise.bin'] and notes['cut.log.gz']


def test_long_line(triage, evidence):
    with open(evidence / 'auth.log', 'a') as log:
        log.write('A' * 30_000_000 + '\n' + FAILURE.format(59, 59))
    objects, stderr = triage('--year', '2026', evidence, status=1)
    assert len(of(objects, 'sign')) == 51
    assert 'auth.log: record 51' in stderr and 'longer than 1048576 bytes' in stderr


@pytest.mark.release
def test_three_gigabyte_line_in_bounded_memory(measured, rule, evidence):
    with open(evidence / 'auth.log', 'ab') as log:
        block = b'A' * 10_000_000
        for _ in range(300):
            log.write(block)
        log.write(b'\n' + FAILURE.format(59, 59).encode())
    status, output, peak_kib = measured('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson',
                                        '--year', '2026', evidence)
    (evidence / 'auth.log').unlink()  # pytest keeps the folders of three runs
    assert status == 1
    assert output.count('"type":"sign"') == 51
    assert peak_kib < 300_000


def test_archive_bomb(triage, evidence):
    block = gzip.compress(b'A' * 50_000_000, 9)
    bomb = gzip.compress(block * 40, 9)  # 2 GB behind two layers
    (evidence / 'bomb.gz').write_bytes(bomb)
    objects, stderr = triage('--year', '2026', evidence, status=1)
    assert len(of(objects, 'sign')) == 50
    assert 'bomb.gz' in stderr and 'archive bomb' in stderr


def children_of(pid):
    return [int(child) for child in Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]


def test_worker_killed_in_the_middle(hikeshi, rule, evidence, tmp_path):
    """What a worker had read of a file when it died is read again; nothing is lost, nothing is said twice."""
    with gzip.open(evidence / 'large.log.gz', 'wt', compresslevel=1) as log:
        for i in range(400_000):
            log.write(FAILURE.format(i % 60, i) if i % 100 == 0 else f'Nov 20 03:12:{i % 60:02} web01 cron[{i}]: {i}\n')
    arguments = ['triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', '--year', '2026', evidence]
    expected = hikeshi(*arguments).stdout
    process = subprocess.Popen([*hikeshi.command, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               encoding='utf-8')
    for _ in range(1000):
        workers = children_of(process.pid)
        if workers:
            break
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(workers[0], signal.SIGKILL)
    output, messages = process.communicate(timeout=120)
    assert process.returncode == 0, messages
    assert output == expected
    assert expected.count('"type":"sign"') == 4050


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root to become nobody')
def test_folder_without_rights(hikeshi, rule, evidence):
    secret = evidence / 'secret'
    secret.mkdir(mode=0o700)
    os.chmod(evidence.parent, 0o755)
    for parent in evidence.parents:
        if not os.stat(parent).st_mode & 0o005 == 0o005:
            pytest.skip('nobody cannot reach the temporary folder')
    run = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', '--year', '2026', evidence,
                  status=1, preexec_fn=lambda: os.setresuid(65534, 65534, 65534))
    assert run.stdout.count('"type":"sign"') == 50
    assert f'{secret}: the directory cannot be opened' in run.stderr


def test_refused_rule(hikeshi, rule, evidence):
    rule.write_text(RULE + '---\ntitle: Broken\nlogsource:\n    product: linux\ndetection:\n    a:\n        b|nope: 1\n'
                    '    condition: a\n')
    run = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', '--year', '2026', evidence,
                  status=1)
    assert run.stdout.count('"type":"sign"') == 50
    assert any(line.startswith(f'hikeshi: {rule}:') and 'refused' in line and 'nope' in line
               for line in run.stderr.splitlines())


@pytest.mark.parametrize('arguments, words', [
    ([], 'usage: hikeshi'),
    (['triage'], 'usage: hikeshi triage PATH...'),
    (['triage', '--reprot', 'x', '.'], 'did you mean --report?'),
    (['triage', '--nonsense', '.'], 'no such option'),
    (['triage', '--min-level', 'huge', '.'], 'informational|low|medium|high|critical'),
    (['triage', '--since', 'yesterday', '.'], '--since'),
    (['triage', '-j', '0', '.'], '-j'),
    (['triage', '/no/such/path'], '/no/such/path'),
    (['fly'], 'fly: no such command'),
    (['explain', 'x', '.'], 'is no id'),
])
def test_wrong_usage(hikeshi, arguments, words):
    run = hikeshi(*arguments, status=2)
    assert words in run.stderr + run.stdout


def test_nothing_is_written_among_the_evidence(hikeshi, evidence):
    run = hikeshi('triage', '--tmp', evidence, evidence, status=2)
    assert 'lies inside the evidence' in run.stderr
    run = hikeshi('triage', '--report', evidence / 'case.html', evidence, status=2)
    assert 'outside of it' in run.stderr
    assert not (evidence / 'case.html').exists()


HOSTILE = '\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>=cmd|\' /C calc\'!A0\u202egpj.exe'


def test_hostile_text_is_harmless(hikeshi, rule, evidence, tmp_path):
    (evidence / 'auth.log').write_text(f'Nov 20 03:12:44 {HOSTILE} sshd[1]: Failed password for {HOSTILE} from x\n')
    page = tmp_path / 'case.html'
    for form in ('text', 'csv', 'json', 'ndjson'):
        run = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--year', '2026', '--format', form, '--report',
                      page, evidence, status=None)
        assert run.returncode in (0, 1)
        assert '\x1b' not in run.stdout + run.stderr and '\x07' not in run.stdout + run.stderr
        assert form != 'text' or '\u202e' not in run.stdout
    content = page.read_text(encoding='utf-8')
    assert '<script' not in content and '\x1b' not in content and '\u202e' not in content


def test_explain(hikeshi, rule, evidence):
    common = ['--no-shipped-rules', '--rules', rule, '--year', '2026']
    lines = hikeshi('triage', *common, '--format', 'ndjson', evidence).stdout.splitlines()
    objects = [json.loads(line) for line in lines]
    sign, incident = of(objects, 'sign')[3], of(objects, 'incident')[0]
    shown = hikeshi('explain', *common, sign['id'], evidence).stdout
    assert 'Failed password for root from 203.0.113.5' in shown and f'{evidence / "auth.log"}:4' in shown
    shown = hikeshi('explain', *common, incident['id'], evidence).stdout
    assert 'Failed password' in shown
    hikeshi('explain', *common, '00000000-0000-8000-8000-000000000000', evidence, status=2)


WHY = '''title: Root from outside
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0003
logsource:
    product: linux
detection:
    selection:
        user.name: root
        event.outcome: failure
    words: ['Failed password', 'Invalid user']
    filter_main_inside:
        source.ip|cidr: 10.0.0.0/8
    condition: selection and words and not 1 of filter_*
level: high
'''


def test_explain_which_values_matched(hikeshi, tmp_path, evidence):
    rule = tmp_path / 'why.yml'
    rule.write_text(WHY)
    common = ['--no-shipped-rules', '--rules', rule, '--year', '2026']
    lines = hikeshi('triage', *common, '--format', 'ndjson', evidence).stdout.splitlines()
    sign = of([json.loads(line) for line in lines], 'sign')[0]
    shown = hikeshi('explain', *common, sign['id'], evidence).stdout
    assert 'the rule matches' in shown
    assert '[x] user.name: root  <- user.name = root' in shown
    assert '[ ] filter_main_inside: source.ip|cidr: 10.0.0.0/8  <- source.ip = 203.0.113.5' in shown
    assert 'words: any field has: Failed password, Invalid user' in shown


def test_explain_why_a_rule_does_not_match(hikeshi, tmp_path, evidence):
    rule = tmp_path / 'why.yml'
    rule.write_text(WHY)
    log = evidence / 'auth.log'
    log.write_text(FAILURE.format(1, 1) + FAILURE.format(2, 2).replace('203.0.113.5', '10.0.0.9'))
    common = ['--no-shipped-rules', '--rules', rule, '--year', '2026']
    rule_id = '6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0003'
    shown = hikeshi('explain', *common, rule_id, '--record', '2', log).stdout
    assert f'{log}:2' in shown and 'from 10.0.0.9' in shown
    assert 'the rule does not match' in shown
    assert '[x] filter_main_inside: source.ip|cidr: 10.0.0.0/8  <- source.ip = 10.0.0.9' in shown
    assert 'the rule matches' in hikeshi('explain', *common, rule_id, '--record', '1', log).stdout
    assert '一致しない' in hikeshi('--lang', 'ja', 'explain', *common, rule_id, '--record', '2', log).stdout
    run = hikeshi('explain', *common, rule_id, '--record', '3', log, status=2)
    assert 'no event of a record with the number 3' in run.stderr
    run = hikeshi('explain', *common, rule_id[:-1] + '4', '--record', '1', log, status=2)
    assert 'no rule that was loaded has this id' in run.stderr


def test_japanese(hikeshi, rule, evidence):
    run = hikeshi('--lang', 'ja', 'triage', '--no-shipped-rules', '--rules', rule, '--year', '2026', evidence)
    assert 'インシデント' in run.stdout and 'インシデント 1' in run.stderr
    machine = [hikeshi('--lang', lang, 'triage', '--no-shipped-rules', '--rules', rule, '--year', '2026', '--format',
                       'ndjson', evidence).stdout for lang in ('en', 'ja')]
    assert machine[0] == machine[1]
