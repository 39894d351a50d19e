import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { columnsOf } from '../../../src/host/pairEditor/pageWork';
import { facetCounts } from '../../../src/editor/facetCounts';
import { RowColumns } from '../../../src/editor/rowColumns';
import type { ViewFacts } from '../../../src/editor/rowSource';
import { ShownRows } from '../../../src/editor/shownRows';
import { ColumnsHere } from '../../../src/jsonl/node/columns/pageColumns';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { detectAll } from '../../../src/pairs/reading';
import type { Facet, FacetsSoFar } from '../../../src/protocol/facets';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const rowCount = 50_000;
const facts: ViewFacts = {
  problemsAt: () => 0,
  relatedAt: () => [],
  ignoredRelatedAt: () => [],
  marginAt: () => null,
  rewardAt: () => null,
  numberAt: () => null,
  labelsAt: () => [],
  verdictsAt: () => [],
  isEdited: () => false,
  markAt: () => null,
  committedAt: () => null,
  changesAt: () => [],
};

it('values are counted with reports of the counts so far; a stop keeps what was computed', async () => {
  const file = join(temporaryFolder(), 'rows.jsonl');
  const row = (i: number): string => `{"prompt": "Q${i}?", "chosen": "a", "rejected": "b", "model": "m${i % 2}"}\n`;
  await writeFile(file, Array.from({ length: rowCount }, (_, i) => row(i)).join(''));
  const lines = await LinesDocument.open(file);
  await lines.whenIndexed();
  const columns = new RowColumns(lines, () => detectAll, columnsOf(lines, new ColumnsHere()));
  const rows = { shown: ShownRows.all(rowCount), columns, facts };
  const count = (report: (counts: FacetsSoFar) => void, signal?: AbortSignal): Promise<Facet[]> =>
    facetCounts(rows, ['model'], 9, signal, report);
  const end = new AbortController();
  const shares: number[] = [];
  const stopped = await count(({ facets, share }) => {
    const total = facets.flatMap(({ values }) => values).reduce((sum, value) => sum + value.count, 0);
    expect(total).toBe(Math.round(share * rowCount));
    shares.push(share);
    end.abort();
  }, end.signal).then(
    () => false,
    () => true,
  );
  // A fast machine may be done before the first report.
  expect(stopped).toBe(shares.some((share) => share < 1));
  expect(await count(() => undefined)).toEqual([
    { field: 'model', values: ['m0', 'm1'].map((value) => ({ value, count: rowCount / 2 })), more: 0 },
  ]);
  columns.close();
  await lines.close();
});
