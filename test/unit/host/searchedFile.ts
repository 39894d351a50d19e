import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { checksOf, columnsOf, wordsOf } from '../../../src/host/pairEditor/pageWork';
import { RowColumns } from '../../../src/editor/rowColumns';
import { RowScan } from '../../../src/editor/rowScan';
import { RowSearch, type SearchedRows } from '../../../src/editor/rowSearch';
import type { ShownRows } from '../../../src/editor/shownRows';
import { ColumnsHere } from '../../../src/jsonl/node/columns/pageColumns';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { SearchHere } from '../../../src/jsonl/node/search/pageSearch';
import { newMark } from '../../../src/pairs/marks/mark';
import { detectAll } from '../../../src/pairs/reading';
import type { RowTokens } from '../../../src/pairs/tokens/rowTokens';
import type { View } from '../../../src/protocol/pairEditor';
import { checksHere } from './checksHere';

const pages = new SearchHere();

/** A view of all rows in the order of the file. */
export const plainView: View = { filter: '', sort: 'row', descending: false, rewards: null, before: null };

/** A row with a pair, as a line. */
export function pairLine(question: string, chosen = 'Yes.', rejected = 'No.'): string {
  return JSON.stringify({ prompt: question, chosen, rejected });
}

/** A trainer that cuts rows after this many characters, and leaves out those of cats. */
export interface Trainer {
  most: number;
}

function tokenised(text: string, { most }: Trainer): RowTokens {
  return { length: text.length, lost: Math.max(0, text.length - most), dropped: text.includes('cat') ? 'tie' : null };
}

export interface SearchedFile {
  readonly lines: LinesDocument;
  readonly scan: RowScan;
  readonly columns: RowColumns;
  readonly searched: SearchedRows;
  readonly find: (part: Partial<View>) => Promise<ShownRows>;
}

/** Opens a file with these lines in a folder, as a view reads it; the row 2 has no margin, the row 1 has a mark. */
export async function searchedFile(
  folder: string,
  lines: readonly string[],
  trainer: Trainer = { most: 120 },
): Promise<SearchedFile> {
  const file = join(folder, 'prefs.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  const scan = new RowScan(
    document,
    () => detectAll,
    checksOf(document, checksHere),
    () => undefined,
    () => undefined,
  );
  await expect.poll(() => scan.isComplete).toBe(true);
  const marginAt = (row: number): number | null => (row === 2 ? null : (row % 5) - 2);
  // It takes two rows at a time.
  const tokens = {
    rows: async (texts: readonly string[]) => texts.slice(0, 2).map((text) => tokenised(text, trainer)),
  };
  const columns = new RowColumns(document, () => detectAll, columnsOf(document, new ColumnsHere()), tokens);
  const facts = {
    problemsAt: (row: number): number => scan.facts.problemsAt(row),
    relatedAt: () => [],
    ignoredRelatedAt: () => [],
    marginAt,
    rewardAt: () => null,
    numberAt: () => null,
    labelsAt: () => [],
    verdictsAt: () => [],
    isEdited: (row: number) => document.isEdited(row),
    committedAt: () => Date.parse('2026-01-01T00:00:00Z'),
    changesAt: (row: number) => (row === 2 ? (['edited', 'moved'] as const) : []),
    markAt: (row: number) =>
      row === 1
        ? {
            ...newMark('', ''),
            verdict: 'swap' as const,
            strength: 3 as const,
            tags: ['todo'],
            at: '2026-01-02T00:00:00Z',
          }
        : null,
  };
  const searched = {
    lines: document,
    words: wordsOf(document, pages),
    columns,
    facts,
    known: () => scan.known,
    changesKnown: () => true,
  };
  return {
    lines: document,
    scan,
    columns,
    searched,
    find: async (part) => {
      const search = new RowSearch({ ...plainView, ...part }, searched);
      await search.run(() => undefined, new AbortController().signal);
      return search.shown;
    },
  };
}
