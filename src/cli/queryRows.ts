import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { valueOf } from '../base/pure/outcome';
import { asQueried } from '../jsonl/node/search/asQueried';
import { patternLimit } from '../jsonl/node/search/patternLimit';
import { type ReadRow, readPairs } from '../jsonl/node/readPairs';
import type { FileComparison } from '../jsonl/node/compare/compareFiles';
import { changeTexts } from '../pairs/compare/changeKind';
import { identityOf } from '../jsonl/node/rowIdentity';
import { type Column, columnReader, type ColumnValue } from '../pairs/query/column';
import type { Condition } from '../pairs/query/condition';
import { predicateOf, type RowSource } from '../pairs/query/evaluate';
import { type SortKey, sortValueIn } from '../pairs/query/sortKey';
import { ignoredLabels } from '../pairs/query/labels';
import type { QueriedRow } from '../pairs/query/queriedRow';
import type { Problem } from '../pairs/problem';
import type { Reading } from '../pairs/reading';
import { rowProblems } from '../pairs/rowReport';
import { isPairLabel, numberOfField } from '../pairs/pairNumber';
import { marginOf, type RowIdentity, type RowReward, rewardsOf } from '../pairs/rowRewards';
import { type PairVerdict, type SuspectBook, verdictsOf, worstOf } from '../pairs/suspects/suspectBook';
import type { ScoredPairs } from '../run/pairNumbers/scoredPairs';
import type { RowTokens } from '../pairs/tokens/rowTokens';
import { nothingRelated, type RelatedProblems, relatedProblems } from './relatedProblems';

/** Rows that are asked together, with one clock for the patterns. */
const batchRows = 256;

/** A row that a query found. */
export interface FoundRow extends ReadRow {
  /** The number or text to sort by; null if the row has none, or nothing is sorted. */
  readonly sortValue: number | string | null;
}

export interface QueryOptions {
  readonly reading: Reading;
  readonly condition: Condition;
  /** Null to keep the order of the file. */
  readonly sort: SortKey | null;
  /** Whether the query asks for duplicates and contradictions, which only the whole file shows. */
  readonly ofWholeFile: boolean;
  /** How the rows differ from another file; null if the query does not ask. */
  readonly changes: FileComparison | null;
  /** With the numbers that the query asks for; null if no fields of rewards are asked for. */
  readonly rewards: ScoredPairs | null;
  /** Verdicts of a search for wrong labels; null if no field asks for them. */
  readonly suspects: SuspectBook | null;
  /** Computes the tokens that a trainer makes of rows, given as lines of JSON; null if the query does not need them. */
  readonly tokens: ((texts: readonly string[]) => Promise<readonly RowTokens[]>) | null;
}

/** The rows of a file that meet a condition, in the order of the file. */
export async function* foundRows(file: string, options: QueryOptions): AsyncGenerator<FoundRow> {
  const { reading, condition, sort, ofWholeFile, tokens } = options;
  const related = ofWholeFile ? await relatedProblems(file, reading) : nothingRelated;
  const asked = new AskedRow(related, options);
  const meets = predicateOf(condition, asked.source);
  const valueToSort = sort && sortValueIn(sort, asked.source);
  const limit = patternLimit();
  const look = ({ row, known }: { row: ReadRow; known: RowTokens | undefined }): FoundRow | null => {
    asked.set(row, known);
    return meets(row.row) === true ? { ...row, sortValue: valueToSort ? (valueToSort(row.row) ?? null) : null } : null;
  };
  for await (const rows of batches(readPairs(file, { reading }))) {
    // Outside of the time limit, which is for patterns.
    const known = tokens ? await tokens(rows.map(({ text }) => text)) : [];
    const items = rows.map((row, i) => ({ row, known: known[i] }));
    for (const [i, outcome] of limit.each(items, look).entries()) {
      if ('error' in outcome && outcome.error instanceof MarginError)
        throw new MarginError(outcome.error.code, `${file}:${at(rows, i).line}: ${outcome.error.message}`);
      const found = valueOf(outcome);
      if (found) yield found;
    }
  }
}

async function* batches(rows: AsyncIterable<ReadRow>): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  for await (const row of rows) {
    if (row.result.kind === 'blank') continue;
    batch.push(row);
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Answers a query about one row at a time. */
class AskedRow {
  private row: (ReadRow & QueriedRow) | null = null;

  constructor(
    private readonly related: RelatedProblems,
    private readonly options: Pick<QueryOptions, 'reading' | 'changes' | 'rewards' | 'suspects'>,
  ) {}

  set(row: ReadRow, tokens: RowTokens | undefined): void {
    const queried = asQueried(row.text, row.result, this.options.reading);
    this.row = { ...row, ...queried, ...(tokens ? { tokens: () => tokens } : {}) };
  }

  readonly source: RowSource = {
    fact: (field, side) => {
      switch (field) {
        case 'margin':
          return () => marginOf(this.rewardsHere);
        case 'reward':
          return () => this.rewardsHere[0]?.[side === 'rejected' ? side : 'chosen']?.reward ?? null;
        case 'suspect':
          return () => worstOf(this.verdictsHere)?.probability ?? null;
        case 'row':
          return () => this.asked.row + 1;
        case 'line':
          return () => this.asked.line;
        case 'problems':
          return () => {
            const { result, levels, ignoredIn: asked } = this.asked;
            return rowProblems(result, levels, asked).length + this.relatedHere.length;
          };
        default: {
          const name = must(numberOfField(field, side), `the number ${field}`);
          return () => this.scored((rewards, identity) => rewards.numberOf(identity, name), null);
        }
      }
    },
    factTexts: (field) => {
      if (isPairLabel(field)) return () => this.scored((rewards, identity) => rewards.textsOf(identity, field), []);
      if (field === 'problem') return () => this.relatedHere.map(({ code }) => code);
      if (field === 'ignored') return () => ignoredLabels(this.related.ignored.get(this.asked.row) ?? []);
      if (field === 'severity') return () => this.relatedHere.map(({ severity }) => severity);
      if (field === 'suspected') return () => verdictsOf(this.verdictsHere);
      if (field === 'changed')
        return () => changeTexts(must(this.options.changes, 'the changes').kindsOf(this.asked.row));
      throw new Error(`The command line does not know ${field}`);
    },
    number: (column) => this.read(column, (value) => value as number | null),
    labels: (column) => this.read(column, (value) => value as readonly string[]),
    match: (column) => this.read(column, (value) => value === true),
  };

  private get asked(): ReadRow & QueriedRow {
    return must(this.row, 'the row that is asked');
  }

  private get relatedHere(): readonly Problem[] {
    const problems = this.related.reported.get(this.asked.row);
    return problems === undefined ? [] : problems;
  }

  /** The rewards of each pair of the row. */
  private get rewardsHere(): readonly (RowReward | null)[] {
    const { rewards } = this.options;
    const identity = identityOf(this.asked.result);
    return identity === null || rewards === null ? [] : rewardsOf(identity, rewards);
  }

  private get verdictsHere(): readonly PairVerdict[] {
    const identity = identityOf(this.asked.result);
    return identity === null ? [] : must(this.options.suspects, 'the suspects').of(identity);
  }

  private scored<T>(ask: (rewards: ScoredPairs, identity: RowIdentity) => T, none: T): T {
    const { rewards } = this.options;
    const identity = identityOf(this.asked.result);
    return identity === null || rewards === null ? none : ask(rewards, identity);
  }

  private read<T>(column: Column, as: (value: ColumnValue) => T): () => T {
    const read = columnReader(column);
    return () => as(read(this.asked));
  }
}
