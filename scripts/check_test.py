"""The checker finds what it says it finds, and nothing in a tidy tree."""
import shutil
from pathlib import Path

import pytest

import check

SCRIPTS = Path(__file__).parent

FOLDER_HEADER = '''/* base: what others stand on.
 *
 * Takes nothing, gives slices. Runs in every role. May open nothing. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

int base_one(void);

#endif
'''
BASE = '/* Ones. */\n#include "base/base.h"\n\nint base_one(void)\n{\n    return 1;\n}\n'
TEXTS = '/* Texts. */\nTEXT(HELLO, "hello {1}", "こんにちは {1}")\n'
TIDY = {
    'src/LAYERS': '# low to high\nbase\nwire\n',
    'src/base/base.h': FOLDER_HEADER,
    'src/base/base.c': BASE,
    'src/base/banned.h': '/* Banned. */\n#ifndef BASE_BANNED_H\n#define BASE_BANNED_H\n'
                         'BANNED(strlen, "use a slice");\n#endif\n',
    'src/base/meson.build': "sources = [\n  'base.c',\n]\ntests = []\nfuzzers = []\n",
    'src/base/text/all.def': '/* All. */\n#include "base/text/base.def"\n',
    'src/base/text/base.def': TEXTS,
    'src/wire/wire.h': FOLDER_HEADER.replace('BASE', 'WIRE').replace('base', 'wire'),
    'src/wire/meson.build': "sources = [\n  'wire.c',\n]\ntests = []\nfuzzers = []\n",
    'src/wire/wire.c': BASE.replace('base', 'wire'),
}


def function_of(lines):
    return '/* Long. */\n#include "wire/wire.h"\n\nint wire_one(void)\n{\n' + '    ;\n' * (lines - 3) + '}\n'


def wire(body):
    return f'/* Wire. */\n#include "wire/wire.h"\n\nint wire_one(void)\n{{\n    {body}\n}}\n'


