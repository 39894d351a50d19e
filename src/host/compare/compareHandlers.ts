import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import { partChanges } from '../../pairs/compare/partChanges';
import { readRow } from '../../pairs/readRow';
import { rowAsJson } from '../../pairs/rowJson';
import { nothingIgnored } from '../../pairs/rowReport';
import { type ComparisonRequests, maxPartText, type RowChange } from '../../protocol/comparison';
import type { Overview, RowSummary } from '../../protocol/pairEditor';
import { eachRow } from '../../editor/eachRow';
import type { PairDocument } from '../pairEditor/pairDocument';
import { detailOf, type RowContext, summaryOf } from '../../editor/rowView';
import type { PairViewServices } from '../pairEditor/pairViewServices';
import type { Comparing, DocumentComparison } from './documentComparison';
import { restoring } from './restoreRow';

/** A page has at most this many rows. */
const maxPage = 200;
/** Most characters of a row that is compared part by part, which blocks the host's only thread. */
const maxCompared = 1_000_000;

export interface CompareParts {
  readonly document: PairDocument;
  readonly comparison: DocumentComparison;
  readonly overview: () => Overview;
  readonly services: Pick<PairViewServices, 'texts'>;
}

type CompareHandlers = {
  readonly [Name in keyof ComparisonRequests]: (
    params: ComparisonRequests[Name]['params'],
  ) => Promise<ComparisonRequests[Name]['result']>;
};

/** Answers what a view asks about the comparison of its document. */
export function compareHandlers({ document, comparison, overview, services }: CompareParts): CompareHandlers {
  const current = (): Comparing => must(comparison.current, 'the comparison');
  return {
    lost: async ({ from, count }) => {
      const { source, rows } = current();
      const lost = must(rows.result, 'the result of the comparison').lost;
      const page = Array.from(lost.subarray(from, from + Math.min(count, maxPage)));
      const summary = (row: number, line: string): RowSummary =>
        summaryOf(line, contextOf(row, source.document), () => []);
      return { rows: await eachRow(page, source.document.lines, summary) };
    },
    lostDetail: async ({ origin }) => {
      const { document: before } = current().source;
      return detailOf(await lineAt(before, origin), contextOf(origin, before), document.lines.revision, () => []);
    },
    restore: async ({ revision, restored }) => {
      await document.settled();
      const { edits, label, row } = await restoring(document.lines, current().rows, restored);
      if (!(await document.applyTogether(edits, label, revision)))
        throw new MarginError('rows-changed', 'The rows have changed meanwhile. Try again.', { revision });
      return { row, overview: overview() };
    },
    stopComparing: () => {
      comparison.stop();
      return Promise.resolve(overview());
    },
    diffInEditor: async ({ row }) => {
      const { source, rows } = current();
      const origin = must(rows.result?.originOf(row), 'the row before');
      const text = async (name: string, of: PairDocument, number: number): Promise<{ name: string; text: string }> => {
        const line = await lineAt(of, number);
        return { name: `${name}, row ${number + 1}.json`, text: rowAsJson(line) };
      };
      const name = vscode.workspace.asRelativePath(document.uri);
      await services.texts.compare(await text(source.name, source.document, origin), await text(name, document, row));
      return null;
    },
  };
}

/** How a row has changed; null if it has not. */
export async function changeOf(
  document: PairDocument,
  comparison: DocumentComparison,
  row: number,
  line: string,
): Promise<RowChange | null> {
  const { current } = comparison;
  const kinds = comparison.kindsOf(row);
  if (current === null || kinds.length === 0) return null;
  const origin = current.rows.result?.originOf(row) ?? null;
  if (origin === null) return { kinds, lineBefore: null, parts: [] };
  const lineBefore = origin + 1;
  if (!kinds.includes('edited')) return { kinds, lineBefore, parts: [] };
  const { document: before } = current.source;
  const was = await lineAt(before, origin);
  if (Math.max(was.length, line.length) > maxCompared) return { kinds, lineBefore, parts: [] };
  const parts = partChanges(
    { line: was, result: readRow(was, before.reading) },
    { line, result: readRow(line, document.reading) },
  );
  const cut = parts.map((part) => ({
    ...part,
    before: part.before.slice(0, maxPartText),
    after: part.after.slice(0, maxPartText),
  }));
  return { kinds, lineBefore, parts: cut };
}

async function lineAt({ lines }: PairDocument, row: number): Promise<string> {
  return at(await lines.lines(row, 1), 0);
}

function contextOf(row: number, { reading }: PairDocument): RowContext {
  return {
    row,
    reading,
    edited: false,
    related: [],
    ignoredRelated: [],
    ignoredIn: nothingIgnored,
    mark: null,
    change: [],
  };
}
