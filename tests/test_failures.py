"""What daemons say of failed log-ins and refused clients, against labels with time and host (the logs that fail2ban
tests its filters with): an event with the right time and source, and the outcome where a daemon reports one.

A line without a year counts into 2005 or, after the middle of August, 2004; local times are those of Zurich. The
labels of lines that have a zone are given in it.
"""
import json
import re
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

LABEL = re.compile(r'#+ ?failJSON: (\{.*\})')
ZONE = ZoneInfo('Europe/Zurich')
YEARLESS = (2004, 2005)
SOURCES = ('source.ip', 'source.domain', 'source.address')


def labelled(path):
    """The lines of a log with their labels (None for what has none)."""
    label = None
    for line in path.read_text(encoding='utf-8', errors='surrogateescape').split('\n'):
        match = LABEL.match(line)
        if match:
            label = json.loads(match[1])
        elif line.strip() and not line.startswith('#'):
            yield label, line
            label = None


def is_time(want, text):
    if want is None:
        return True
    if text is None:
        return False
    want = datetime.fromisoformat(want.split('.')[0])
    got = datetime.fromisoformat(text[:19] + '+00:00')
    for local in (got, got.astimezone(ZONE)):
        local = local.replace(tzinfo=None)
        yearless = want.year in YEARLESS and local.replace(year=2004) == want.replace(year=2004)
        if local == want or yearless:
            return True
    return False


def is_source(want, fields):
    return any(str(fields.get(name)).lower() == want.lower() for name in SOURCES)


@pytest.mark.release
def test_nine_of_ten_labels(hikeshi, data, tmp_path):
    counts, missed = Counter(), []
    for path in sorted(data('intake/fail2ban').iterdir()):
        cases = list(labelled(path))
        log = tmp_path / path.name
        log.write_text('\n'.join(line for _, line in cases) + '\n', encoding='utf-8', errors='surrogateescape')
        run = hikeshi('decode', '--year', '2005', '--format', 'ndjson', log, status=None)
        assert run.returncode in (0, 1)
        events = {}
        for event in map(json.loads, run.stdout.splitlines()):
            events.setdefault(event['records'][0]['number'], {}).update(event['fields'])
        for number, (label, line) in enumerate(cases, 1):
            if not label or not label.get('match'):
                continue
            fields = events.get(number, {})
            hit = is_time(label.get('time'), fields.get('@timestamp')) and is_source(label['host'], fields)
            counts.update(labels=1, hits=hit, failures=fields.get('event.outcome') == 'failure')
            if not hit:
                missed.append(f'{path.name}: {line[:160]}')
    print(dict(counts), *missed, sep='\n')
    assert counts['labels'] > 100
    assert counts['hits'] >= 0.9 * counts['labels'], '\n'.join(missed)
    assert counts['failures'] >= 0.8 * counts['labels']
