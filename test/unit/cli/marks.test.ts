import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { type Ended, Program } from './program';

const program = new Program();
const rows = [0, 1, 2, 3].map((i) => JSON.stringify({ prompt: `p${i}`, chosen: `c${i}`, rejected: `r${i}` }));
const mark = (row: number, by: string, part: Partial<Mark>): string => {
  const key = pairKey(at(pairsIn(readPair(at(rows, row), detectAll)), 0));
  return markLine({ ...newMark(key, by), at: '2026-11-29T12:00:00Z', blind: true, first: 'chosen', ...part });
};
const marks = (...args: readonly string[]): Promise<Ended> => program.run(['marks', ...args]);

beforeAll(async () => {
  await writeFile(join(program.folder, 'a.jsonl'), `${rows.join('\n')}\n`);
  await writeFile(join(program.folder, 'none.jsonl'), `${rows.join('\n')}\n`);
  const lines = [
    mark(0, 'ann', { verdict: 'keep', tags: ['code'] }),
    mark(1, 'ann', { verdict: 'tie', flag: true }),
    mark(0, 'bob', { verdict: 'swap' }),
    '{"kind":"mark","key":"?"}',
    '{"kind":"vote"}',
  ];
  await writeFile(join(program.folder, 'a.marks.jsonl'), `${lines.join('\n')}\n`);
});

describe('margin marks', () => {
  it('counts the verdicts of each reviewer on the pairs of the file, and names damaged lines', async () => {
    const { code, out } = await marks('a.jsonl');
    expect(code).toBe(1);
    expect(out).toContain('2 of 4 pairs reviewed');
    expect(out).toMatch(/ann +1 +0 +1 +0 +0 +1 +2\nbob +0 +1 +0 +0 +0 +0 +3\n/);
    expect(out).toContain('tag code: 1 by ann');
    expect(out).toContain('ann: 1 of 1 blind verdicts for the answer shown first');
    expect(out).toContain('a.marks.jsonl:4: its "key" is not 16 hexadecimal digits');
    expect(out).toContain('1 record of a kind');
  });

  it('prints the same as JSON', async () => {
    expect((await marks('a.jsonl', '--json')).json()).toMatchObject([
      {
        pairs: 4,
        reviewed: 2,
        reviewed_since_commit: null,
        reviewers: [{ by: 'ann', tags: { code: 1 } }, { by: 'bob' }],
        edits: 0,
      },
    ]);
  });

  it('counts what was reviewed since the last commit of the file', async () => {
    const folder = join(program.folder, 'committed');
    await mkdir(folder);
    await writeFile(join(folder, 'b [1].jsonl'), `${rows.join('\n')}\n`);
    const lines = [mark(0, 'ann', { verdict: 'keep', at: '2026-01-01T00:00:00Z' }), mark(1, 'ann', { verdict: 'tie' })];
    const date = '2026-02-01T00:00:00Z';
    const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
    for (const argv of [
      ['init', '-q'],
      ['add', '.'],
      [...who, 'commit', '-qm', 'pairs'],
    ])
      execFileSync('git', argv, { cwd: folder, env });
    await writeFile(join(folder, 'b [1].marks.jsonl'), `${lines.join('\n')}\n`);
    expect((await marks('committed/b [1].jsonl')).out).toContain('2 of 4 pairs reviewed, 1 since the last commit');
  });

  it('says what to do if there are no marks, or the marks file itself is named', async () => {
    expect(await marks('none.jsonl')).toMatchObject({ code: 1, err: expect.stringContaining('none.marks.jsonl') });
    expect(await marks('a.marks.jsonl')).toMatchObject({ code: 2, err: expect.stringContaining('name the dataset') });
  });
});
