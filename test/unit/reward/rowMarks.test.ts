import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { loadPairs } from '../../../src/reward/loadPairs';
import { rowRemarks } from '../../../src/reward/remarks';
import { RowMarks } from '../../../src/reward/rowMarks';
import { temporaryFolder } from '../run/temporaryFolder';

const at = '2026-11-29T12:00:00Z';
const row = (n: number, more: object = {}): object => ({
  prompt: `Say ${n}:`,
  chosen: ` good ${n}`,
  rejected: ` bad ${n}`,
  ...more,
});

/** A mark of the pair in a row. */
function mark(about: object, change: Partial<Mark>): string {
  const read = readPair(JSON.stringify(about), detectAll);
  if (read.kind !== 'pair') throw new Error('not a pair');
  return markLine({ ...newMark(pairKey(read.pair), 'ada'), at, ...change });
}

async function load(
  rows: readonly object[],
  marks: readonly string[],
): Promise<{ readonly seen: unknown[]; readonly says: string[] }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await writeFile(join(folder, 'rows.marks.jsonl'), marks.map((line) => `${line}\n`).join(''));
  const tokenizer = await openTokenizer('media/sample/model', 768);
  const loaded = await loadPairs(file, tokenizer, {
    reading: detectAll,
    maxLength: 64,
    weights: true,
    marks: await RowMarks.open(file),
  });
  const stored = await loaded.rows.read(Array.from({ length: loaded.rows.count }, (_, i) => i));
  await loaded.rows.close();
  const seen = stored.map(({ line, training: { chosen, weight = 1 } }) => [
    line,
    tokenizer.decode(chosen, false).trim(),
    weight,
  ]);
  const says = rowRemarks('rows.jsonl', loaded).map(({ severity, code, message }) =>
    [severity, code, message.replace(folder, '')].join(' '),
  );
  return { seen, says };
}

describe('the marks of a file that is loaded', () => {
  it('swap, leave out and weigh its pairs, and say which', async () => {
    const rows = [row(1), row(2), row(3), row(4), row(5, { weight: 3 }), row(6)];
    const { seen, says } = await load(rows, [
      mark(row(1), { verdict: 'swap', strength: 3 }),
      mark(row(2), { verdict: 'both_bad' }),
      mark(row(3), { verdict: 'tie' }),
      mark(row(4), { verdict: 'keep', strength: 1 }),
      mark(row(5), { verdict: 'keep' }),
    ]);
    expect(seen).toEqual([
      [1, 'bad 1', 1.5],
      [4, 'good 4', 0.5],
      [5, 'good 5', 3],
      [6, 'good 6', 1],
    ]);
    expect(says).toEqual([
      expect.stringMatching(/^info weighted 3 rows/),
      'info marks-swap 1 pair of rows.jsonl is swapped, as its mark says: line 1',
      'info marks-both-bad 1 pair of rows.jsonl is left out: its mark says that both answers are bad: line 2',
      'info marks-tie 1 pair of rows.jsonl is left out: its mark says that neither answer is better: line 3',
      'info marks-weight 2 pairs of rows.jsonl get their weights from the strength of their marks: lines 1, 4',
    ]);
  });

  it('leave a pair as it is if its reviewers disagree, or only flagged or skipped it', async () => {
    const { seen, says } = await load(
      [row(1), row(2), row(3)],
      [
        mark(row(1), { verdict: 'swap' }),
        mark(row(1), { verdict: 'keep', by: 'bea' }),
        mark(row(2), { flag: true }),
        mark(row(3), { skipped: true }),
      ],
    );
    expect(seen.map((one) => (one as unknown[])[1])).toEqual(['good 1', 'good 2', 'good 3']);
    expect(says).toEqual([
      'warning marks-disagree 1 pair of rows.jsonl stays as it is, because its reviewers disagree: line 1',
      'info marks-open 2 pairs of rows.jsonl were flagged or skipped without a verdict and stay as they are: lines 2, 3',
    ]);
  });

  it('take the mean strength of agreeing reviewers, and find a pair that was swapped since', async () => {
    const turned = row(1, { chosen: ' bad 1', rejected: ' good 1' });
    const { seen } = await load(
      [turned, row(2)],
      [
        mark(row(1), { verdict: 'keep' }),
        mark(row(2), { verdict: 'keep', strength: 3 }),
        mark(row(2), { verdict: 'keep', strength: 1, by: 'bea' }),
      ],
    );
    expect(seen).toEqual([
      [1, 'good 1', 1],
      [2, 'good 2', 1],
    ]);
  });

  it('say that no pair has a verdict, and name lines that cannot be read', async () => {
    const { says } = await load([row(1)], ['{"kind": "mark"', mark(row(9), { verdict: 'swap' })]);
    expect(says).toEqual([
      'error marks-damaged /rows.marks.jsonl, line 1 is not applied: it is not JSON; complete it or delete it',
      'warning no-marks No pair of rows.jsonl has a verdict in /rows.marks.jsonl',
    ]);
  });

  it('that leave nothing to train on are named in the error', async () => {
    await expect(load([row(1)], [mark(row(1), { verdict: 'tie' })])).rejects.toThrow(
      /holds no usable pair\. 1 are ties or have two bad answers, as their marks say/,
    );
  });
});
