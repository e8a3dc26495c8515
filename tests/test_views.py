"""`hikeshi logons`, `pivots`, `gaps` and `timeline` end to end: rows, order, formats, wrong usage, nothing to show."""
import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from conftest import TOP

SAMPLES = TOP / 'samples' / 'incident'
VIEWS = ['logons', 'pivots', 'gaps']
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

AUTH = '''Nov 20 03:00:00 web01 sshd[1]: Accepted publickey for bob from 10.0.0.5 port 1 ssh2: RSA SHA256:abc
{}Nov 20 03:20:00 web01 sshd[3]: Accepted password for kim from 203.0.113.7 port 3 ssh2
Nov 20 03:21:00 web01 sudo: kim : TTY=pts/0 ; PWD=/home/kim ; USER=root ; COMMAND=/bin/sh
Nov 20 03:22:00 web01 su: (to root) bob on pts/1
'''
FAILURES = ''.join(f'''Nov 20 03:10:{i:02} web01 sshd[2]: Invalid user u{i % 4} from 203.0.113.7 port {i}
Nov 20 03:10:{i:02} web01 sshd[2]: Failed password for invalid user u{i % 4} from 203.0.113.7 port {i} ssh2
''' for i in range(20))


@pytest.fixture
def auth(tmp_path):
    folder = tmp_path / 'evidence'
    folder.mkdir()
    (folder / 'auth.log').write_text(AUTH.format(FAILURES))
    return folder


def rows(process):
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_logons(hikeshi, auth):
    got = rows(hikeshi('logons', '--year', '2026', '--format', 'ndjson', auth))
    told = [(r['attention'], r['account'], r['as'], r['address'], r['method'], r['package'], r['outcome'], r['count'])
            for r in got]
    assert told == [
        ('guessed', 'kim', None, '203.0.113.7', 'ssh', 'password', 'success', 1),
        ('many-failures', 'u0', None, '203.0.113.7', 'ssh', 'password', 'failure', 5),
        ('many-failures', 'u1', None, '203.0.113.7', 'ssh', 'password', 'failure', 5),
        ('many-failures', 'u2', None, '203.0.113.7', 'ssh', 'password', 'failure', 5),
        ('many-failures', 'u3', None, '203.0.113.7', 'ssh', 'password', 'failure', 5),
        ('remote', 'bob', None, '10.0.0.5', 'ssh', 'publickey', 'success', 1),
        ('privileged', 'kim', 'root', None, 'sudo', None, 'success', 1),
        ('privileged', 'bob', 'root', None, 'su', None, 'success', 1),
    ]
    assert got[0]['source_failures'] == 20
    assert got[1]['reason'] == 'no-such-user'
    assert (got[1]['first'], got[1]['last']) == ('2026-11-20T03:10:00Z', '2026-11-20T03:10:16Z')
    assert (got[0]['path'], got[0]['number']) == (str(auth / 'auth.log'), 42)
    assert {r['type'] for r in got} == {'logon'} and {r['host'] for r in got} == {'web01'}


def test_logons_for_people_fold_the_accounts_of_one_source(hikeshi, auth):
    text = hikeshi('logons', '--year', '2026', auth, environment={'COLUMNS': '200'}).stdout
    assert text.startswith('4 log-ons worked, 20 failed.')
    assert 'u0, u1, u2 and 1 more accounts' in text
    assert 'ssh, password: no such user' in text
    assert 'kim as root' in text


def test_logons_keep_to_the_period(hikeshi, auth):
    got = rows(hikeshi('logons', '--year', '2026', '--format', 'ndjson', '--since', '2026-11-20T03:19:00Z', auth))
    assert [r['account'] for r in got] == ['kim', 'kim', 'bob']
    assert got[0]['attention'] == 'outside'


@pytest.mark.release
def test_logons_of_recorded_attacks(hikeshi, data):
    folder = data('evtx/files')
    got = rows(hikeshi('logons', '--format', 'ndjson', folder, status=None))
    methods = {(r['method'], r['logon_type']) for r in got}
    assert {('network', 3), ('remote-interactive', 10), ('new-credentials', 9), ('explicit-credentials', None),
            ('kerberos-ticket', None), ('kerberos-service-ticket', None), ('special-privileges', None)} <= methods
    assert {'no-such-user', 'wrong-password', 'disabled', 'clock-skew'} <= {r['reason'] for r in got}
    order = ['guessed', 'outside', 'explicit', 'many-failures', 'remote', 'failed', 'privileged', 'local', 'routine']
    ranks = [order.index(r['attention']) for r in got]
    assert ranks == sorted(ranks)


