#!/usr/bin/python3
"""House rules that a machine can check. Prints `path:line: rule: what` and exits with 1 when anything was found.

Usage: check.py [ROOT]

Each rule is a function that takes the tree and yields findings. Rules read the text of files, not git: a source archive
is checked as well as a clone. Rejected: clang-tidy, whose checks know nothing of layers, texts or the build's lists.
"""
import ast
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = {'.c': 1000, '.cpp': 300, '.h': 300, '.py': 600, 'shell': 200, '.build': 200}
LINE_COLUMNS_MAX = 120  # where clang-format does not decide

CODE = ('.c', '.cpp', '.h')
# What people write. Corpora and golden cases are data: nobody formats those.
TEXT = CODE + ('.S', '.py', '.build', '.md', '.yml', '.yaml', '.def', '.css', '.js', '.in', 'shell')
SKIPPED = re.compile(r'(^|/)(build[^/]*|\.git|__pycache__|\.pytest_cache|golden|[^/]+\.in)/')

UNFINISHED = re.compile(r'\b(TO' r'DO|FIX' r'ME|X' r'XX)\b')

# Ways out of the program, each open to few folders. Everything else asks those.
DOORWAYS = (
    (r'printf|fprintf|dprintf|puts|fputs|putchar|perror', ('base',), 'people read only what the text table says'),
    (r'time|gettimeofday|clock_gettime|clock', ('base', 'proc'), 'scenarios fake the time through base'),
    (r'getrandom|getentropy', ('base', 'proc'), 'scenarios fake randomness through base'),
    (r'socket|socketpair|bind|listen|connect|accept4?', ('proc', 'input'), 'the network belongs to proc and input'),
    (r'fork|vfork|clone|execve?|execvp|posix_spawn', ('proc',), 'processes belong to proc'),
    (r'fopen|freopen|open|openat|creat|tmpfile|mkstemp', ('base', 'proc', 'input'), 'files are for base, proc, input'),
    (r'strchr|strtod', ('base',), 'slices, and slice_to_double'),
)

# A string with a tag in it is markup. Only the escaping writer holds markup; pages have theirs in report/assets/.
MARKUP = re.compile(r'"(?:[^"\\\n]|\\.)*</?[a-zA-Z][a-zA-Z0-9]*[ />\\](?:[^"\\\n]|\\.)*"')
MARKUP_FOLDERS = ('report', 'cli', 'http')
MARKUP_WRITER = re.compile(r'src/report/html[a-z_]*\.[ch]$')


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    what: str

    def __str__(self):
        return f'{self.path}:{self.line}: {self.rule}: {self.what}'


