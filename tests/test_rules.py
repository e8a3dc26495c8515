"""The shipped rules on raw logs: beside `rules/FOLDER/NAME.yml` lies `NAME.test/` with logs that fire it (`fires*`),
look-alikes that must not (`quiet*`), and `expect`: every sign that all shipped rules together give on them. `.recorded`
logs come from real programs, `.synthetic` ones were written. HIKESHI_GOLDEN=write rewrites `expect`; read the diff."""
import json
import os
import re
import uuid

import pytest

from conftest import TOP

RULES = TOP / 'rules'
FILES = sorted(path for path in RULES.glob('*/*.yml'))
FOLDERS = sorted(path for path in RULES.glob('*/*.test'))
LEVELS = ('informational', 'low', 'medium', 'high', 'critical')
VECTORS = ('media', 'attrition', 'web', 'email', 'impersonation', 'improper-usage', 'loss')


def documents(path):
    """Title → text of each rule of a file."""
    texts = re.split(r'^---\n', path.read_text(encoding='utf-8'), flags=re.M)
    return {re.search(r'^title: (.*)$', text, re.M)[1]: text for text in texts}


def gives_signs(text):
    """Rules without a Japanese title only feed correlations."""
    return re.search(r'^    title_ja: ', text, re.M) is not None


def spans(numbers):
    """1,2,3,7 → 1-3,7"""
    groups = []
    for number in sorted(set(numbers)):
        if groups and groups[-1][1] == number - 1:
            groups[-1][1] = number
        else:
            groups.append([number, number])
    return ','.join(str(a) if a == b else f'{a}-{b}' for a, b in groups)


def signs(hikeshi, log):
    """Lines `LOG:RECORDS TITLE` of what comes out for one log; what other products call an alert is none of ours."""
    assets = log.parent / 'assets.json'
    options = ['--assets', assets] if assets.exists() else []
    run = hikeshi('triage', '--format', 'ndjson', '--year', '2026', *options, log)
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    return [f'{log.name}:{spans(r["number"] for r in o["records"])} {o["rule"]["title"]}'
            for o in objects if o['type'] == 'sign' and o['rule']['source'] != 'alert']


@pytest.mark.parametrize('folder', FOLDERS, ids=lambda path: f'{path.parent.name}/{path.stem}')
def test_signs(hikeshi, folder):
    logs = sorted(path for path in folder.iterdir() if path.name.startswith(('fires', 'quiet')))
    assert all('.recorded.' in log.name or '.synthetic.' in log.name for log in logs)
    lines = [line for log in logs for line in signs(hikeshi, log)]
    if os.environ.get('HIKESHI_GOLDEN') == 'write':
        (folder / 'expect').write_text(''.join(line + '\n' for line in lines), encoding='utf-8')
    assert lines == (folder / 'expect').read_text(encoding='utf-8').splitlines()
    own = {title for title, text in documents(folder.with_suffix('.yml')).items() if gives_signs(text)}
    fired = {line.split(' ', 1)[1] for line in lines if line.startswith('fires')}
    assert own <= fired, f'no log fires {own - fired}'
    wrong = [line for line in lines if line.startswith('quiet') and line.split(' ', 1)[1] in own]
    assert not wrong
    assert any(log.name.startswith('quiet') for log in logs)


def test_every_rule_has_a_test():
    assert {path.with_suffix('.test') for path in FILES} == set(FOLDERS)


def test_every_rule_is_loaded(hikeshi):
    run = hikeshi('rules', 'list', '--format', 'ndjson', *(a for path in FILES for a in ('--rules', path)))
    rules = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rules) == sum(len(documents(path)) for path in FILES)
    assert all(rule['status'] == 'loaded' for rule in rules)


@pytest.mark.parametrize('path', FILES, ids=lambda path: f'{path.parent.name}/{path.stem}')
def test_form(path):
    for title, text in documents(path).items():
        keys = dict(re.findall(r'^([\w-]+): *(.*)$', text, re.M))
        assert uuid.UUID(keys['id']).version == 4, title
        assert keys['author'] == 'hikeshi' and keys['level'] in LEVELS, title
        if not gives_signs(text):
            assert 'name' in keys and keys['level'] == 'informational', title
            continue
        assert {'hikeshi', 'description', 'references', 'tags', 'falsepositives'} <= set(keys), title
        assert re.search(r'^    kind: (indicator|precursor)$', text, re.M), title
        vector = re.search(r'^    vector: (.*)$', text, re.M)
        assert vector is None or vector[1] in VECTORS, title
        assert re.search(r'^    - attack\.', text, re.M), title


def test_ids_and_titles_are_unique():
    texts = [text for path in FILES for text in documents(path).values()]
    for key in ('id', 'title', 'name', '    title_ja'):
        values = [value for text in texts for value in re.findall(f'^{key}: (.*)$', text, re.M)]
        assert len(values) == len(set(values)), [value for value in values if values.count(value) > 1]
