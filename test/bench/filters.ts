import type { RowScan } from '../../src/editor/rowScan';
import type { RowColumns } from '../../src/editor/rowColumns';
import { facetCounts } from '../../src/editor/facetCounts';
import type { ViewFacts } from '../../src/editor/rowSource';
import { ShownRows } from '../../src/editor/shownRows';
import { RowSearch } from '../../src/editor/rowSearch';
import { wordsOf } from '../../src/host/pairEditor/pageWork';
import type { LinesDocument } from '../../src/jsonl/node/document';
import type { PageSearch } from '../../src/jsonl/node/search/pageSearch';
import { median, timed } from './timed';

/** The parts that all searches of a file need. */
export interface Searcher {
  readonly lines: LinesDocument;
  readonly pages: PageSearch;
  readonly columns: RowColumns;
  readonly scan: RowScan;
}

export async function searched({ lines, pages, columns, scan }: Searcher, filter: string, sort = 'row'): Promise<void> {
  const view = { filter, sort, descending: false, rewards: null, before: null };
  const facts = factsOf({ lines, scan });
  const rows = {
    lines,
    words: wordsOf(lines, pages),
    columns,
    facts,
    known: () => scan.known,
    changesKnown: () => true,
  };
  await new RowSearch(view, rows).run(() => undefined, new AbortController().signal);
}

/** What is known of rows that nobody has scored or marked. */
export function factsOf({ lines, scan }: Pick<Searcher, 'lines' | 'scan'>): ViewFacts {
  return {
    problemsAt: (row) => scan.facts.problemsAt(row),
    relatedAt: () => [],
    ignoredRelatedAt: () => [],
    marginAt: () => null,
    rewardAt: () => null,
    numberAt: () => null,
    labelsAt: () => [],
    verdictsAt: () => [],
    isEdited: (row) => lines.isEdited(row),
    markAt: () => null,
    changesAt: () => [],
    committedAt: () => null,
  };
}

/** Lines of the table: filters on what is known of rows, and on what is computed from them. */
export async function filtered(searcher: Searcher): Promise<[string, string][]> {
  const problems = await timed(() => searched(searcher, 'problem'));
  const computed = 'len(chosen)>2*len(rejected) turns>1';
  const once = await timed(() => searched(searcher, computed));
  const again = await median(() => timed(() => searched(searcher, computed)));
  const sorted = await median(() => timed(() => searched(searcher, '', 'len(chosen)')));
  const facets = (): Promise<unknown> => {
    const counted = {
      shown: ShownRows.all(searcher.lines.rowCount),
      columns: searcher.columns,
      facts: factsOf(searcher),
    };
    return facetCounts(counted, ['problem', 'model', 'verdict'], 20);
  };
  const facetsOnce = await timed(facets);
  const facetsAgain = await median(() => timed(facets));
  return [
    [
      'values of problem, model and verdict counted, s; again, ms',
      `${(facetsOnce / 1000).toFixed(1)}; ${facetsAgain.toFixed(0)}`,
    ],
    ['rows with problems, ms', problems.toFixed(0)],
    ['a filter on computed lengths and turns, s; again, ms', `${(once / 1000).toFixed(1)}; ${again.toFixed(0)}`],
    ['all rows sorted by a computed length, ms', sorted.toFixed(0)],
  ];
}
