"""A decoder that is broken into can open, write, connect, fork, execute, trace and map code nowhere.

The sanitizer builds hold a decoder that does what an intruder would (src/decode/break_in.h), run by a real triage."""
import json

import pytest

RULE = '''title: What the intruder could do
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0001
logsource:
    category: test
detection:
    selection:
        break_in.open|exists: true
        break_in.write|exists: true
        break_in.connect|exists: true
        break_in.fork|exists: true
        break_in.execute|exists: true
        break_in.trace|exists: true
        break_in.code|exists: true
    condition: selection
level: high
'''


def test_broken_in_decoder_can_do_nothing(hikeshi, tmp_path):
    evidence = tmp_path / 'evidence'
    evidence.write_bytes(b'HIKESHI-BREAK-IN\n')
    rule = tmp_path / 'rule.yml'
    rule.write_text(RULE)
    run = hikeshi('triage', '--no-shipped-rules', '--rules', rule, '--format', 'ndjson', evidence, status=None)
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    if objects[0]['format'] != 'break-in':
        pytest.skip('this build cannot be broken into')
    signs = [o for o in objects if o['type'] == 'sign']
    assert len(signs) == 1
    attempts = {name: value for name, value in signs[0]['fields'].items() if name.startswith('break_in.')}
    assert len(attempts) == 7
    assert set(attempts.values()) == {'refused'}, attempts
