"""The rule engine against data of others: published rules, SigmaHQ's own regression set, hits that an independent
oracle found, and vectors written from the specification. All of it is skipped where the test data is absent."""
import collections
import json
import re

import pytest

pytestmark = pytest.mark.release

RULES = ('rules', 'rules-compliance', 'rules-dfir', 'rules-emerging-threats', 'rules-threat-hunting',
         'rules-placeholder')

# Where we find more than the oracle on records that it read: how many of them were looked at one by one, and why it is.
HEX = 'libevtx pads hexadecimal numbers with zeros, so 0x2 of a rule is no 0x00000002 of the oracle'
CLEARED = 'in "log cleared" the oracle takes the channel that was cleared for the channel of the event'
MAPPING = 'a log source that the oracle does not map, and rules/logsources.yml does'
LOOKED_AT = {
    '100ef69e-3327-481c-8e5c-6d80d9507556': (3, CLEARED),
    'a62b37e0-45d3-48d9-a517-90c1a1b0186b': (89, CLEARED),
    '178e615d-e666-498b-9630-9ed363038101': (4, HEX),
    '250ae82f-736e-4844-a68b-0b5e8cc887da': (1, HEX),
    '3e2f1b2c-4d5e-11ee-be56-0242ac120002': (2, HEX),
    '496a0e47-0a33-4dca-b009-9e6ca3591f39': (1, HEX),
    '4b60e527-ec73-4b47-8cb3-f02ad927ca65': (1, HEX),
    '5ef9853e-4d0e-4a70-846f-a9ca37d876da': (13, HEX),
    '61065c72-5d7d-44ef-bf41-6a36684b545f': (22, HEX),
    '8fe1c584-ee61-444b-be21-e9054b229694': (2, HEX),
    'a18dd26b-6450-46de-8c91-9659150cf088': (1, HEX),
    'a24e5861-c6ca-4fde-a93c-ba9256feddf0': (2, HEX),
    'b210394c-ba12-4f89-9117-44a2464b9511': (3, HEX),
    'd04ae2b8-ad54-4de0-bd87-4bc1da66aa59': (1, HEX),
    '6d444368-6da1-43fe-b2fc-44202430480e': (3, MAPPING),  # windows/dns-server
    '676381a6-15ca-4d73-a9c8-6a22e970b90d': (2, MAPPING),  # linux/process_creation, by Sysmon
    '83dcd9f6-9ca8-4af7-a16e-a1c7a6b51871': (1, MAPPING),  # linux/network_connection
    '905d389b-b853-46d0-9d3d-dea0d3a3cd49': (11, MAPPING),  # aws/cloudtrail
    'd292e0af-9a18-420c-9525-ec0ac3936892': (1, MAPPING),  # linux/process_creation
    'e2072cab-8c9a-459b-b63c-40ae79e27031': (1, MAPPING),  # linux/process_creation
}


def rule_options(data):
    return [word for folder in RULES for word in ('--rules', data(f'sigma/{folder}'))]


def triage_hits(hikeshi, data, evidence):
    """{file name: {(record number, rule id)}} of a triage of the folder with the published rules alone."""
    out = hikeshi('triage', '--no-shipped-rules', *rule_options(data), '--format', 'ndjson', evidence, status=None,
                  timeout=900).stdout
    hits = collections.defaultdict(set)
    for line in out.splitlines():
        if '"type":"sign"' not in line:
            continue
        sign = json.loads(line)
        for record in sign['records']:
            hits[record['path'].rsplit('/', 1)[-1]].add((record['number'], sign['rule']['id']))
    return hits


def judge(expected, others):
    """At least 99 of 100 expected hits are found, and at most one in 200 others that nobody has looked at."""
    total = sum(len(hits) for hits, _ in expected)
    missing = [hit for hits, got in expected for hit in hits - got]
    counts = collections.Counter(rule for _, rule in others)
    unknown = [rule for rule, count in counts.items() for _ in range(count - LOOKED_AT.get(rule, (0,))[0])]
    print(f'expected {total}, missing {len(missing)}, others {len(others)}, of them not looked at {len(unknown)}')
    assert len(missing) <= total / 100, missing[:20]
    assert len(unknown) <= total / 200, unknown[:20]


