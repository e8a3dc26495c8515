"""EVTX read here and by libevtx (Debian: python3-libevtx), every field of every record of the test data.

Where the two differ, the difference is one of those that this file names; any other fails. libevtx reads no record that
is written without a template, and none in a torn chunk.
"""
import collections
import json
import re
import subprocess
from xml.etree import ElementTree

import pytest

from conftest import BINARY

FOLDERS = ('evtx/files', 'evtx-quiet', 'sigma/regression')
STRUCTURE = ('System', 'EventData', 'UserData', 'ProcessingErrorData', 'DebugData', 'RenderingInfo')
SYSTEM = {('TimeCreated', 'SystemTime'): 'TimeCreated', ('Correlation', 'ActivityID'): 'ActivityID',
          ('Security', 'UserID'): 'UserID'}
GUID = re.compile(r'\{[0-9A-Fa-f-]{36}\}')
TIME = re.compile(r'(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z| UTC)')
# What XML cannot hold, and what a parser of XML makes of line ends.
CONTROLS = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')


def local(name):
    return name.rsplit('}', 1)[-1]


def name_of(name):
    return 'EventData_EventID' if name == 'EventID' else name


def walk(element, place, fields):
    """Adds the fields of an element of the XML that libevtx makes, named as doc/formats/evtx.md says."""
    name = local(element.tag)
    inner = place
    if place == 'event':
        inner = 'system' if name == 'System' else 'data'
    field = name_of(name) if place == 'data' else name
    attributes = {local(key): value for key, value in element.attrib.items()}
    if place == 'data' and name == 'Data' and 'Name' in attributes:
        field = name_of(attributes.pop('Name')) or field
    for key, value in attributes.items():
        known = SYSTEM.get((name, key)) if place == 'system' else None
        fields[known or f'{field}_{key}'].append(value)
    for child in element:
        walk(child, inner, fields)
    text = element.text or ''
    structural = place == 'event' and name in STRUCTURE
    if len(element) == 0 and (text or not (structural or attributes or place == 'system')):
        fields[field].append(text)


def normal(value):
    """One form for what both write in forms of their own: GUIDs, leading zeros of hexadecimals, fractions of times."""
    value = CONTROLS.sub('', value).replace('\r\n', '\n').replace('\r', '\n')
    if GUID.fullmatch(value):
        return value.lower()
    if re.fullmatch(r'0x[0-9a-fA-F]+', value):
        return hex(int(value, 16))
    time = TIME.fullmatch(value)
    if time:
        return f'{time[1]}T{time[2]}.{(time[3] or "").ljust(9, "0")}'
    return value


def by_libevtx(pyevtx, path):
    """EventRecordID: fields of each of its records; None where the XML cannot be parsed."""
    log = pyevtx.file()
    log.open(str(path))
    records = collections.defaultdict(list)
    for index in range(log.number_of_records):
        try:
            text = log.get_record(index).xml_string
        except OSError:
            continue
        number = re.search(r'<EventRecordID>(\d+)<', text)
        fields = collections.defaultdict(list)
        try:
            root = ElementTree.fromstring(CONTROLS.sub('', text).encode('utf-8', 'surrogatepass'))
        except ElementTree.ParseError:  # values that are XML with prefixes of their own are not escaped
            fields = None
        else:
            for child in root:
                walk(child, 'event', fields)
        records[number[1] if number else ''].append(fields)
    log.close()
    return records


def by_us(path):
    run = subprocess.run([BINARY.parent / 'bench' / 'bench_decode', '-p', '-f', 'evtx', path],
                         capture_output=True, check=True)
    for line in run.stdout.decode().splitlines():
        event = json.loads(line)
        for added in ('event.module', 'winlog.channel'):  # not of the record: said of it
            event.pop(added, None)
        yield {name: [as_text(v) for v in (value if isinstance(value, list) else [value])]
               for name, value in event.items()}


def as_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def explained(name, ours, theirs):
    if theirs is None:  # a second fragment of the record
        return name.startswith('RenderingInfo_') or name == 'Message'
    if name == 'Channel' and len(theirs) == 2:  # its own is winlog.channel, the one that its data names is Channel
        return ours == theirs[1:]
    # Windows writes sizes (pointers) in hexadecimal, libevtx in decimal; libevtx leaves out text that is only a
    # line end.
    return len(ours) == len(theirs) and all(
        a == b or (a.startswith('0x') and b.isdigit() and int(a, 16) == int(b)) or (a == '\n' and b == '')
        for a, b in zip(ours, theirs))


def differences(event, other):
    for name in [*event, *(set(other) - set(event))]:
        ours = event.get(name) and [normal(value) for value in event[name]]
        theirs = other.get(name) and [normal(value) for value in other[name]]
        if ours != theirs and (ours is None or not explained(name, ours, theirs)):
            yield f'{name}: {ours} here, {theirs} there'


@pytest.mark.release
@pytest.mark.parametrize('folder', FOLDERS)
def test_same_fields_as_libevtx(folder, data):
    pyevtx = pytest.importorskip('pyevtx', reason='python3-libevtx is not installed')
    if not (BINARY.parent / 'bench' / 'bench_decode').exists():
        pytest.skip('bench_decode is not built')
    compared = 0
    for path in sorted(data(folder).glob('*.evtx')):
        others = by_libevtx(pyevtx, path)
        for event in by_us(path):
            same = others.get(event.get('EventRecordID', [''])[0])
            other = same.pop(0) if same else None
            if other is not None:
                compared += 1
                found = list(differences(event, other))
                assert not found, f'{path.name}: record {event["EventRecordID"]}: {found}'
        missed = {number for number, records in others.items() if records}
        assert not missed, f'{path.name}: records only libevtx gives: {missed}'
    assert compared > 0