# what is changed in the tidy tree, and the one finding that must follow
CASES = {
    'function': ({'src/wire/wire.c': function_of(71)}, 'src/wire/wire.c:4: size: function wire_one has 71 lines'),
    'file': ({'src/wire/wire.c': BASE.replace('base', 'wire') + '/* */\n' * 1000}, 'src/wire/wire.c:1001: size: '),
    'header': ({'src/wire/wire.h': TIDY['src/wire/wire.h'] + '/* */\n' * 300}, 'src/wire/wire.h:301: size: '),
    'python function': ({'scripts/x.py': 'def f():\n' + '    f()\n' * 70}, 'scripts/x.py:1: size: function f has 71'),
    'shell function': ({'run': '#!/bin/sh\nf() {\n' + ':\n' * 70 + '}\n'}, 'run:2: size: function f has 72 lines'),
    'upward include': ({'src/base/base.c': BASE.replace('"base/base.h"', '"base/base.h"\n#include "wire/wire.h"')},
                       'src/base/base.c:3: layers: base may not include "wire/wire.h": wire is a higher layer'),
    'short include': ({'src/base/base.c': BASE.replace('"base/base.h"', '"base.h"')}, 'src/base/base.c:2: layers: '),
    'unknown folder': ({'src/new/new.h': FOLDER_HEADER.replace('BASE', 'NEW')},
                       'src/new/new.h:1: layers: src/LAYERS does not list the folder new'),
    'no header': ({'src/wire/x.c': '/* X. */\n', 'src/wire/meson.build': "sources = ['wire.c', 'x.c']\n"},
                  'src/wire/x.c:1: headers: src/wire/x.h is missing'),
    'no guard': ({'src/wire/x.h': '/* X. */\n'}, 'src/wire/x.h:1: headers: the include guard is WIRE_X_H'),
    'no design': ({'src/wire/wire.c': BASE.replace('base', 'wire')[len('/* Ones. */\n'):]},
                  'src/wire/wire.c:1: headers: the file does not begin with a comment'),
    'folder says nothing': ({'src/wire/wire.h': TIDY['src/wire/wire.h'].replace('May open nothing', 'Fine')},
                            'src/wire/wire.h:1: folders: the top comment does not say what the folder "may open"'),
    'banned': ({'src/wire/wire.c': wire('return strlen(x);')}, 'src/wire/wire.c:6: banned: strlen: use a slice'),
    'doorway': ({'src/wire/wire.c': wire('return socket(1, 2, 3);')}, 'src/wire/wire.c:6: doorways: socket: '),
    'markup': ({'src/LAYERS': 'base\nwire\nreport\n', 'src/report/report.h':
                TIDY['src/wire/wire.h'].replace('WIRE', 'REPORT').replace('wire', 'report')[:-7]
                + '#define R "<td class=x>"\n#endif\n'}, 'src/report/report.h:9: markup: '),
    'unfinished': ({'src/wire/wire.c': wire('return 1; /* TO' 'DO */')}, 'src/wire/wire.c:6: unfinished: TO' 'DO'),
    'tab': ({'scripts/x.py': 'x = "\t"\n'}, 'scripts/x.py:1: whitespace: a tab'),
    'one language': ({'src/base/text/base.def': TEXTS.replace('"こんにちは {1}"', '""')},
                     'src/base/text/base.def:2: texts: HELLO: one language is empty'),
    'arguments': ({'src/base/text/base.def': TEXTS.replace('は {1}', 'は')},
                  'src/base/text/base.def:2: texts: HELLO: the languages use different arguments'),
    'not translated': ({'src/base/text/base.def': TEXTS.replace('こんにちは', 'hello')},
                       'src/base/text/base.def:2: texts: HELLO: the Japanese is the English'),
    'text twice': ({'src/base/text/base.def': TEXTS + TEXTS[len('/* Texts. */\n'):]},
                   'src/base/text/base.def:3: texts: HELLO is already in src/base/text/base.def:2'),
    'text without end': ({'src/base/text/base.def': TEXTS + 'TEXT(BYE, "bye")\n'},
                         'src/base/text/base.def:3: texts: not of the form'),
    'texts not included': ({'src/base/text/x.def': '/* X. */\n'}, 'src/base/text/x.def:1: texts: src/base/text/'),
    'not built': ({'src/wire/wire_test.c': '/* T. */\n'}, 'src/wire/wire_test.c:1: build: src/wire/meson'),
    'fuzzer not built': ({'fuzz/x.c': '/* X. */\n', 'fuzz/x.in/1': ''}, 'fuzz/x.c:1: build: no src/*/meson.build'),
    'no corpus': ({'fuzz/x.c': '/* X. */\n', 'src/wire/meson.build': "sources = ['wire.c']\nfuzzers = ['x']\n"},
                  'fuzz/x.c:1: build: the corpus fuzz/x.in/ is empty'),
    'exception': ({'scripts/exceptions.txt': '# none\nsrc/x.c size\n'}, 'scripts/exceptions.txt:2: exceptions: '),
    'format': ({'src/wire/wire.c': wire('return  1;')}, 'src/wire/wire.c:6: format: run: clang-format -i'),
}


def findings(root, files):
    shutil.copy(SCRIPTS.parent / '.clang-format', root)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    return [str(finding) for finding in check.check(root)]


def test_tidy_tree_has_no_findings(tmp_path):
    assert findings(tmp_path, TIDY) == []


@pytest.mark.parametrize('name', CASES)
def test_finds(tmp_path, name):
    change, want = CASES[name]
    found = findings(tmp_path, {**TIDY, **change})
    assert len(found) == 1 and found[0].startswith(want), found


def test_comments_and_literals_are_no_code(tmp_path):
    body = 'return 1; /* strlen(x) */ // socket()\n    static const char x[] = "open(\\"a\\")";'
    found = findings(tmp_path, {**TIDY, 'src/wire/wire.c': wire(body)})
    assert [line for line in found if 'format' not in line] == []