class Source:
    """A text file of the tree."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding='utf-8', errors='replace')
        self.kind = path.suffix or ('shell' if re.match(r'#!.*\b(ba|da)?sh\b', self.text) else '')
        if self.kind == '.sh':
            self.kind = 'shell'
        elif re.match(r'#!.*python', self.text):
            self.kind = '.py'
        self.lines = self.text.splitlines()
        self.folder = self.path.split('/')[1] if self.path.startswith('src/') and self.path.count('/') > 1 else None
        self.is_test = path.stem.endswith('_test')
        self.code = bare_code(self.text) if self.kind in CODE else ''

    def finding(self, line, rule, what):
        return Finding(self.path, line, rule, what)


class Tree:
    def __init__(self, root):
        self.root = root
        self.sources = []
        for path in sorted(root.rglob('*')):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not path.is_symlink() and not SKIPPED.search(name):
                if path.suffix in TEXT or (path.suffix in ('', '.sh') and is_script(path)):
                    self.sources.append(Source(root, path))

    def of(self, *kinds):
        return [source for source in self.sources if source.kind in kinds]

    def in_src(self, *kinds):
        return [source for source in self.of(*kinds) if source.folder]

    def read(self, path):
        file = self.root / path
        return file.read_text(encoding='utf-8') if file.is_file() else ''


def is_script(path):
    with open(path, 'rb') as file:
        return file.read(2) == b'#!'


def bare_code(text):
    """C without comments and without what is inside literals; every line stays on its line."""
    def blank(match):
        token = match.group(0)
        newlines = '\n' * token.count('\n')
        return token[0] + token[-1] + newlines if token[0] in '"\'' else ' ' + newlines
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', blank, text, flags=re.S)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def check_size(tree):
    """Files and functions stay small enough to be read at once."""
    for source in tree.sources:
        limit = FILE_LINES_MAX.get(source.kind)
        if limit and len(source.lines) > limit:
            yield source.finding(limit + 1, 'size', f'{len(source.lines)} lines where a file has at most {limit}')
        for name, first, last in functions(source):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield source.finding(first, 'size', f'function {name} has {last - first + 1} lines, '
                                     f'at most {FUNCTION_LINES_MAX}')


def functions(source):
    if source.kind in CODE:
        return c_functions(source)
    if source.kind == '.py':
        return python_functions(source)
    return shell_functions(source) if source.kind == 'shell' else ()


def c_functions(source):
    """(name, first line, last line). clang-format puts the braces of a function, and of nothing else, in column 0."""
    lines = source.code.splitlines()
    opened = None
    for number, line in enumerate(lines, 1):
        if line.startswith('{') and opened is None:
            opened = number
            while opened > 1 and re.match(r'[^#}\s]|\s+\S', lines[opened - 2]) and not lines[opened - 2].endswith(';'):
                opened -= 1
            signature = ' '.join(lines[opened - 1:number])
        elif line.startswith('}') and opened is not None:
            name = re.search(r'(\w+)\s*\(', signature)
            yield (name.group(1) if name else '?'), opened, number
            opened = None


def python_functions(source):
    for node in ast.walk(ast.parse(source.text, source.path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno


def shell_functions(source):
    opened = None
    for number, line in enumerate(source.lines, 1):
        start = re.match(r'(?:function\s+)?(\w+)\s*\(\)\s*[{(]?\s*$', line)
        if start:
            opened = (start.group(1), number)
        elif line.startswith(('}', ')')) and opened:
            yield opened[0], opened[1], number
            opened = None


def check_whitespace(tree):
    for source in tree.sources:
        if source.text and not source.text.endswith('\n'):
            yield source.finding(len(source.lines), 'whitespace', 'no newline at the end of the file')
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield source.finding(number, 'whitespace', 'space at the end of the line')
            if '\t' in line:
                yield source.finding(number, 'whitespace', 'a tab; indent with spaces')
            if len(line) > LINE_COLUMNS_MAX and source.kind in ('.py', 'shell', '.build'):
                yield source.finding(number, 'whitespace', f'{len(line)} columns, at most {LINE_COLUMNS_MAX}')


def check_unfinished(tree):
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            for match in UNFINISHED.finditer(line):
                yield source.finding(number, 'unfinished', f'{match.group(1)}: finish it, or open an issue')


def layers(tree):
    lines = [line.strip() for line in tree.read('src/LAYERS').splitlines()]
    return [line for line in lines if line and not line.startswith('#')]


def check_layers(tree):
    """A file includes its own folder and lower ones, by the full name from src/."""
    order = layers(tree)
    for source in tree.in_src(*CODE):
        if source.folder not in order:
            yield source.finding(1, 'layers', f'src/LAYERS does not list the folder {source.folder}')
            continue
        for number, line in enumerate(source.lines, 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match or match.group(1).endswith('_generated.h'):
                continue
            target = match.group(1).split('/')[0]
            if target not in order:
                yield source.finding(number, 'layers', f'"{match.group(1)}": write the path from src/, '
                                     'or <> for what is not ours')
            elif order.index(target) > order.index(source.folder):
                yield source.finding(number, 'layers', f'{source.folder} may not include "{match.group(1)}": '
                                     f'{target} is a higher layer')


def check_headers(tree):
    """Every .c has its header; every header its guard; every file says at the top what it is."""
    paths = {source.path for source in tree.sources}
    for source in tree.in_src('.c', '.cpp'):
        header = re.sub(r'\.c(pp)?$', '.h', source.path)
        if header not in paths and not source.is_test and source.folder != 'main':
            yield source.finding(1, 'headers', f'{header} is missing')
    for source in tree.in_src('.h'):
        guard = re.sub(r'\W', '_', source.path[len('src/'):]).upper()
        if f'#ifndef {guard}\n#define {guard}\n' not in source.text:
            yield source.finding(1, 'headers', f'the include guard is {guard}')
    for source in tree.in_src(*CODE):
        if not source.text.startswith('/*'):
            yield source.finding(1, 'headers', 'the file does not begin with a comment that says what it is')


def check_folders(tree):
    """Each folder opens with a header that says what it does and what it may touch."""
    by_path = {source.path: source for source in tree.sources}
    for folder in sorted({source.folder for source in tree.in_src('.c')} - {'main'}):
        path = f'src/{folder}/{folder}.h'
        header = by_path.get(path)
        if header is None:
            yield Finding(path, 1, 'folders', 'is missing: the header that opens the folder')
            continue
        comment = re.match(r'/\*.*?\*/', header.text, re.S)
        words = re.sub(r'[\s*]+', ' ', comment.group(0)).lower() if comment else ''
        for part in ('takes', 'gives', 'runs in', 'may open'):
            if part not in words:
                yield header.finding(1, 'folders', f'the top comment does not say what the folder "{part}"')


def banned(tree):
    return dict(re.findall(r'^BANNED\((\w+),\s*"([^"]*)"\)', tree.read('src/base/banned.h'), re.M))


def check_banned(tree):
    """The list that the compiler enforces, applied to C++ and to code under #if as well."""
    reasons = banned(tree)
    if not reasons:
        return
    pattern = re.compile(r'\b(' + '|'.join(reasons) + r')\s*\(')
    for source in tree.of(*CODE):
        if source.path != 'src/base/banned.h':
            for match in pattern.finditer(source.code):
                yield source.finding(line_of(source.code, match.start()), 'banned',
                                     f'{match.group(1)}: {reasons[match.group(1)]}')


