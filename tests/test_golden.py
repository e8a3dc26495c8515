"""Golden cases: each folder tests/golden/NAME is one run of the program and what it must print.

    arguments     one line, as typed in a shell; run inside the case's folder, so paths are relative to it
    want.out      standard output, byte for byte
    want.err      standard error, byte for byte (where the case is about it)
    want.status   exit status, 0 where the file is absent

HIKESHI_GOLDEN=write writes what is printed now into the files that are there: read the difference before committing it.
"""
import os
import shlex

import pytest
from conftest import TOP

CASES = sorted(path.parent for path in (TOP / 'tests' / 'golden').glob('*/arguments'))


def want(path, got):
    if os.environ.get('HIKESHI_GOLDEN') == 'write':
        path.write_text(got, encoding='utf-8', errors='surrogateescape')
    return path.read_text(encoding='utf-8', errors='surrogateescape')


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.name)
def test_golden(case, hikeshi):
    arguments = shlex.split((case / 'arguments').read_text(encoding='utf-8'))
    status_file = case / 'want.status'
    status = int(status_file.read_text(encoding='utf-8')) if status_file.exists() else 0
    process = hikeshi(*arguments, status=status, cwd=case)
    assert process.stdout == want(case / 'want.out', process.stdout)
    if (case / 'want.err').exists():
        assert process.stderr == want(case / 'want.err', process.stderr)
