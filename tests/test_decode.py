"""`hikeshi decode` end to end: an object for each record, its fields with their types, in the order of the evidence."""
import gzip
import json
import tarfile

import pytest
from conftest import TOP

SAMPLES = TOP / 'samples' / 'incident'
AUTH = '''Nov 20 03:20:00 web01 sshd[3]: Accepted password for kim from 203.0.113.7 port 3 ssh2

Nov 20 03:21:00 web01 wat[9]: it is what it is
'''


@pytest.fixture
def auth(tmp_path):
    path = tmp_path / 'auth.log'
    path.write_text(AUTH)
    return path


def decode(hikeshi, *arguments, **options):
    run = hikeshi('decode', '--year', '2026', '--format', 'ndjson', *arguments, **options)
    return [json.loads(line) for line in run.stdout.splitlines()]


def fields(hikeshi, *arguments, **options):
    return [row['fields'] for row in decode(hikeshi, *arguments, **options)]


def test_each_record_is_an_object(hikeshi, auth):
    known, other = decode(hikeshi, auth)
    assert (known['records'], known['decoder']) == ([{'path': str(auth), 'number': 1}], 'sshd')
    assert (other['records'], other['decoder']) == ([{'path': str(auth), 'number': 3}], 'syslog')
    want = {'@timestamp': '2026-11-20T03:20:00Z', 'source.ip': '203.0.113.7', 'source.port': 3, 'user.name': 'kim',
            'event.outcome': 'success', 'sshd.method': 'password', 'hikeshi.time_assumed': 'zone'}
    assert {name: known['fields'].get(name) for name in want} == want
    assert other['fields']['message'] == 'it is what it is'


def test_types_and_lists(hikeshi, tmp_path):
    path = tmp_path / 'x.json'
    path.write_text('{"a":1,"b":true,"c":[1,"two"],"d":{"e":null},"@timestamp":"2026-11-20T03:20:00Z","f":"1"}\n')
    got, = fields(hikeshi, path)
    want = {'a': 1, 'b': True, 'c': [1, 'two'], 'd.e': None, 'f': '1'}
    assert {k: got[k] for k in want} == want
    assert got['@timestamp'] == '2026-11-20T03:20:00Z'


def test_same_bytes_whatever_j_is(hikeshi):
    evidence = [SAMPLES / name for name in ('bastion01', 'db01.tar.gz', 'fw01', 'web02.zip')]
    runs = [hikeshi('decode', '--format', 'ndjson', '-j', jobs, *evidence).stdout for jobs in (1, 2, 5)]
    assert runs[0] and runs[0] == runs[1] == runs[2]
    paths = [json.loads(line)['records'][0]['path'].split('!')[0] for line in runs[0].splitlines()]
    assert paths == sorted(paths)


def test_inside_archives(hikeshi, tmp_path):
    (tmp_path / 'auth.log.gz').write_bytes(gzip.compress(AUTH.encode()))
    with tarfile.open(tmp_path / 'all.tar', 'w') as archive:
        archive.add(tmp_path / 'auth.log.gz', 'logs/auth.log.gz')
    got = decode(hikeshi, tmp_path / 'all.tar')
    assert [row['records'][0]['path'] for row in got] == [str(tmp_path / 'all.tar!logs/auth.log.gz')] * 2


def test_for_people(hikeshi, auth):
    auth.write_text(AUTH.replace('it is', '\x1b[31mit is'))
    text = hikeshi('decode', '--year', '2026', auth).stdout
    assert f'{auth}:1  2026-11-20 03:20:00  sshd\n' in text
    assert '  source.ip                     203.0.113.7\n' in text
    assert '\x1b' not in text and '\\x1b[31mit is what' in text


def test_a_record_that_is_lost_is_told(hikeshi, tmp_path):
    path = tmp_path / 'x.json'
    path.write_text('{"a":1}\n{"a" 2}\n{"a":3}\n')
    first, lost, last = decode(hikeshi, path, status=1)
    assert (first['fields']['a'], last['fields']['a']) == (1, 3)
    assert lost['records'][0]['number'] == 2
    assert lost['fields']['event.undecoded'] == 'record' and lost['fields']['error.message']


def test_a_record_that_was_cut_off_keeps_its_front(hikeshi, tmp_path):
    path = tmp_path / 'eve.json'
    path.write_text('{"event_type":"alert","src_ip":"10.0.0.1","alert":{"signature":"X","sev\n{"event_type":"dns"}\n')
    cut, whole = fields(hikeshi, '--as', 'json', path, status=1)
    assert (cut['event.undecoded'], cut['src_ip'], cut['alert.signature']) == ('partial', '10.0.0.1', 'X')
    assert 'alert.sev' not in cut and 'event.undecoded' not in whole


def test_as_a_product_or_a_container(hikeshi, tmp_path, auth):
    bare = tmp_path / 'bare'
    bare.write_text('Failed password for root from 203.0.113.7 port 22 ssh2\n')
    assert decode(hikeshi, bare)[0]['decoder'] == 'text'
    row, = decode(hikeshi, '--as', 'sshd', bare)
    assert (row['decoder'], row['fields']['source.ip']) == ('sshd', '203.0.113.7')
    bare.write_text('Nov 20 03:20:00 h kernel: IN=eth0 OUT= SRC=10.0.0.5 DST=10.0.0.1 LEN=52 PROTO=TCP SPT=1 DPT=2\n')
    assert decode(hikeshi, bare)[0]['decoder'] == 'iptables'
    assert decode(hikeshi, '--as', 'sshd', bare)[0]['decoder'] == 'sshd'
    assert [got['decoder'] for got in decode(hikeshi, '--as', 'csv', auth)][0] == 'csv'
    assert '--as nobody' in hikeshi('decode', '--as', 'nobody', auth, status=2).stderr


def test_a_line_of_syslog_in_another_log(hikeshi, tmp_path):
    log = tmp_path / 'error.log'
    log.write_text('2026-11-20 03:20:00: (server.c.1) server started\n2026-11-20 03:20:01: (server.c.2) x\n'
                   '2026-11-20T03:21:00.5 web01 sshd[3]: Invalid user kim from 203.0.113.7 port 3\n')
    *_, last = decode(hikeshi, log)
    assert (last['decoder'], last['fields']['host.name'], last['fields']['source.ip']) == ('sshd', 'web01',
                                                                                         '203.0.113.7')


def test_a_proxy_log_is_no_syslog(hikeshi, tmp_path):
    log = tmp_path / 'access.log'
    log.write_text('1795144364.123      4 192.0.2.7 TCP_DENIED/403 4099 GET http://example.com/ - HIER_NONE/- '
                   'text/html\n')
    row, = decode(hikeshi, log)
    assert (row['decoder'], row['fields']['source.ip'], row['fields']['@timestamp']) == (
        'squid', '192.0.2.7', '2026-11-20T03:12:44.123Z')


def test_with_a_mapping(hikeshi, tmp_path):
    (tmp_path / 'map.yml').write_text('fields: {Attacker: source.address}\n')
    (tmp_path / 'table.csv').write_text('Attacker,Machine\n203.0.113.5,db01\n')
    got, = fields(hikeshi, '--map', tmp_path / 'map.yml', tmp_path / 'table.csv')
    assert (got['source.ip'], got['Machine']) == ('203.0.113.5', 'db01')


def test_from_standard_input(hikeshi):
    got = decode(hikeshi, '-', input=AUTH)
    assert [row['records'][0]['number'] for row in got] == [1, 3]