def test_pivots(hikeshi):
    got = rows(hikeshi('pivots', '--format', 'ndjson', SAMPLES))
    objects = rows(hikeshi('triage', '--format', 'ndjson', SAMPLES))
    signs = [o for o in objects if o['type'] == 'sign']
    kinds = ['host', 'user', 'ip', 'domain', 'url', 'hash', 'process', 'command', 'file', 'email']
    levels = ['critical', 'high', 'medium', 'low', 'informational']
    order = [(kinds.index(r['kind']), levels.index(r['level']), -r['rules'], -r['signs']) for r in got]
    assert order == sorted(order)
    assert {r['kind'] for r in got} >= {'host', 'user', 'ip', 'domain', 'url', 'process', 'command', 'file'}
    named = {}
    for sign in signs:
        for entity in sign['entities']:
            named.setdefault((entity['type'], entity['value']), []).append(sign)
    assert {(r['kind'], r['value']) for r in got if r['kind'] != 'command'} == set(named)
    for row in got:
        if row['kind'] == 'command':
            continue
        of = named[row['kind'], row['value']]
        assert row['signs'] == len(of) and row['rules'] == len({s['rule']['id'] for s in of})
        assert row['level'] == min((s['level'] for s in of), key=levels.index)
        assert set(row['incidents']) == {s['incident'] for s in of} - {None}
    assert any('cmd' in r['value'] or '/bin/' in r['value'] for r in got if r['kind'] == 'command')


def test_pivots_keep_to_the_level(hikeshi):
    got = rows(hikeshi('pivots', '--min-level', 'high', '--format', 'ndjson', SAMPLES))
    assert got and {r['level'] for r in got} <= {'high', 'critical'}


def gaps(process):
    return [(r['kind'], r['host'], r['log'], r['from'], r['to']) for r in rows(process)]


def syslog_lines(host, start, minutes, text='cron[1]: hello'):
    """One line a minute."""
    base = datetime(2026, 11, 20, tzinfo=timezone.utc)
    return ''.join(f'{(base + timedelta(minutes=start + i)).isoformat()} {host} {text}\n' for i in range(minutes))


def test_gaps_of_a_log_that_falls_silent(hikeshi, tmp_path):
    logs = tmp_path / 'log'
    logs.mkdir()
    (logs / 'syslog').write_text(syslog_lines('web01', 0, 300))
    (logs / 'auth.log.1').write_text(syslog_lines('web01', 0, 100))
    (logs / 'auth.log').write_text(syslog_lines('web01', 160, 100))
    got = gaps(hikeshi('gaps', '--format', 'ndjson', tmp_path))
    assert got == [
        ('ends-early', 'web01', 'log/auth.log', '2026-11-20T04:19:00Z', '2026-11-20T04:59:00Z'),
        ('silent', 'web01', 'log/auth.log', '2026-11-20T01:39:00Z', '2026-11-20T02:40:00Z'),
    ]
    text = hikeshi('gaps', tmp_path).stdout
    assert 'Log ends although its host goes on' in text and '1 h 1 min' in text


def test_gaps_of_a_clock_set_back_and_of_logging_stopped(hikeshi, tmp_path):
    (tmp_path / 'syslog').write_text(
        syslog_lines('web01', 100, 50) +
        syslog_lines('web01', 150, 1, 'rsyslogd: [origin software="rsyslogd"] exiting on signal 15.') +
        syslog_lines('web01', 50, 50))
    got = gaps(hikeshi('gaps', '--format', 'ndjson', tmp_path))
    assert [(kind, start, end) for kind, _, _, start, end in got] == [
        ('clock-back', '2026-11-20T02:30:00Z', '2026-11-20T00:50:00Z'),
        ('stopped', '2026-11-20T02:30:00Z', '2026-11-20T02:30:00Z'),
    ]


def test_gaps_of_the_samples(hikeshi):
    got = rows(hikeshi('gaps', '--format', 'ndjson', SAMPLES))
    of = [(r['kind'], r['host'], r['log'].rsplit('/')[-1]) for r in got]
    assert of[:2] == [('audit-off', 'db01', 'audit.log'), ('ends-early', 'db01', 'audit.log')]
    assert got[0]['user'] == 'root' and got[0]['from'].startswith('2026-11-24T06:07:49')


