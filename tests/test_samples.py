"""The recordings in samples/ with the shipped rules: the attack is an incident, the quiet day is none."""
import json

import pytest

from conftest import TOP

SAMPLES = TOP / 'samples'
ATTACKER = {'type': 'ip', 'value': '203.0.113.66'}


@pytest.fixture(scope='module')
def found(hikeshi):
    def run(name):
        process = hikeshi('triage', '--format', 'ndjson', '--assets', SAMPLES / 'assets.yml', SAMPLES / name)
        return [json.loads(line) for line in process.stdout.splitlines()]
    return run


def test_the_attack(found):
    objects = found('incident')
    signs = {o['id']: o for o in objects if o['type'] == 'sign'}
    incidents = [o for o in objects if o['type'] == 'incident']
    first = incidents[0]
    assert first['priority'] == 'critical'
    assert ATTACKER in first['entities']
    assert {'type': 'host', 'value': 'bastion01'} in first['entities']
    assert 'web' in first['vectors'] and 'attrition' in first['vectors']
    # One attack: web server, bastion and database in one incident, and few others beside it.
    files = {record['path'].removeprefix(f'{SAMPLES}/incident/') for id in first['signs']
             for record in signs[id]['records']}
    assert any(name.startswith('web01/nginx/access.log') for name in files)
    assert 'bastion01/auth.log' in files
    assert len(incidents) <= 10
    assert not any(source['undecoded'] for source in objects if source['type'] == 'source')


def test_the_quiet_day(found):
    objects = found('quiet')
    assert [o['title'] for o in objects if o['type'] == 'incident'] == []
    assert sum(o['records'] for o in objects if o['type'] == 'source') > 4000
