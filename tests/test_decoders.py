"""`hikeshi decoders list|check|test|explain`, and definitions of the user's own."""
import json

import pytest

DOORMAN = '''product: doorman
module: doorman
dataset: doorman.log
match: {process.name: doorman}
shapes:
  - shape: 'Opened for {user.name:longest} from {source.address:host}'
    set: {event.action: door-opened}
map:
  - when: {event.action: door-opened}
    set: {event.category: authentication}
examples:
  - message: Opened for kim from 10.0.0.7
    want: {user.name: kim, source.ip: 10.0.0.7, event.category: authentication}
'''
LINE = 'Nov 20 03:12:44 gate doorman[7]: Opened for kim from 10.0.0.7'


@pytest.fixture
def own(tmp_path):
    path = tmp_path / 'doorman.yml'
    path.write_text(DOORMAN)
    return path


def listed(hikeshi, *arguments, **options):
    run = hikeshi('decoders', 'list', '--format', 'ndjson', *arguments, **options)
    return {row['name']: row for row in map(json.loads, run.stdout.splitlines())}


def test_list(hikeshi, own):
    rows = listed(hikeshi, '--decoders', own)
    assert rows['doorman'] == {'type': 'decoder', 'name': 'doorman', 'module': 'doorman', 'dataset': 'doorman.log',
                               'file': str(own), 'shapes': 1, 'examples': 1, 'shipped': False}
    assert rows['sshd']['shipped'] and rows['sshd']['examples'] > 0
    assert 'doorman' not in listed(hikeshi)
    assert 'sshd  ' in hikeshi('decoders', 'list').stdout


def test_shipped_definitions_do_what_their_examples_say(hikeshi):
    got = json.loads(hikeshi('decoders', 'test', '--format', 'ndjson').stdout)
    assert got['differences'] == 0 and got['definitions'] == len(listed(hikeshi)) and got['examples'] > 100


def test_examples_of_a_file(hikeshi, own):
    assert json.loads(hikeshi('decoders', 'test', '--format', 'ndjson', own).stdout) == {
        'definitions': 1, 'examples': 1, 'differences': 0}
    own.write_text(DOORMAN.replace('user.name: kim,', 'user.name: tim,'))
    run = hikeshi('decoders', 'test', own, status=1)
    assert f'{own}, line 13: user.name is "kim"' in run.stderr


def test_mistakes_have_their_place(hikeshi, own, tmp_path):
    assert str(own) in hikeshi('decoders', 'check', own).stdout
    wrong = tmp_path / 'wrong.yml'
    wrong.write_text(DOORMAN.replace('doorman', 'porter').replace(':host}', ':hots}'))
    run = hikeshi('decoders', 'check', own, wrong, status=1)
    assert f'{wrong}, line 6, column 50: unknown type hots' in run.stderr
    assert str(own) in run.stdout and str(wrong) not in run.stdout
    hikeshi('decoders', 'check', tmp_path / 'none.yml', status=2)
    hikeshi('decoders', 'check', status=2)


def test_one_mistake_keeps_the_others(hikeshi, own, tmp_path):
    (tmp_path / 'wrong.yml').write_text('product: a\n')
    (tmp_path / 'gate.log').write_text(LINE + '\n')
    run = hikeshi('decode', '--format', 'ndjson', '--year', '2026', '--decoders', tmp_path, tmp_path / 'gate.log',
                  status=1)
    got = json.loads(run.stdout)
    assert (got['decoder'], got['fields']['user.name']) == ('doorman', 'kim')
    assert 'wrong.yml, line 1, column 1' in run.stderr


def test_own_definition_takes_the_place_of_a_shipped_one(hikeshi, tmp_path):
    (tmp_path / 'mine.yml').write_text('product: sshd\nmatch: {process.name: sshd}\nset: {event.action: mine}\n')
    (tmp_path / 'auth.log').write_text('Nov 20 03:20:00 h sshd[3]: Accepted password for kim from ::1 port 3 ssh2\n')
    run = hikeshi('decode', '--format', 'ndjson', '--year', '2026', '--decoders', tmp_path / 'mine.yml',
                  tmp_path / 'auth.log')
    fields = json.loads(run.stdout)['fields']
    assert fields['event.action'] == 'mine' and 'user.name' not in fields


