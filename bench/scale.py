#!/usr/bin/env python3
"""How the cost of matching grows with the rules: bench/scale.py RULES-DIR... -- FILE...

Runs bench_detect over the files with 400, 1,000, all and 10,000 rules. Beyond the rules that there are it makes copies
whose texts differ in their last two characters only, so that events which have a rule's text nearly have the copies'.
Each size is run three times; the median of the time that matching adds is printed."""
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / 'build' / 'bench' / 'bench_detect'
SIZES = (400, 1000, 0, 10000)
TEXT = re.compile(r"""^(\s+(?:- )?(?:[\w.|-]+: )?')([^']{4,})('\s*)$""")


def copy_of(rule, number):
    """The rule with another id and other last characters."""
    end = f'{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}'
    lines, in_detection = [], False
    for line in rule.splitlines():
        if not line.startswith(' '):
            in_detection = line.startswith('detection:')
        if line.startswith('id: '):
            line = f'id: {number:08x}-0000-4000-8000-{abs(hash(rule)) % (1 << 48):012x}'
        found = TEXT.match(line) if in_detection else None
        if found and not found[2].endswith(('*', '\\', '?')):
            line = found[1] + found[2][:-2] + end + found[3]
        lines.append(line)
    return '\n'.join(lines) + '\n'


def run(rules, files):
    """Seconds that matching adds to a million events, and the rules that were loaded."""
    with tempfile.TemporaryDirectory() as folder:
        for i, rule in enumerate(rules):
            (Path(folder) / f'{i}.yml').write_text(rule)
        command = [BENCH, '-n', '3', folder, '--', *files]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    loaded = int(out.split()[0])
    parse, match = (float(rate) for rate in re.findall(r'(\d+) events/s', out.splitlines()[-1]))
    return 1e6 / match - 1e6 / parse, loaded


def main():
    at = sys.argv.index('--')
    paths = [path for folder in sys.argv[1:at] for path in sorted(Path(folder).rglob('*.yml'))]
    originals = [path.read_text() for path in paths]
    for size in SIZES:
        size = size or len(originals)
        stride = max(1, len(originals) // size)
        rules = originals[::stride][:size]
        rules += [copy_of(originals[i % len(originals)], i // len(originals)) for i in range(size - len(rules))]
        runs = [run(rules, sys.argv[at + 1:]) for _ in range(3)]
        print(f'{runs[0][1]:6} rules: {statistics.median(seconds for seconds, _ in runs):6.2f} us an event', flush=True)


if __name__ == '__main__':
    main()
