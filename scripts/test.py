#!/usr/bin/python3
"""Builds hikeshi three times and runs every test, or those whose name contains FILTER. Called by ./test [FILTER].

    build             gcc as users get it: tests marked `release`, those that measure or read much
    build-gcc-asan    gcc with AddressSanitizer and UBSan: unit tests, replay of the fuzz corpora, end-to-end tests
    build-clang-asan  the same with clang

Two steps run at a time. Results are read from the JUnit files that meson and pytest write; whole logs stay in
build/test-logs. The last line is `N passed, N failed, N skipped`.
"""
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
LOGS = TOP / 'build' / 'test-logs'
SANITIZED = ['-Dwerror=true', '-Db_sanitize=address,undefined', '-Db_lundef=false', '-Dbreak_in=true']
BUILDS = {
    'build': ('gcc', 'g++', []),
    'build-gcc-asan': ('gcc', 'g++', SANITIZED),
    'build-clang-asan': ('clang-14', 'clang++-14', SANITIZED),
}
SANITIZERS = {
    'ASAN_OPTIONS': 'abort_on_error=0:detect_stack_use_after_return=1:strict_string_checks=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1:halt_on_error=1',
}
FAILURE_LINES_MAX = 60
BUILD_FAILURE_LINES_MAX = 80


class Case(NamedTuple):
    name: str
    outcome: str  # passed, failed, skipped
    output: str


def say(text=''):
    print(text, flush=True)


def logged(name, command, **environment):
    """Runs a command with its output in build/test-logs/NAME.log; gives status and text."""
    path = LOGS / f'{name}.log'
    with open(path, 'wb') as log:
        status = subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                env={**os.environ, **environment}, check=False).returncode
    return status, path.read_text(encoding='utf-8', errors='replace')


def build(folder):
    """Configures and compiles one build; a failure, or a warning in the release build, ends the run."""
    cc, cxx, options = BUILDS[folder]
    began = time.monotonic()
    if not (TOP / folder / 'build.ninja').is_file():
        status, text = logged(f'{folder}-setup', ['meson', 'setup', folder, *options], CC=cc, CXX=cxx)
        if status != 0:
            give_up(folder, text)
    targets = ['hikeshi'] if folder == 'build' else ['all']
    status, text = logged(f'{folder}-compile', ['ninja', '-C', folder, *targets])
    warned = ' warning: ' in text
    if warned:  # what is compiled is not compiled again: without this the next run would say nothing
        logged(f'{folder}-clean', ['ninja', '-C', folder, '-t', 'clean'])
    if status != 0 or warned:
        give_up(folder, text)
    say(f'{folder:28} built {time.monotonic() - began:31.1f} s')


def give_up(folder, text):
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if re.search('FAILED:| warning: ', line)), 0)
    say('\n'.join(lines[first:first + BUILD_FAILURE_LINES_MAX]))
    say(f'{folder} does not build without warnings; the whole log is in {LOGS.relative_to(TOP)}')
    say('0 passed, 1 failed, 0 skipped')
    sys.exit(1)


def meson_tests(folder, suite, words):
    """Runs the tests of a suite whose name contains a word; no word means all."""
    tests = json.loads((TOP / folder / 'meson-info' / 'intro-tests.json').read_text(encoding='utf-8'))
    names = [test['name'] for test in tests if f'hikeshi:{suite}' in test['suite'] or suite in test['suite']]
    names = [name for name in names if all(word in f'{suite} {name}' for word in words)]
    if not names:
        return []
    name = f'{folder} {suite}'
    status, text = logged(name.replace(' ', '-'), [
        'meson', 'test', '-C', folder, '--no-rebuild', '--num-processes', '1', '--print-errorlogs',
        '--logbase', f'{suite}', *names], **SANITIZERS)
    cases = junit_cases(TOP / folder / 'meson-logs' / f'{suite}.junit.xml')
    return settle(name, status, text, cases)


def pytest_tests(folder, marker, words):
    name = f'{folder} end to end' if folder != 'build' else 'build release'
    report = LOGS / f'{name.replace(" ", "-")}.xml'
    report.unlink(missing_ok=True)
    status, text = logged(name.replace(' ', '-'), [
        '/usr/bin/python3', '-s', '-B', '-m', 'pytest', '-p', 'no:cacheprovider', '-m', marker,
        '--tb=short', '-k', ' and '.join(words), '--junitxml', report, 'tests'],
        HIKESHI_BIN=str(TOP / folder / 'hikeshi'), **(SANITIZERS if folder != 'build' else {}))
    if status == 5:  # pytest: no test was selected
        return []
    return settle(name, status, text, junit_cases(report))


def junit_cases(report):
    if not report.is_file():
        return []
    cases = []
    for case in xml.etree.ElementTree.parse(report).iter('testcase'):
        where = case.get('classname') or ''
        faults = [child for child in case if child.tag in ('failure', 'error')]
        skipped = any(child.tag == 'skipped' for child in case)
        told = [*faults, *(child for child in case if child.tag in ('system-out', 'system-err'))]
        output = '\n'.join(f'{child.get("message") or ""}\n{child.text or ""}' for child in told)
        outcome = 'failed' if faults else 'skipped' if skipped else 'passed'
        cases.append(Case(f'{where} {case.get("name")}'.strip(), outcome, output))
    return cases


def settle(name, status, text, cases):
    """A runner that failed without a failed case counts as one failure."""
    if status != 0 and not any(case.outcome == 'failed' for case in cases):
        cases = [*cases, Case(f'exit status {status}', 'failed', text)]
    for case in cases:
        if case.outcome == 'failed':
            say(f'FAILED {name}: {case.name}')
            lines = (case.output.strip() or text).splitlines()
            say('\n'.join('    ' + line for line in lines[-FAILURE_LINES_MAX:]))
    return cases


def report_step(name, cases, began):
    words = ', '.join(f'{count} {outcome}' for outcome, count in count_outcomes(cases).items() if count)
    if cases:
        say(f'{name:28} {words:30} {time.monotonic() - began:6.1f} s')
    return cases


def count_outcomes(cases):
    return {outcome: sum(case.outcome == outcome for case in cases) for outcome in ('passed', 'failed', 'skipped')}


def step(name, run, *arguments):
    began = time.monotonic()
    return report_step(name, run(*arguments), began)


def run_all(words):
    """Two steps at a time, the long ones in the middle."""
    sanitized = list(BUILDS)[1:]
    steps = [('style', meson_tests, 'build', 'style', words)]
    steps += [(f'{folder} unit', meson_tests, folder, 'unit', words) for folder in sanitized]
    steps += [('release', pytest_tests, 'build', 'release', words)]
    steps += [(f'{folder} end to end', pytest_tests, folder, 'not release', words) for folder in sanitized]
    steps += [(f'{folder} fuzz', meson_tests, folder, 'fuzz', words) for folder in sanitized]
    with ThreadPoolExecutor(2) as pool:
        return [case for cases in pool.map(lambda each: step(*each), steps) for case in cases]


def main(words):
    began = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    for folder in BUILDS:
        build(folder)
    cases = run_all(words)
    counts = count_outcomes(cases)
    if not cases:
        say(f'no test is named {" ".join(words)}')
        counts['failed'] = 1
    say(f'{time.monotonic() - began:.0f} s; whole logs in {LOGS.relative_to(TOP)}')
    say(', '.join(f'{count} {outcome}' for outcome, count in counts.items()))
    return 1 if counts['failed'] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
