"""`--map`: what a user's own table says, told in a few lines."""
import json

import pytest

MAPPING = '''format: csv
time: {field: Logged at, format: '%d/%m/%Y %H:%M:%S', zone: '+09:00'}
fields:
  Attacker: source.address
  Machine: host.name
  Account: user:account
constants: {event.category: intrusion_detection, observer.product: Doorman}
sign: {title: Finding, id: Finding no, level: {field: Risk, table: {1: low, 2: medium, 3: high}, else: medium}}
'''
TABLE = '''Logged at;Machine;Attacker;Account;Finding;Finding no;Risk
20/11/2026 12:12:44;db01;203.0.113.5;CORP\\alice;"Door forced; twice";7;3
20/11/2026 12:13:00;db01;203.0.113.5;bob;Door held;8;1
'''


@pytest.fixture
def case(tmp_path):
    (tmp_path / 'map.yaml').write_text(MAPPING)
    (tmp_path / 'doors.csv').write_text(TABLE)
    return tmp_path


def triage(hikeshi, case, **options):
    run = hikeshi('triage', '--no-shipped-rules', '--format', 'ndjson', '--map', case / 'map.yaml', case / 'doors.csv',
                  **options)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def test_rows_become_signs_of_the_product(hikeshi, case):
    objects, _ = triage(hikeshi, case)
    source, *rest = objects
    assert (source['format'], source['records'], source['undecoded']) == ('csv', 2, 0)
    forced, held = [o for o in rest if o['type'] == 'sign']
    assert (forced['time'], forced['level'], forced['rule']['title']) == (
        '2026-11-20T03:12:44Z', 'high', 'Door forced; twice')
    assert (held['level'], held['rule']['title']) == ('low', 'Door held')
    entities = {(e['type'], e['value']) for e in forced['entities']}
    assert {('host', 'db01'), ('ip', '203.0.113.5')} <= entities
    assert any(kind == 'user' and 'alice' in value for kind, value in entities)
    assert forced['records'] == [{'path': str(case / 'doors.csv'), 'number': 1}]
    assert [o['type'] for o in rest] == ['sign', 'sign', 'incident']


def test_a_mistake_in_the_mapping_is_named(hikeshi, case):
    (case / 'map.yaml').write_text(MAPPING.replace('user:account', 'user:acount'))
    _, messages = triage(hikeshi, case, status=2)
    assert f'{case / "map.yaml"}, line 6, column 17: unknown type acount' in messages


def test_a_row_that_does_not_fit_is_named(hikeshi, case):
    with open(case / 'doors.csv', 'a') as table:
        table.write('20/11/2026 12:14:00;"db01;never closed\n')
    objects, messages = triage(hikeshi, case, status=1)
    assert len([o for o in objects if o['type'] == 'sign']) == 2
    assert 'doors.csv' in messages and 'record 3' in messages
