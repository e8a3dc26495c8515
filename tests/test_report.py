"""What other programs make of the reports: a parser of HTML, a reader of CSV, one of JSON.

The reports are the golden files of src/report/report_test.c, which a unit test holds equal to what is written.
"""
import csv
import json
import re
from html.parser import HTMLParser

import pytest
from conftest import TOP

GOLDEN = TOP / 'src' / 'report' / 'golden'
PAGES = sorted(path.name for path in GOLDEN.glob('*.html'))
VOID = {'meta', 'br', 'hr', 'link', 'img', 'input', 'col'}
# What can act, fetch or send, in HTML or in SVG.
ACTIVE = {'script', 'iframe', 'object', 'embed', 'applet', 'base', 'form', 'link', 'audio', 'video', 'img', 'image',
          'use', 'foreignobject', 'animate', 'set', 'template', 'portal', 'frame', 'frameset', 'input', 'button'}
KEYS = {
    'source': 'type path sha256 format records undecoded first last note',
    'sign': 'type id kind time title level vector rule attack confidence incident records entities fields',
    'incident': 'type id raised first last title probability priority vectors attack entities signs sign_count why',
}


class Page(HTMLParser):
    """Fails on what does not nest; collects elements, ids, links and the text that a reader sees."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.text, self.ids, self.links = [], [], '', [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f'{tag} has an attribute twice'
        self.elements.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == 'id']
        self.links += [value for name, value in attrs if name == 'href']
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        raise AssertionError(f'<{tag}/>')

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != 'style':
            self.text += data

    def handle_comment(self, data):
        raise AssertionError(f'a comment: {data}')


@pytest.fixture(params=PAGES)
def page(request):
    return Page((GOLDEN / request.param).read_text(encoding='utf-8'))


def test_pages_nest_and_name_things_once(page):
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith('#') and link[1:] in page.ids for link in page.links)
    assert [tag for tag, _ in page.elements].count('h1') == 1


def test_pages_neither_act_nor_fetch(page):
    policy = [attrs['content'] for tag, attrs in page.elements if attrs.get('http-equiv') == 'Content-Security-Policy']
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    for tag, attrs in page.elements:
        assert tag not in ACTIVE
        for name, value in attrs.items():
            assert not name.startswith('on') and name not in ('src', 'style', 'srcset', 'action', 'xlink:href')
            assert name != 'http-equiv' or value == 'Content-Security-Policy'


@pytest.mark.parametrize('name', PAGES)
def test_style_fetches_nothing(name):
    style = re.search(r'<style>(.*?)</style>', (GOLDEN / name).read_text(encoding='utf-8'), re.S).group(1)
    assert 'url(' not in style and '@import' not in style and '@font-face' not in style


def test_pages_are_in_the_language_they_say():
    for name in PAGES:
        tag, attrs = Page((GOLDEN / name).read_text(encoding='utf-8')).elements[0]
        assert tag == 'html' and attrs['lang'] == name.split('.')[1]


def test_tables_say_what_their_columns_are(page):
    heads = sum(tag == 'thead' for tag, _ in page.elements)
    assert heads == sum(tag == 'table' for tag, _ in page.elements)
    assert all(attrs.get('scope') == 'col' for tag, attrs in page.elements if tag == 'th')


def test_attacks_are_shown_as_what_they_are():
    page = Page((GOLDEN / 'hostile.ja.html').read_text(encoding='utf-8'))
    for attack in ('<script>alert(1)</script>', '"><img src=x onerror=alert(1)> \' onmouseover=\'x',
                   '</details></table>]]>--><!-- &amp; &#60; &lt;b', '\\u{202e}gnp.exe'):
        assert attack in page.text
    assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]', page.text)


@pytest.mark.parametrize('name', ['rich', 'hostile'])
def test_csv_is_one_sign_a_row_and_runs_nothing(name):
    with open(GOLDEN / f'{name}.csv', encoding='utf-8', newline='') as file:
        head, *rows = csv.reader(file, strict=True)
    assert len(rows) == 50 and all(len(row) == len(head) for row in rows)
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'))


@pytest.mark.parametrize('name', ['rich', 'hostile'])
def test_json_lines_have_their_keys_in_order(name):
    items = [json.loads(line) for line in (GOLDEN / f'{name}.ndjson').read_text(encoding='utf-8').splitlines()]
    kinds = [item['type'] for item in items]
    assert kinds == sorted(kinds, key=list(KEYS).index)
    assert all(list(item) == KEYS[item['type']].split() for item in items)
    signs = {item['id']: item for item in items if item['type'] == 'sign'}
    for incident in (item for item in items if item['type'] == 'incident'):
        assert len(incident['signs']) == incident['sign_count'] == len(set(incident['signs']))
        assert all(signs[sign]['incident'] == incident['id'] for sign in incident['signs'])


@pytest.mark.parametrize('name', ['rich', 'hostile'])
def test_the_document_holds_what_the_lines_hold(name):
    document = json.loads((GOLDEN / f'{name}.json').read_text(encoding='utf-8'))
    lines = [json.loads(line) for line in (GOLDEN / f'{name}.ndjson').read_text(encoding='utf-8').splitlines()]
    assert document['sources'] + document['signs'] + document['incidents'] == lines
