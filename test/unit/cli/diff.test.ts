import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { line } from '../jsonl/compare/hashed';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const before = ['a', 'b', 'c', 'd'].map((name) => line(name));
const after = [line('new'), line('a', 'mended'), line('b', 'no b', 'yes b'), before[3]];
const git = (...argv: readonly string[]): void =>
  void execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...argv], { cwd: program.folder });

beforeAll(async () => {
  await writeFile(join(program.folder, 'old.jsonl'), before.join('\n'));
  await writeFile(join(program.folder, 'now.jsonl'), after.join('\n'));
});

describe('margin diff', () => {
  it('lists each row that differs, and counts them', async () => {
    const { code, out } = await program.runHere(['diff', 'now.jsonl', 'old.jsonl']);
    expect([code, out.trimEnd().split('\n')]).toEqual([
      0,
      [
        'added line 1',
        'edited line 2 (was line 1): chosen',
        'edited line 3 (was line 2): answers exchanged',
        'lost was line 3',
        '2 edited, 1 added, 0 moved, 1 lost',
      ],
    ]);
    expect((await program.runHere(['diff', 'now.jsonl', 'now.jsonl'])).out).toBe('The rows are the same.\n');
  });

  it('prints one object a change', async () => {
    const found = (await program.runHere(['diff', 'now.jsonl', 'old.jsonl', '--json'])).json();
    const place = { row: 2, line: 2, before_row: 1, before_line: 1 };
    expect(found).toHaveLength(5);
    expect(found[1]).toEqual({ change: ['edited'], ...place, parts: ['chosen'], swapped: false });
    expect(found[4]).toEqual({ counts: { added: 1, edited: 2, moved: 0, lost: 1 }, rows: 4, before_rows: 4 });
  });

  it('is what the filter changed: finds in a query', async () => {
    const query = ['query', 'now.jsonl', 'changed:edited -chosen:mended', '--against', 'old.jsonl'];
    expect((await program.runHere(query)).out).toBe(`${after[2]}\n`);
  });
});

describe('the last commit', () => {
  it('is what a file is compared with by default', async () => {
    mkdirSync(join(program.folder, 'sub'));
    const file = join(program.folder, 'sub', 'a [b].jsonl');
    await writeFile(file, `${before.join('\n')}\n`);
    expect(await program.runHere(['diff', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no git repository'),
    });
    git('init', '-q');
    expect(await program.runHere(['diff', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no commit yet'),
    });
    git('commit', '-q', '--allow-empty', '-m', 'none');
    expect(await program.runHere(['diff', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('not in the last commit'),
    });
    git('add', 'sub');
    git('commit', '-q', '-m', 'pairs');
    await writeFile(file, after.join('\n'));
    expect((await program.runHere(['diff', file])).out).toContain('2 edited, 1 added, 0 moved, 1 lost');
    expect((await program.runHere(['query', file, 'changed:yes', '--count'])).out).toBe('3\n');
  });

  it('cannot be read without git, and the message says so', async () => {
    vi.stubEnv('PATH', program.folder);
    const { code, err } = await program.runHere(['diff', 'now.jsonl']);
    expect([code, err]).toEqual([
      1,
      'margin diff: git was not found on this machine. Install it, or compare with another file.\n',
    ]);
  });
});