def check_doorways(tree):
    for names, folders, reason in DOORWAYS:
        pattern = re.compile(rf'(?<![\w.>])({names})\s*\(')
        for source in tree.in_src(*CODE):
            if source.folder in folders or source.is_test:
                continue
            for match in pattern.finditer(source.code):
                yield source.finding(line_of(source.code, match.start()), 'doorways',
                                     f'{match.group(1)}: {reason} (only in src/{", src/".join(folders)})')


def check_markup(tree):
    for source in tree.in_src('.c', '.cpp', '.h'):
        if source.folder in MARKUP_FOLDERS and not source.is_test and not MARKUP_WRITER.search(source.path):
            for match in MARKUP.finditer(source.text):
                yield source.finding(line_of(source.text, match.start()), 'markup',
                                     'a string with markup: only the escaping writer src/report/html.c holds tags')


def c_literal(text):
    return ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def check_texts(tree):
    """Every text is there in both languages, with the same arguments."""
    entry = re.compile(r'^TEXT\(\s*(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', re.M)
    seen = {}
    for source in tree.of('.def'):
        if source.path == 'src/base/text/all.def':
            continue
        if source.path.startswith('src/base/text/') and source.path[4:] not in tree.read('src/base/text/all.def'):
            yield source.finding(1, 'texts', 'src/base/text/all.def does not include this file')
        begun = {match.start() for match in re.finditer(r'^TEXT\(', source.text, re.M)}
        for match in entry.finditer(source.text):
            begun.discard(match.start())
            line = line_of(source.text, match.start())
            name, english, japanese = match.group(1), c_literal(match.group(2)), c_literal(match.group(3))
            yield from (source.finding(line, 'texts', f'{name}: {what}') for what in text_faults(english, japanese))
            if name in seen:
                yield source.finding(line, 'texts', f'{name} is already in {seen[name]}')
            seen[name] = f'{source.path}:{line}'
        for offset in sorted(begun):
            yield source.finding(line_of(source.text, offset), 'texts', 'not of the form TEXT(ID, "English", "日本語")')


def text_faults(english, japanese):
    if bool(english) != bool(japanese):
        yield 'one language is empty'
    elif set(re.findall(r'\{\d\}', english)) != set(re.findall(r'\{\d\}', japanese)):
        yield 'the languages use different arguments'
    elif english == japanese and re.search(r'[a-z]{4}', english):
        yield 'the Japanese is the English'


def check_build(tree):
    """What the build does not list is never compiled, and a test that is not listed passes for ever."""
    fuzzers = set()
    for folder in layers(tree):
        listed = re.findall(r"'([^'\n]+)'", tree.read(f'src/{folder}/meson.build'))
        fuzzers.update(listed)
        for source in tree.in_src('.c', '.cpp'):
            name = source.path[len(f'src/{folder}/'):]
            if source.folder == folder and name not in listed:
                yield source.finding(1, 'build', f'src/{folder}/meson.build does not list {name}')
    for source in tree.of('.c'):
        target = re.fullmatch(r'fuzz/(\w+)\.c', source.path)
        if target and target.group(1) != 'main':
            if target.group(1) not in fuzzers:
                yield source.finding(1, 'build', 'no src/*/meson.build lists it among its fuzzers')
            if not any((tree.root / 'fuzz' / f'{target.group(1)}.in').glob('*')):
                yield source.finding(1, 'build', f'the corpus fuzz/{target.group(1)}.in/ is empty')


def check_exceptions(tree):
    for number, line in enumerate(tree.read('scripts/exceptions.txt').splitlines(), 1):
        if line.strip() and not line.startswith('#'):
            yield Finding('scripts/exceptions.txt', number, 'exceptions', 'this file stays empty: mend the code')


def check_format(tree):
    tool = shutil.which('clang-format-14') or shutil.which('clang-format')
    paths = [source.path for source in tree.of('.c', '.h', '.cpp')]
    if not paths:
        return
    if not tool:
        yield Finding(paths[0], 1, 'format', 'clang-format is not installed: scripts/setup')
        return

    def run(batch):
        return subprocess.run([tool, '--dry-run', '--Werror', *batch], cwd=tree.root, capture_output=True, text=True,
                              check=False).stderr
    with ThreadPoolExecutor(2) as pool:
        output = ''.join(pool.map(run, [paths[0::2], paths[1::2]]))
    first_line = {}
    for path, line in re.findall(r'^(\S+?):(\d+):\d+: error', output, re.M):
        first_line.setdefault(path, int(line))
    for path, line in first_line.items():
        yield Finding(path, line, 'format', f'run: clang-format -i {path}')


RULES = (check_size, check_whitespace, check_unfinished, check_layers, check_headers, check_folders, check_banned,
         check_doorways, check_markup, check_texts, check_build, check_exceptions, check_format)


def check(root):
    tree = Tree(Path(root).resolve())
    return sorted({finding for rule in RULES for finding in rule(tree)})


def main():
    findings = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