@pytest.mark.release
def test_gaps_of_recorded_attacks(hikeshi, data):
    got = rows(hikeshi('gaps', '--format', 'ndjson', data('evtx/files'), status=None))
    order = ['cleared', 'audit-off', 'numbers-restarted', 'ends-early', 'silent', 'records-missing', 'audit-changed',
             'clock-back', 'clock-changed', 'lost', 'begins-late', 'stopped', 'started', 'host-silent', 'not-judged']
    kinds = [r['kind'] for r in got]
    assert [order.index(kind) for kind in kinds] == sorted(order.index(kind) for kind in kinds)
    assert {'cleared', 'records-missing', 'audit-changed', 'clock-changed'} <= set(kinds)
    assert all(r['missing'] == r['to_number'] - r['from_number'] - 1 for r in got if r['kind'] == 'records-missing')


def timeline(process):
    return list(csv.DictReader(io.StringIO(process.stdout)))


def test_timeline_has_the_columns_of_timesketch(hikeshi):
    got = timeline(hikeshi('timeline', SAMPLES))
    assert list(got[0])[:4] == ['message', 'timestamp', 'datetime', 'timestamp_desc']
    assert not any('.' in name or name in ('tag', '_id', '_index', '_source') for name in got[0])
    objects = rows(hikeshi('triage', '--format', 'ndjson', SAMPLES))
    signs = [o for o in objects if o['type'] == 'sign' and o['time']]
    assert [r['id'] for r in got] == [s['id'] for s in signs]
    for row, sign in zip(got, signs):
        # One form for the whole column, and both columns say the same.
        moment = datetime.fromisoformat(row['datetime'])
        assert len(row['datetime']) == 32 and row['datetime'].endswith('+00:00')
        assert (moment - EPOCH) // timedelta(microseconds=1) == int(row['timestamp'])
        assert row['message'].startswith(sign['title']) and row['timestamp_desc'] == 'Sign'
        assert (row['rule_id'], row['level'], row['incident']) == (
            sign['rule']['id'], sign['level'], sign['incident'] or '')
    lines = rows(hikeshi('timeline', '--format', 'ndjson', SAMPLES))
    assert [line['id'] for line in lines] == [r['id'] for r in got]
    assert all(isinstance(line['timestamp'], int) and isinstance(line['attack'], list) for line in lines)
    assert {'203.0.113.66'} <= {r['source_address'] for r in got}


def test_timeline_of_every_event(hikeshi, auth):
    process = hikeshi('timeline', '--year', '2026', '--all', auth)
    got = timeline(process)
    events = [r for r in got if r['kind'] == 'event']
    assert len(events) == 44 and len(got) > len(events)
    assert [r['timestamp'] for r in got] == sorted(r['timestamp'] for r in got)
    assert events[0]['message'] == AUTH.splitlines()[0].rstrip()
    assert (events[0]['host'], events[0]['user'], events[0]['source_address']) == ('web01', 'bob', '10.0.0.5')
    assert (events[0]['path'], events[0]['number']) == (str(auth / 'auth.log'), '1')
    assert 'not in the timeline' not in process.stderr
    since = hikeshi('timeline', '--year', '2026', '--all', '--min-level', 'critical', '--since', '2026-11-20T03:19:00Z',
                    auth)
    assert [r['kind'] for r in timeline(since)] == ['event'] * 3


def test_timeline_leaves_out_what_has_no_time(hikeshi, tmp_path):
    (tmp_path / 'events.json').write_text('{"message":"no time"}\n'
                                          '{"@timestamp":"2026-11-20T03:00:00Z","message":"time"}\n')
    process = hikeshi('timeline', '--all', tmp_path)
    assert [r['message'] for r in timeline(process)] == ['time']
    assert '1 signs or events have no time' in process.stderr


def test_timeline_is_the_same_however_it_is_read(hikeshi):
    outputs = {hikeshi('timeline', '--all', *jobs, SAMPLES).stdout for jobs in (['-j1'], ['-j2'], ['-j1'], ['-j7'])}
    assert len(outputs) == 1 and outputs.pop()
    assert hikeshi('timeline', '--lang', 'ja', SAMPLES).stdout == hikeshi('timeline', SAMPLES).stdout


def test_timeline_wrong_usage(hikeshi, tmp_path):
    assert 'text will not do; expected csv|ndjson' in hikeshi('timeline', '--format', 'text', SAMPLES, status=2).stderr
    assert 'usage: hikeshi timeline PATH...' in hikeshi('timeline', status=2).stderr
    (tmp_path / 'quiet.log').write_text('Nov 20 03:00:00 web01 cron[1]: nothing\n')
    assert len(hikeshi('timeline', '--year', '2026', tmp_path).stdout.splitlines()) == 1


