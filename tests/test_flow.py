"""Flow records of real devices equal what another collector reads in them, field for field.

Each case is wrapped into a capture, as its datagrams came from an exporter at 192.0.2.1:4444. Left aside is what is
that collector's own: flow.id, flow.locality, event.created. Times are compared as times. It gives IPv6 flows no
addresses, or 0.0.0.0, and all of them the community id of that: of those the addresses must be those of its own native
fields, and the id is not compared.
"""
import json
import os
import re
import struct
import subprocess
from datetime import datetime, timezone

import pytest

from conftest import BINARY

BENCH = BINARY.parent / 'bench' / 'bench_decode'
ASIDE = {'flow.id', 'flow.locality', 'event.created'}
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$')
EXPORTER, COLLECTOR = (192, 0, 2, 1), (192, 0, 2, 2)


def capture(datagrams, port=4444, to=2055):
    """A pcap file of Ethernet frames."""
    out = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
    for number, datagram in enumerate(datagrams):
        udp = struct.pack('>HHHH', port, to, len(datagram) + 8, 0) + datagram
        address = struct.pack('>BBHHHBBH4s4s', 0x45, 0, len(udp) + 20, 0, 0, 64, 17, 0, bytes(EXPORTER),
                              bytes(COLLECTOR))
        frame = bytes(12) + b'\x08\x00' + address + udp
        out.append(struct.pack('<IIII', 1700000000 + number, 0, len(frame), len(frame)) + frame)
    return b''.join(out)


def decoded(path):
    if not BENCH.exists():
        pytest.skip('no bench_decode in this build')
    run = subprocess.run([BENCH, '-p', path], capture_output=True, check=True, timeout=60,
                         env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    return [json.loads(line) for line in run.stdout.splitlines()]


def flat(value, name=''):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f'{name}.{key}' if name else key)
    elif value is not None:
        yield name, value


def normal(value):
    """Lists of one are that one; times to the nanosecond; numbers by value."""
    if isinstance(value, list):
        return normal(value[0]) if len(value) == 1 else sorted(str(normal(item)) for item in value)
    if isinstance(value, str) and TIME.match(value):
        whole, _, fraction = value[:-1].partition('.')
        seconds = datetime.strptime(whole, '%Y-%m-%dT%H:%M:%S').replace(tzinfo=timezone.utc).timestamp()
        return int(seconds) * 10 ** 9 + int(fraction.ljust(9, '0') or 0)
    return value


def without_address(fields):
    """What a golden event says that follows from its addresses, where it does not know them."""
    lost = fields.get('source.ip', '0.0.0.0') == '0.0.0.0' and 'netflow.source_ipv6_address' in fields
    ends = {f'{end}.{name}' for end in ('source', 'destination') for name in ('ip', 'locality')}
    return {'network.community_id', 'related.ip'} | ends if lost else set()


def cases(data):
    return sorted(path for path in data('intake/netflow').iterdir() if (path / 'golden.json').exists())


def test_devices_equal_their_golden_files(data, tmp_path):
    differences = []
    for case in cases(data):
        datagrams = [file.read_bytes() for file in sorted(case.glob('*.dat'))]
        file = tmp_path / (case.name + '.pcap')
        file.write_bytes(capture(datagrams))
        got = decoded(file)
        want = json.loads((case / 'golden.json').read_text(encoding='utf-8'))['events']
        if len(got) != len(want):
            differences.append(f'{case.name}: {len(got)} events, not {len(want)}')
        for number, (ours, theirs) in enumerate(zip(got, want)):
            fields = dict(flat(theirs['Fields']))
            aside = ASIDE | without_address(fields)
            for end in ('source', 'destination') if aside != ASIDE else ():
                fields[f'{end}.ip'] = fields[f'netflow.{end}_ipv6_address']
                aside -= {f'{end}.ip'}
            for name, value in fields.items():
                if name not in aside and normal(ours.get(name)) != normal(value):
                    differences.append(f'{case.name} #{number}: {name} is {ours.get(name)!r}, not {value!r}')
            if normal(ours['netflow.exporter.timestamp']) != normal(theirs['Timestamp']):
                differences.append(f'{case.name} #{number}: time')
    assert not differences, '\n'.join(differences[:50])


def test_a_datagram_in_a_file_of_its_own(hikeshi, data):
    """decode --as carries templates from file to file, in their order."""
    for case in cases(data):
        want = json.loads((case / 'golden.json').read_text(encoding='utf-8'))['events']
        run = hikeshi('decode', '--as', 'netflow', '--format', 'ndjson', *sorted(case.glob('*.dat')), status=None)
        events = [json.loads(line)['fields'] for line in run.stdout.splitlines()]
        flows = [event for event in events if event.get('event.undecoded') != 'record']
        for ours, theirs in zip(flows, want, strict=True):
            assert ours['network.iana_number'] == theirs['Fields']['network']['iana_number']


def test_files_of_datagrams_give_the_same(data, tmp_path):
    """Without a capture around them: all but what the packets' headers say."""
    packets = {'observer.ip', 'netflow.exporter.address'}
    for case in cases(data):
        datagrams = [file.read_bytes() for file in sorted(case.glob('*.dat'))]
        raw, packed = tmp_path / 'raw', tmp_path / 'packed'
        raw.write_bytes(b''.join(datagrams))
        packed.write_bytes(capture(datagrams))
        want = [{name: value for name, value in event.items() if name not in packets} for event in decoded(packed)]
        assert decoded(raw) == want, case.name
