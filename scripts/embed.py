#!/usr/bin/python3
"""Puts data files into the executable: writes the C table that names them and has the assembler include them.

Usage: embed.py ROOT TABLE DEPFILE PATTERN...

PATTERN is `folder/**/*.suffix` below ROOT. The depfile names every file and every folder searched, so that a changed
file, a new one and a removed one all rebuild. Rejected: xxd -i, which takes seconds where .incbin takes none.
"""
import sys
from hashlib import sha256
from pathlib import Path


def quoted(path):
    return str(path).replace('\\', '\\\\').replace('"', '\\"')


def find(root, patterns):
    """The files sorted by the bytes of their path, and what must be watched to notice a change of the list."""
    files, watched = set(), set()
    for pattern in patterns:
        folder = root / pattern.split('/*')[0]
        files.update(path for path in root.glob(pattern) if path.is_file())
        while not folder.is_dir():
            folder = folder.parent
        watched.update([folder, *(path for path in folder.rglob('*') if path.is_dir())] if folder != root else [root])
    return sorted(files, key=lambda path: path.relative_to(root).as_posix().encode()), sorted(watched)


def table(root, files):
    yield '/* Made by scripts/embed.py. */\n#include "base/embed_table.h"\n\n'
    for number, path in enumerate(files):
        # The hash makes this text differ when the file does: for ccache, and for builds that compare contents.
        lines = (f'# {sha256(path.read_bytes()).hexdigest()}', '.section .rodata', '.balign 16',
                 f'embed_data_{number}:', f'.incbin "{path}"', '.byte 0', '.previous')
        yield '__asm__(' + '\n    '.join(f'"{quoted(line)}\\n"' for line in lines) + ');\n'
        yield f'extern const char embed_data_{number}[] __attribute__((visibility("hidden")));\n'
    yield f'\nconst size_t embed_table_count = {len(files)};\nconst struct embed_file embed_table[] = {{\n'
    for number, path in enumerate(files):
        name = quoted(path.relative_to(root).as_posix())
        yield f'    {{"{name}", {{embed_data_{number}, {path.stat().st_size}}}}},\n'
    yield '    {NULL, {NULL, 0}},\n};\n'


def main(root, table_path, depfile, *patterns):
    files, watched = find(Path(root), patterns)
    Path(table_path).write_text(''.join(table(Path(root), files)), encoding='utf-8')
    names = ' '.join(str(path).replace(' ', '\\ ') for path in [*files, *watched])
    Path(depfile).write_text(f'{table_path}: {names}\n', encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
