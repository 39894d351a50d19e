import { type ChangeKind, changeTexts } from '../pairs/compare/changeKind';
import type { IgnoredProblem } from '../pairs/marks/ignore';
import type { Mark } from '../pairs/marks/mark';
import type { Problem } from '../pairs/problem';
import { isMarkField, markTexts } from '../pairs/query/markTexts';
import { ignoredLabels } from '../pairs/query/labels';
import type { RowSource } from '../pairs/query/evaluate';
import { isPairLabel, numberOfField, type PairLabel, type PairNumber } from '../pairs/pairNumber';
import { must } from '../base/pure/must';
import { type PairVerdict, verdictsOf, worstOf } from '../pairs/suspects/suspectBook';
import type { RowColumns } from './rowColumns';

/** What is known of the rows of a view without their text. */
export interface ViewFacts {
  readonly problemsAt: (row: number) => number;
  /** Problems that only the whole file shows. */
  readonly relatedAt: (row: number) => readonly Problem[];
  /** Those of them whose rule is ignored in the row. */
  readonly ignoredRelatedAt: (row: number) => readonly IgnoredProblem[];
  /** The margin of a row's reward; null if it has none. */
  readonly marginAt: (row: number) => number | null;
  readonly rewardAt: (row: number, side: 'chosen' | 'rejected') => number | null;
  /** Another number of the scored pair; null if it has none. */
  readonly numberAt: (row: number, name: PairNumber) => number | null;
  readonly labelsAt: (row: number, label: PairLabel) => readonly string[];
  /** What a search for wrong labels says of the pairs of a row. */
  readonly verdictsAt: (row: number) => readonly PairVerdict[];
  readonly isEdited: (row: number) => boolean;
  /** The mark to show for a row; null if it has none. */
  readonly markAt: (row: number) => Mark | null;
  /** When the file was last committed, in milliseconds since 1970; null if nobody asked. */
  readonly committedAt: () => number | null;
  /** How the row differs from the file that it is compared with. */
  readonly changesAt: (row: number) => readonly ChangeKind[];
}

const yes: readonly string[] = ['yes'];
const no: readonly string[] = ['no'];

/** Answers queries about the rows of a view. The columns must be in use. */
export function rowSource(facts: ViewFacts, columns: RowColumns): RowSource {
  return {
    fact: (field, side) => {
      switch (field) {
        case 'margin':
          return facts.marginAt;
        case 'reward':
          return (row) => facts.rewardAt(row, side === 'rejected' ? side : 'chosen');
        case 'suspect':
          return (row) => worstOf(facts.verdictsAt(row))?.probability ?? null;
        case 'row':
        case 'line':
          return (row) => row + 1;
        case 'problems':
          return facts.problemsAt;
        case 'strength':
          return (row) => facts.markAt(row)?.strength ?? null;
        default: {
          const name = must(numberOfField(field, side), `the number ${field}`);
          return (row) => facts.numberAt(row, name);
        }
      }
    },
    factTexts: (field) => {
      if (isPairLabel(field)) return (row) => facts.labelsAt(row, field);
      if (isMarkField(field)) return (row) => markTexts(field, facts.markAt(row), facts.committedAt());
      switch (field) {
        case 'suspected':
          return (row) => verdictsOf(facts.verdictsAt(row));
        case 'edited':
          return (row) => (facts.isEdited(row) ? yes : no);
        case 'changed':
          return (row) => changeTexts(facts.changesAt(row));
        case 'problem':
          return (row) => facts.relatedAt(row).map(({ code }) => code);
        case 'ignored':
          return (row) => ignoredLabels(facts.ignoredRelatedAt(row));
        case 'severity':
          return (row) => facts.relatedAt(row).map(({ severity }) => severity);
        default:
          throw new Error(`The editor does not know ${field}`);
      }
    },
    number: (column) => {
      const stored = columns.get(column);
      return (row) => stored.number(row);
    },
    labels: (column) => {
      const stored = columns.get(column);
      return (row) => stored.labels(row);
    },
    match: (column) => {
      const stored = columns.get(column);
      return (row) => stored.match(row);
    },
  };
}