def test_explain(hikeshi, own):
    text = hikeshi('decoders', 'explain', '--decoders', own, LINE).stdout
    order = ['container: syslog', f'recognised by {own}', f'shape of {own}, line 6', 'user.name  ', f'set of {own}',
             f'map of {own}, line 9', 'derived from others', 'source.ip  ', 'decoder: doorman']
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_explain_how_far_it_went(hikeshi, own):
    text = hikeshi('decoders', 'explain', '--decoders', own, LINE.replace(' from ', ' via ')).stdout
    assert f'no shape fits; nearest is that of {own}, line 6, up to: Opened for' in text
    assert '\x1b' not in hikeshi('decoders', 'explain', '--decoders', own, LINE.replace('kim', '\x1b[1m')).stdout


def test_in_japanese(hikeshi, own):
    assert '形式: syslog' in hikeshi('--lang', 'ja', 'decoders', 'explain', '--decoders', own, LINE).stdout


# A rule by its log source, what it asks for, and a record in each form that it must find.
CLOUD_RULES = [
    ('azure', 'signinlogs', 'ResultType: 50126', [
        {'category': 'SignInLogs', 'operationName': 'Sign-in activity', 'resultType': '50126'},
        {'Category': 'SignInLogs', 'OperationName': 'Sign-in activity', 'ResultType': '50126'},
        {'conditionalAccessStatus': 'failure', 'createdDateTime': '2024-03-01T10:00:00Z',
         'status': {'errorCode': 50126}}]),
    ('azure', 'activitylogs', 'operationName|endswith: /DELETE', [
        {'category': 'Administrative', 'resourceId': '/x', 'resultType': 'Success', 'operationName': 'A/DELETE'},
        {'CategoryValue': 'Administrative', 'OperationNameValue': 'A/delete'}]),
    ('m365', 'audit', 'Operation: UserLoginFailed', [
        {'RecordType': 15, 'Operation': 'UserLoginFailed', 'UserType': 0, 'CreationTime': '2024-03-01T10:00:00'},
        {'o365audit': {'RecordType': 15, 'Operation': 'UserLoginFailed', 'CreationTime': '2024-03-01T10:00:00'}},
        {'CreationDate': '2024-03-01T10:00:00Z', 'AuditData': '{"Operation":"UserLoginFailed","RecordType":15}'}]),
    ('gcp', 'google_workspace.admin', 'eventService: admin.googleapis.com\n    eventName: REMOVE_PRIVILEGE', [
        {'kind': 'admin#reports#activity', 'id': {'applicationName': 'admin'},
         'events': [{'type': 'DELEGATED_ADMIN_SETTINGS', 'name': 'REMOVE_PRIVILEGE'}]}]),
    ('aws', 'cloudtrail', 'eventName: StopLogging', [
        {'eventVersion': '1.08', 'eventSource': 'cloudtrail.amazonaws.com', 'eventName': 'StopLogging'},
        {'detail-type': 'AWS API Call via CloudTrail', 'detail': {
            'eventVersion': '1.08', 'eventSource': 'cloudtrail.amazonaws.com', 'eventName': 'StopLogging'}}]),
]


@pytest.mark.parametrize('product, service, asked, records', CLOUD_RULES, ids=[row[1] for row in CLOUD_RULES])
def test_rules_find_records_in_every_form(hikeshi, tmp_path, product, service, asked, records):
    rule = tmp_path / 'rule.yml'
    rule.write_text(f'title: r\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\n'
                    f'logsource: {{product: {product}, service: {service}}}\n'
                    f'detection:\n  selection:\n    {asked}\n  condition: selection\n')
    log = tmp_path / 'log.json'
    log.write_text(''.join(json.dumps(record) + '\n' for record in records))
    run = hikeshi('triage', '--rules', rule, '--format', 'ndjson', log)
    signs = [row for row in map(json.loads, run.stdout.splitlines()) if row['type'] == 'sign']
    found = sorted(record['number'] for sign in signs for record in sign['records'])
    assert found == list(range(1, len(records) + 1))