def test_published_rules_load(hikeshi, data):
    out = hikeshi('rules', 'list', *rule_options(data), '--format', 'ndjson', status=1).stdout
    rules = [json.loads(line) for line in out.splitlines()]
    refused = [rule for rule in rules if rule['status'] == 'refused']
    assert len(rules) - len(refused) == 3755
    assert len(refused) == 25
    assert all('placeholder %' in rule['reason'] for rule in refused)


def test_placeholders_have_values(hikeshi, data, tmp_path):
    names = set()
    for folder in RULES:
        for path in data(f'sigma/{folder}').rglob('*.yml'):
            if '|expand' in path.read_text():
                names.update(re.findall(r'%([\w.-]+)%', path.read_text()))
    values = tmp_path / 'placeholders.yml'
    values.write_text(''.join(f'{name}: [192.0.2.1]\n' for name in sorted(names)))
    out = hikeshi('rules', 'list', *rule_options(data), '--placeholders', values, '--format', 'ndjson').stdout
    assert len(out.splitlines()) == 3780
    assert '"refused"' not in out


def test_regression_set(hikeshi, data):
    folder = data('sigma/regression')
    found = collections.Counter()
    for name, hits in triage_hits(hikeshi, data, folder).items():
        found.update((rule, name) for _, rule in hits)
    rows = [line.split('\t') for line in (folder / 'expect.tsv').read_text().splitlines()[1:]]
    assert [row for row in rows if found[row[0], row[1]] < int(row[2])] == []


def test_evtx_oracle(hikeshi, data):
    rows = [json.loads(line) for line in data('evtx/expect.jsonl').read_text().splitlines()]
    hits = triage_hits(hikeshi, data, data('evtx/files'))
    expected = [({(int(number), rule) for number, rule in row['expect']}, hits[row['file']]) for row in rows]
    others = [(number, rule) for row, (want, got) in zip(rows, expected) for number, rule in got - want
              if any(first <= number <= last for first, last in row['read'])]
    judge(expected, others)


def test_otrf_oracle(hikeshi, data):
    want = collections.defaultdict(set)
    for line in data('otrf/expect.jsonl').read_text().splitlines():
        row = json.loads(line)
        want[row['member'] + '.gz'].update((row['line'], rule) for rule in row['rules'])
    hits = triage_hits(hikeshi, data, data('otrf'))
    expected = [(want[name], hits[name]) for name in want.keys() | hits.keys()]
    judge(expected, [hit for wanted, got in expected for hit in got - wanted])


def run_vector(hikeshi, folder, rules, events):
    (folder / 'rules.yml').write_text(rules)
    (folder / 'events.ndjson').write_text(''.join(json.dumps(event) + '\n' for event in events))
    out = hikeshi('rules', 'test', folder / 'rules.yml', folder / 'events.ndjson').stdout
    return [json.loads(line) for line in out.splitlines()]


def test_conformance_of_detection(hikeshi, data, tmp_path):
    failed = []
    for line in data('sigma/conformance/detection.jsonl').read_text().splitlines():
        vector = json.loads(line)
        got = [row['event'] for row in run_vector(hikeshi, tmp_path, vector['rule'], vector['events'])]
        if got != vector['match']:
            failed.append((vector['id'], vector['feature'], vector['match'], got))
    assert failed == []


def test_conformance_of_correlation(hikeshi, data, tmp_path):
    failed = []
    for line in data('sigma/conformance/correlation.jsonl').read_text().splitlines():
        vector = json.loads(line)
        rows = run_vector(hikeshi, tmp_path, vector['rules'], vector['events'])
        got = [list(row['group'].values()) for row in rows if 'group' in row]
        if got != vector['fires']:
            failed.append((vector['id'], vector['feature'], vector['fires'], got))
    assert failed == []
