"""No input makes time or memory grow faster than linearly.

Each case makes an input of size n; the program runs on n, 2n and 4n. What is compared is processor time, above that of
a run on next to nothing: four times the input may take eight times as long, which is far from the sixteen times of
quadratic work and leaves room for a busy machine, and what takes no measurable time at all passes. Memory stays under
the limit of every run. A case is tried again before it fails, since only a slow program is slow every time.
"""
import io
import json
import os
import subprocess
import tarfile

import pytest

pytestmark = pytest.mark.release

GROWTH_MAX = 8
UNMEASURABLE_S = 0.05
TRIES = 3
RSS_MAX_KIB = 300 << 10

EVIL = '''title: Evil
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0101
logsource: {category: anything}
detection:
    selection:
        %s
    condition: selection
'''


def event(x, **fields):
    """A line that the rules above look at."""
    return json.dumps({'event.dataset': 'made.anything', 'x': x, **fields}) + '\n'


def json_record_of_fields(n):
    return {'a.json': json.dumps({f'field{i}': f'value {i}' for i in range(n)}) + '\n'}


def json_record_of_objects(n):
    return {'a.json': json.dumps({f'o{i}': {'a': [i, {'b': None}]} for i in range(n // 2)}) + '\n'}


def json_record_of_one_key(n):
    return {'a.json': '{' + ','.join(f'"a":{i}' for i in range(n)) + '}\n'}


def json_array_of_values(n):
    return {'a.json': json.dumps({'list': [f'v{i}' for i in range(n)]}) + '\n'}


def json_array_of_records(n):
    return {'a.json': json.dumps([{'a': i} for i in range(n)])}


def json_deep_nesting(n):
    deep = '{"a":' * (n // 10) + '1' + '}' * (n // 10)
    return {'a.json': '\n'.join([deep, '[' * (n // 10), event('ok')])}


def json_long_string_of_escapes(n):
    return {'a.json': '{"a":"' + '\\u3042\\"' * n + '"}\n'}


def line_of_pairs(n):
    pairs = ' '.join(f'k{i}=v' for i in range(n))
    return {'messages': f'2026-11-20T03:12:44+00:00 gate kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.1 {pairs}\n' * 2}


def lines_of_fewer_pairs(n):
    """Below the fields that an event may have."""
    pairs = ' '.join(f'k{i}=v' for i in range(n // 32))
    return {'messages': f'2026-11-20T03:12:44+00:00 gate kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.1 {pairs}\n' * 20}


def line_of_words(n):
    return {'auth.log': '2026-11-20T03:12:44+00:00 gate sshd[1]: ' + 'Failed password ' * (n // 2) + '\n'}


def line_of_structured_data(n):
    data = ''.join(f'[x{i}@1 a="b"]' for i in range(n // 2))
    return {'messages': f'<13>1 2026-11-20T03:12:44Z gate app - - {data} text\n'}


def audit_event_of_records(n):
    first = 'type=SYSCALL msg=audit(1732072364.123:77): arch=c000003e syscall=59 success=yes exe="/bin/sh"\n'
    rest = ''.join(f'type=PATH msg=audit(1732072364.123:77): item={i} name="/tmp/{i}" inode={i}\n' for i in range(n))
    return {'audit.log': first + rest}


def audit_record_of_arguments(n):
    arguments = ' '.join(f'a{i}=x' for i in range(n))
    return {'audit.log': f'type=EXECVE msg=audit(1732072364.123:77): argc={n} {arguments}\n' * 2}


def csv_row_of_columns(n):
    names = ','.join(f'c{i}' for i in range(n))
    return {'a.csv': f'timestamp,message,{names}\n' + ('2026-11-20 03:12:44,hello' + ',x' * n + '\n') * 2}


def w3c_row_of_columns(n):
    names = ' '.join(f'x-c{i}' for i in range(n))
    return {'a.log': f'#Software: x\n#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem {names}\n' +
                     ('2026-11-20 03:12:44 192.0.2.1 GET /' + ' x' * n + '\n') * 2}


def zeek_row_of_columns(n):
    names = ''.join(f'\tc{i}' for i in range(n // 200))
    head = '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n'
    types = '#types\ttime\tstring' + '\tstring' * (n // 200)
    row = '1732072364.1\tC1' + '\tx' * (n // 200)
    return {'conn.log': '\n'.join([f'{head}#fields\tts\tuid{names}', types] + [row] * 50 + [''])}


def web_line_of_parameters(n):
    query = '&'.join(f'a{i}=%27' for i in range(n // 2))
    return {'access.log': f'192.0.2.1 - - [20/Nov/2026:03:12:44 +0000] "GET /?{query} HTTP/1.1" 200 1 "-" "-"\n' * 2}


def xml_of_elements(n):
    data = ''.join(f'<Data Name="f{i}">v</Data>' for i in range(n // 4))
    return {'a.xml': '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>1</EventID>'
                     '<TimeCreated SystemTime="2026-11-20T03:12:44Z"/><Channel>Security</Channel></System>'
                     f'<EventData>{data}</EventData></Event>\n'}


def xml_of_attributes(n):
    data = ' '.join(f'a{i}="v"' for i in range(n // 2))
    return {'a.xml': f'<Event><System><EventID {data}>1</EventID></System></Event>\n'}


def archives_in_archives(n):
    """tar in tar; each head is counted from the inside out."""
    size = 0
    heads = []
    for level in range(n // 10):
        member = tarfile.TarInfo(f'level{level}.tar' if level else 'a.log')
        member.size = size
        heads.append(member.tobuf(tarfile.GNU_FORMAT))
        size = 512 + (size + 511) // 512 * 512 + 1024
    return {'a.tar': b''.join(reversed(heads)) + bytes(1024) * len(heads)}


def archive_of_members(n):
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode='w') as archive:
        for i in range(n // 10):
            archive.addfile(tarfile.TarInfo(f'empty/{i}.log'))
    return {'a.tar': output.getvalue()}


def signs_of_many_hosts(n):
    return {'access.log': ''.join(
        f'10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255} - - [20/Nov/2026:03:{i // 60 % 60:02}:{i % 60:02} +0000] '
        f'"GET /index.php?id=1%27%20UNION%20SELECT%20{i} HTTP/1.1" 200 1 "-" "sqlmap/1.7"\n' for i in range(n // 5))}


def catastrophic_values(n):
    """Ever longer values; how many there are stays the same."""
    value = 'a' * (n // 10) + '!'
    return {'a.json': ''.join(event(f'{value}{i}') for i in range(8)),
            'rules.yml': EVIL % "x|re: '(a+)+$'"}


def catastrophic_records(n):
    value = 'a' * 60 + '!'
    return {'a.json': ''.join(event(f'{value}{i}') for i in range(n // 2000)),
            'rules.yml': EVIL % "x|re: '(a+)+$'"}


def keywords_over_fields(n):
    """Every word of the rule in every field of the event."""
    rule = EVIL.replace('        %s\n', "        '|all': ['e*l', 'value']\n        '|re': 'e+v+i+l+$'\n")
    fields = {f'field{i}': f'value {i}' for i in range(n // 32)}
    return {'a.json': event('y', **fields) * 8, 'rules.yml': rule}


def rule_of_values(n):
    values = ''.join(f"\n            - 'c:\\{i}\\*\\evil{i}'" for i in range(n // 2))
    return {'a.json': event('c:\\1\\2') * 20, 'rules.yml': EVIL % f'x|contains:{values}'}


def rule_of_selections(n):
    selections = ''.join(f'    s{i}: {{x: a{i}}}\n' for i in range(n // 20))
    rule = (EVIL % 'x: y').replace('    condition: selection', f'{selections}    condition: 1 of s*')
    return {'a.json': event('a1') * 20, 'rules.yml': rule}


def rule_of_conditions(n):
    condition = ' or '.join(['(not selection)'] * (n // 50))
    return {'a.json': event('a1') * 20, 'rules.yml': (EVIL % 'x: y').replace(': selection', f': {condition}')}


def rules_of_one_file(n):
    return {'a.json': event('a1') * 20,
            'rules.yml': '---\n'.join((EVIL % f'x: y{i}').replace('0101', f'{i:04x}') for i in range(n // 50))}


def yaml_deep_flow(n):
    return {'a.json': '{"x":1}\n', 'rules.yml': 'a: ' + '[' * (n // 10) + ']' * (n // 10) + '\n'}


def yaml_deep_block(n):
    return {'a.json': '{"x":1}\n',
            'rules.yml': ''.join(' ' * i + f'a{i}:\n' for i in range(n // 100))}


def yaml_aliases(n):
    """Each line names the one above nine times: nodes without end, if they were unfolded."""
    lines = ['a0: &a0 x'] + [f'a{i}: &a{i} [' + ', '.join([f'*a{i - 1}'] * 9) + ']' for i in range(1, n // 500)]
    return {'a.json': '{"x":1}\n', 'rules.yml': '\n'.join(lines) + '\n'}


def yaml_aliases_of_a_list(n):
    """A long list, named many times."""
    return {'a.json': '{"x":1}\n',
            'rules.yml': 'a: &a [' + 'x, ' * (n // 10) + 'x]\n' + ''.join(f'b{i}: *a\n' for i in range(n // 100))}


def correlated_groups(n):
    rule = '''title: Many
id: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0102
correlation: {type: value_count, rules: [evil], group-by: [g], timespan: 30d, condition: {field: v, gte: 3}}
'''
    records = (event('y', **{'@timestamp': 1732072364 + i, 'g': i % (n // 2), 'v': i}) for i in range(n))
    return {'a.json': ''.join(records), 'rules.yml': (EVIL % 'x: y') + 'name: evil\n---\n' + rule}


CASES = [json_record_of_fields, json_record_of_objects, json_record_of_one_key, json_array_of_values,
         json_array_of_records, json_deep_nesting, json_long_string_of_escapes, line_of_pairs, lines_of_fewer_pairs,
         line_of_words, line_of_structured_data, audit_event_of_records, audit_record_of_arguments,
         csv_row_of_columns, w3c_row_of_columns, zeek_row_of_columns, web_line_of_parameters, xml_of_elements,
         xml_of_attributes, archives_in_archives, archive_of_members, signs_of_many_hosts, catastrophic_values,
         catastrophic_records, keywords_over_fields, rule_of_values, rule_of_selections, rule_of_conditions,
         rules_of_one_file, yaml_deep_flow, yaml_deep_block, yaml_aliases, yaml_aliases_of_a_list, correlated_groups]
LARGEST = 100_000


class Run:
    """Processor time and peak of memory of one triage, children included."""

    def __init__(self, command, folder, files):
        folder.mkdir()
        evidence = folder / 'evidence'
        evidence.mkdir()
        options = []
        for name, content in files.items():
            path = (folder if name == 'rules.yml' else evidence) / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            if name == 'rules.yml':
                options = ['--rules', path]
        process = subprocess.Popen([*command, 'triage', '--format', 'ndjson', '-j', '1', *options, evidence],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.status = process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = usage.ru_utime + usage.ru_stime
        self.rss_kib = usage.ru_maxrss


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.__name__)
def test_cost_is_linear(hikeshi, tmp_path, case):
    figures = []
    for attempt in range(TRIES):
        runs = [Run(hikeshi.command, tmp_path / f'{attempt}-{n}', case(n) if n else {'a.json': '{"x":1}\n'})
                for n in (0, LARGEST // 4, LARGEST // 2, LARGEST)]
        assert {run.status for run in runs} <= {0, 1}, [run.status for run in runs]
        assert max(run.rss_kib for run in runs) < RSS_MAX_KIB
        once, _, fourfold = (max(run.seconds - runs[0].seconds, 0) for run in runs[1:])
        figures.append([round(run.seconds, 3) for run in runs])
        print(case.__name__, figures[-1], [run.rss_kib >> 10 for run in runs], 'MiB', [run.status for run in runs])
        if fourfold < UNMEASURABLE_S or fourfold < once * GROWTH_MAX:
            return
    pytest.fail(f'seconds of nothing, n, 2n, 4n: {figures}')


def test_expression_given_up_is_told(hikeshi, tmp_path):
    for name, content in catastrophic_records(20_000).items():
        (tmp_path / name).write_text(content)
    run = hikeshi('triage', '--lang', 'en', '--rules', tmp_path / 'rules.yml', tmp_path / 'a.json')
    assert 'Regular expressions gave up 10 times at their limit' in run.stdout
