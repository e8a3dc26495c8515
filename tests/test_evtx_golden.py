"""Windows events against golden ones: what another shipper's documents (Winlogbeat with its modules) have of the same
EVTX files, field by field.

What is theirs alone is left aside, each for its reason: see ASIDE. Where our field has another documented name
(doc/formats/evtx.md: the names of the event's own XML), NATIVE says which; what is below `winlog.event_data` and
`winlog.user_data` stands under its own name.
"""
import json
import re

import pytest

ASIDE = {
    'winlog.api': 'which interface the shipper read',
    'event.module': 'the shipper\'s own module; ours says windows',
    'winlog.user_data.xml_name': 'the name of an element, by which no rule asks',
    'winlog.event_data.NewUACList': 'NewUacValue bit by bit; the value itself is there',
}
NATIVE = {
    'winlog.computer_name': 'Computer',
    'winlog.event_id': 'EventID',
    'winlog.provider_name': 'Provider_Name',
    'winlog.provider_guid': 'Provider_Guid',
    'winlog.record_id': 'EventRecordID',
    'winlog.activity_id': 'ActivityID',
    'winlog.process.pid': 'Execution_ProcessID',
    'winlog.process.thread.id': 'Execution_ThreadID',
}
# The golden ones leave the accounts of computers out of related.user; ECS wants all names.
MORE = {'related.user'}


def flat(document, prefix=''):
    for key, value in document.items():
        if isinstance(value, dict):
            yield from flat(value, f'{prefix}{key}.')
        else:
            yield prefix + key, value


def words(value):
    """A value as a set of texts: lists without order, numbers as text, `%%2080` as 2080, seven or nine digits of a
    second alike, line ends alike."""
    values = value if isinstance(value, list) else [value]
    texts = set()
    for text in values:
        text = str(text).replace('\r\n', '\n').strip()
        text = re.sub(r'(\.\d+?)0*Z$', r'\1Z', text)
        if text:
            texts.add(text)
    return texts


def listed(value):
    """A native list in one text (rights and flags, a line each) as its words."""
    return {word.removeprefix('%%') for word in str(value).split()}


def details(want):
    """The golden form of "CommandInvocation(Get-Item): …" lines, as PowerShell writes them."""
    for one in want:
        name = f'name={one["name"]}; value=' if 'name' in one else ''
        yield f'{one["type"]}({one["related_command"]}): {name}{one["value"]}'


def found(fields, key, want):
    if key == 'powershell.command.invocation_details':
        return all(line in '\n'.join(fields['Data']) for line in details(want))
    native = NATIVE.get(key) or re.sub(r'^winlog\.(event_data|user_data)\.', '', key)
    got = fields.get(key, fields.get(native))
    if got is None:
        return False
    if key in MORE:
        return words(want) <= words(got)
    return words(got) == words(want) or (isinstance(want, list) and listed(got) == words(want))


@pytest.mark.release
def test_each_golden_field(hikeshi, data):
    compared, missing = 0, []
    for golden in sorted(data('intake/evtx').glob('*.golden.json')):
        path = golden.with_name(golden.name.removesuffix('.golden.json'))
        lines = hikeshi('decode', '--format', 'ndjson', path).stdout.splitlines()
        events = {event['records'][0]['number']: event['fields'] for event in map(json.loads, lines)}
        for document in json.loads(golden.read_text(encoding='utf-8')):
            want = dict(flat(document))
            fields = events[want['winlog.record_id']]
            for key in want.keys() - ASIDE.keys():
                compared += 1
                if not found(fields, key, want[key]):
                    missing.append(f'{path.name}: {key}: {want[key]!r}, not {fields.get(key)!r}')
    print(f'{compared} fields compared, {len(missing)} differ')
    assert not missing, '\n'.join(missing)
    assert compared > 1000