@pytest.mark.parametrize('view', VIEWS)
def test_same_whatever_the_number_of_readers(hikeshi, view):
    outputs = {hikeshi(view, *jobs, '--format', 'ndjson', SAMPLES, status=None).stdout
               for jobs in (['-j', '1'], ['-j', '2'], ['-j', '1'], ['-j', '7'])}
    assert len(outputs) == 1 and outputs.pop()


@pytest.mark.parametrize('view', VIEWS)
def test_formats_hold_the_same_rows(hikeshi, view):
    lines = rows(hikeshi(view, '--format', 'ndjson', SAMPLES))
    table = list(csv.DictReader(io.StringIO(hikeshi(view, '--format', 'csv', SAMPLES).stdout)))
    document = json.loads(hikeshi(view, '--format', 'json', SAMPLES).stdout)
    assert document['type'] == view and document['rows'] == lines
    assert len(table) == len(lines) and list(table[0]) == [key for key in lines[0] if key != 'type']


@pytest.mark.parametrize('view', VIEWS)
def test_programs_read_the_same_in_every_language(hikeshi, view):
    english = hikeshi(view, '--lang', 'en', '--format', 'csv', SAMPLES).stdout
    assert hikeshi(view, '--lang', 'ja', '--format', 'csv', SAMPLES).stdout == english
    assert hikeshi(view, '--lang', 'ja', SAMPLES).stdout != hikeshi(view, '--lang', 'en', SAMPLES).stdout


@pytest.mark.parametrize('view', VIEWS)
def test_wrong_usage(hikeshi, view, tmp_path):
    assert f'usage: hikeshi {view} PATH...' in hikeshi(view, status=2).stderr
    assert 'pdf will not do' in hikeshi(view, '--format', 'pdf', SAMPLES, status=2).stderr
    assert 'no such option' in hikeshi(view, '--report', 'x.html', SAMPLES, status=2).stderr
    assert hikeshi(view, tmp_path / 'absent', status=2).stdout == ''
    text = hikeshi(view, '--help').stdout
    assert '--since' in text and '--format' in text


@pytest.mark.parametrize('view', VIEWS)
def test_evidence_that_shows_nothing(hikeshi, view, tmp_path):
    line = '10.0.0.5 - - [20/Nov/2026:03:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"\n'
    (tmp_path / 'access.log').write_text(line * 3)
    text = hikeshi(view, tmp_path, environment={'COLUMNS': '200'}).stdout
    assert len(text.splitlines()) == 1
    assert hikeshi(view, '--format', 'ndjson', tmp_path).stdout == ''
    assert json.loads(hikeshi(view, '--format', 'json', tmp_path).stdout)['rows'] == []
    assert len(hikeshi(view, '--format', 'csv', tmp_path).stdout.splitlines()) == 1


def test_evidence_cannot_drive_terminal_or_spreadsheet(hikeshi, tmp_path):
    (tmp_path / 'auth.log').write_text(
        'Nov 20 03:00:00 web01 sshd[1]: Failed password for =cmd|x!A0 from 10.0.0.5 port 1 ssh2\n'
        'Nov 20 03:00:00 web01 sshd[1]: Failed password for \x1b[31mred from 10.0.0.5 port 1 ssh2\n')
    assert '\x1b' not in hikeshi('logons', '--year', '2026', tmp_path).stdout
    accounts = [r['account'] for r in csv.DictReader(io.StringIO(
        hikeshi('logons', '--year', '2026', '--format', 'csv', tmp_path).stdout))]
    assert "'=cmd|x!a0" in accounts and not any('\x1b' in account for account in accounts)


def test_what_rules_cost(hikeshi, tmp_path):
    """Times differ from run to run; how often rules were asked and matched does not, whatever the number of workers."""
    outputs = []
    for jobs in ('1', '2', '2'):
        lines = hikeshi('rules', 'profile', '--format', 'ndjson', '-j', jobs, SAMPLES).stdout.splitlines()
        rows = [json.loads(line) for line in lines]
        assert all(row['type'] == 'cost' and row['nanoseconds'] > 0 for row in rows)
        times = [row.pop('nanoseconds') for row in rows]
        assert times == sorted(times, reverse=True)
        outputs.append({row['rule_id']: row for row in rows})
    assert outputs[0] == outputs[1] == outputs[2]
    by_title = {row['rule']: row for row in outputs[0].values()}
    scanner = by_title['Request of a vulnerability scanner']
    assert scanner['asked'] >= scanner['matched'] > 1000
    text = hikeshi('rules', 'profile', SAMPLES).stdout
    assert 'rules were asked' in text and 'Request of a vulnerability' in text
    (tmp_path / 'empty.log').write_text('\n')
    assert 'no rule had anything to look for' in hikeshi('rules', 'profile', tmp_path, status=None).stdout
