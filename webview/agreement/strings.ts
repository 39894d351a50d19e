import { at } from '../../src/base/pure/must';
import type { ReviewerWork } from '../../src/pairs/agreement/reviewerWork';
import type { Label } from '../../src/pairs/agreement/ratings';
import type { AgreementSource, DimensionAgreement, RatedPage, RatedQuery } from '../../src/protocol/agreement';
import { counted } from '../shared/format';

/** The texts of the view of agreement. */
export const strings = {
  title: 'Agreement',
  refresh: 'Refresh',
  refreshTitle: 'Read the labels again',
  reading: (rows: number): string => (rows === 0 ? 'Reading the labels…' : `${counted(rows)} rows read…`),
  sources: 'Whose labels to compare',
  kind: { marks: 'Marks files', column: 'Columns', model: 'Models' } satisfies Record<AgreementSource['kind'], string>,
  modelHelp: 'A model keeps a pair whose reward margin is positive, and swaps one whose margin is negative.',
  exclusive: 'Marks files and columns are compared one or the other.',
  dimensions: 'Dimensions',
  all: 'All annotators',
  figure: 'Figure',
  value: 'Value',
  interval: '95 % interval',
  items: 'Rows',
  alpha: 'Krippendorff’s α',
  ordinalAlpha: 'α, ordinal',
  raw: 'The same label',
  kappa: 'Cohen’s κ',
  linear: 'κ, linear weights',
  quadratic: 'κ, quadratic weights',
  notDefined: 'not defined',
  pair: (one: string, other: string): string => `${one} and ${other}`,
  both: (items: number): string => `${counted(items)} labelled by both`,
  confusion: (one: string, other: string): string => `Labels of ${one} in rows, of ${other} in columns`,
  cell: (one: string, other: string, [a, b]: readonly [Label, Label], count: number): string =>
    `${one} ${label(a)}, ${other} ${label(b)}: ${rows(count)}`,
  more: (count: number): string => `${counted(count)} more pairs of annotators: choose fewer annotators to see them.`,
  work: 'Reviewers',
  reviewer: 'Reviewer',
  verdicts: 'Verdicts',
  pace: 'Seconds a pair',
  first: 'For the answer shown first',
  firstHelp: 'Share of blind verdicts for one of the answers. The sides are shuffled, so 50 % is fair.',
  noBlind: 'no blind verdicts',
  bias: ({ bias }: ReviewerWork): string =>
    bias === null ? '' : bias.low > 0.5 ? 'prefers the first' : bias.high < 0.5 ? 'prefers the second' : 'no bias seen',
  list: 'Rows',
  listed: ({ dimension, cell }: RatedQuery, { total }: RatedPage): string =>
    cell === null
      ? `${rows(total)} of disagreement on ${dimension}`
      : `${rows(total)}: ${cell.annotators.map((name, i) => `${name} ${label(at(cell.labels, i))}`).join(', ')}`,
  decided: (count: number): string => `${counted(count)} decided`,
  showDisputed: 'Show all disagreements',
  adjudicate: (open: number): string => `Adjudicate ${counted(open)}`,
  adjudicateTitle: 'Review these rows, and decide each. Who said what is shown with the pair',
  noneOpen: 'Every row of this list is decided, or holds no single pair.',
  hint: 'Enter opens a row',
  noRows: 'No row is in this list.',
  announce: (dimension: string, sentence: string): string => `${dimension}: ${sentence}`,
  summary: ({ items, compared, disputed, adjudicated }: DimensionAgreement): string =>
    `${counted(items)} labelled · ${counted(compared)} by two or more · ${counted(disputed)} disputed` +
    (adjudicated === 0 ? '' : ` · ${counted(adjudicated)} of these decided`),
} as const;

/** A label as a person reads it. */
export function label(value: Label): string {
  return value === 'both_bad' ? 'both bad' : String(value);
}

/** `42 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${counted(count)} rows`;
}
