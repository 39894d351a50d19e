import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { columnsOf } from '../../../src/host/pairEditor/pageWork';
import { countTokens } from '../../../src/host/tokens/countTokens';
import { RowColumns } from '../../../src/editor/rowColumns';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { ColumnsHere } from '../../../src/jsonl/node/columns/pageColumns';
import { detectAll } from '../../../src/pairs/reading';
import type { RowTokens } from '../../../src/pairs/tokens/rowTokens';
import { temporaryFolder } from '../run/temporaryFolder';

/** A trainer that cuts long rows, leaves out those of cats, and takes two rows at a time. */
const tokens = {
  rows: async (texts: readonly string[]): Promise<RowTokens[]> =>
    texts.slice(0, 2).map(({ length }, i) => ({
      length,
      lost: Math.max(0, length - 100),
      dropped: texts[i]?.includes('cat') ? 'tie' : null,
    })),
};

it('counts the rows that a trainer cuts or leaves out, with progress, until it is cancelled', async () => {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  const rows = ['"A cat?"', '{"oops"', `"${'long '.repeat(40)}"`, ...Array.from({ length: 600 }, (_, i) => `"${i}"`)];
  await writeFile(file, `${rows.join('\n')}\n`);
  const lines = await LinesDocument.open(file);
  const columns = new RowColumns(lines, () => detectAll, columnsOf(lines, new ColumnsHere()), tokens);
  const shares: number[] = [];
  const { signal } = new AbortController();
  expect(await countTokens(lines, columns, (share) => shares.push(share), signal)).toEqual({
    rows: 603,
    cut: 1,
    dropped: [['tie', 1]],
  });
  expect(shares.at(-1)).toBe(1);
  expect(shares.length).toBeGreaterThan(2);
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(countTokens(lines, columns, () => undefined, stopped)).rejects.toThrow('stopped');
  columns.close();
  await lines.close();
});
