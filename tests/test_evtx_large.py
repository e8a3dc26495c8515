"""Large EVTX files: decoded in parts by several readers, past 4 GiB, with damage; what --recover brings."""
import csv
import io
import json
import os
import signal
import struct
import subprocess
import time

import pytest

HEADER = 4096
CHUNK = 65536
PART = 16 << 20  # EVTX_PART_SIZE
MAGIC = b'ElfChnk\0'
RULE = '''title: Any event
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0003
logsource:
    product: windows
detection:
    selection:
        EventID|exists: true
    condition: selection
level: low
'''


@pytest.fixture
def rule(tmp_path):
    path = tmp_path / 'rule.yml'
    path.write_text(RULE)
    return path


@pytest.fixture(scope='module')
def chunks(data):
    """A file header, and chunks of recorded logs."""
    header, found = None, []
    for path in sorted(data('evtx/files').glob('*.evtx')):
        content = path.read_bytes()
        header = header or content[:HEADER]
        found += [content[at:at + CHUNK] for at in range(HEADER, len(content) - CHUNK + 1, CHUNK)
                  if content.startswith(MAGIC, at)]
    return header, found


def write(path, header, chunks, count, damage=()):
    """A log of so many chunks; those whose index is in `damage` have lost their signature."""
    with open(path, 'wb') as log:
        log.write(header)
        for i in range(count):
            chunk = chunks[i % len(chunks)]
            log.write(b'?' * 512 + chunk[512:] if i in damage else chunk)
    return path


def children_of(pid):
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as children:
        return [int(child) for child in children.read().split()]


def lines_about(stderr, path):
    return [line for line in stderr.splitlines() if str(path) in line]


@pytest.mark.release
def test_same_however_it_is_split(hikeshi, chunks, tmp_path):
    """Damage in several parts: the same output and messages with one reader, several, and a reader that is killed."""
    parts = PART // CHUNK
    path = write(tmp_path / 'large.evtx', *chunks, 4 * parts + 10, damage={4 * parts - 1, 4 * parts + 3})
    arguments = ['triage', '--format', 'ndjson', '--recover', path]
    outcomes = [hikeshi(*arguments, '-j', jobs, status=1) for jobs in (1, 2, 5)]
    assert len({outcome.stdout for outcome in outcomes}) == 1
    assert len({outcome.stderr for outcome in outcomes}) == 1
    assert '"type":"sign"' in outcomes[0].stdout and len(lines_about(outcomes[0].stderr, path)) > 1
    # What is not decoded in parts says the same.
    packed = tmp_path / 'packed' / 'large.evtx.gz'
    packed.parent.mkdir()
    with open(packed, 'wb') as to:
        subprocess.run(['gzip', '-1', '-c', path], stdout=to, check=True)
    whole, split = ([json.loads(line) for line in
                     hikeshi('triage', '--format', 'ndjson', '--recover', log, status=1).stdout.splitlines()]
                    for log in (packed, path))
    assert [(o['type'], o.get('records') if o['type'] == 'source' else o.get('title')) for o in whole] == [
        (o['type'], o.get('records') if o['type'] == 'source' else o.get('title')) for o in split]
    process = subprocess.Popen([*hikeshi.command, *map(str, arguments), '-j', '2'], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, encoding='utf-8', env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    for _ in range(1000):
        workers = children_of(process.pid)
        if len(workers) == 2:
            break
        time.sleep(0.005)
    time.sleep(0.1)
    os.kill(workers[1], signal.SIGKILL)
    output, messages = process.communicate(timeout=120)
    assert (process.returncode, output, messages) == (1, outcomes[0].stdout, outcomes[0].stderr)


@pytest.mark.release
def test_past_four_gibibytes(hikeshi, rule, chunks, tmp_path):
    """A hole that was never written costs nothing but reading, and records behind it are found where they are."""
    header, found = chunks
    path = write(tmp_path / 'sparse.evtx', header, found, 1)
    far = HEADER + (5 << 30)
    with open(path, 'r+b') as log:
        log.seek(far)
        log.write(found[1])
    objects = [json.loads(line) for line in hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format',
                                                    'ndjson', path, timeout=300).stdout.splitlines()]
    source = objects[0]
    near = struct.unpack_from('<QQ', found[0], 24)
    behind = struct.unpack_from('<QQ', found[1], 24)
    assert source['undecoded'] == 0
    assert source['records'] == sum(last - first + 1 for first, last in (near, behind))


def test_recover(hikeshi, rule, chunks, tmp_path):
    """A chunk without signature: its records are read with --recover only, and are marked."""
    path = write(tmp_path / 'damaged.evtx', *chunks, 3, damage={1})
    first, second, third = (struct.unpack_from('<QQ', chunk, 24) for chunk in chunks[1][:3])
    arguments = ['triage', '--no-shipped-rules', '--rules', rule, '--format', 'csv', path]
    plain = hikeshi(*arguments, status=1)
    assert 'no chunk where one should begin' in plain.stderr and '--recover' in plain.stderr
    intact = sum(last - start + 1 for start, last in (first, third))
    rows = list(csv.DictReader(io.StringIO(plain.stdout)))
    assert len(rows) == intact and {row['recovered'] for row in rows} == {'false'}
    rows = list(csv.DictReader(io.StringIO(hikeshi(*arguments, '--recover', status=1).stdout)))
    recovered = [row for row in rows if row['recovered'] == 'true']
    assert len(recovered) >= second[1] - second[0] + 1
    assert len(rows) - len(recovered) == intact
    for language, words in (('en', 'also decode slack and damaged chunks'), ('ja', '空き領域や破損したチャンクも復元する')):
        assert words in hikeshi('triage', '--help', '--lang', language).stdout
