import type { Agreement, Estimate, PairAgreement } from '../pairs/agreement/agreement';
import type { Disagreement } from '../pairs/agreement/ratingTable';
import { table } from './table';

/** The agreement on a dimension as text: α, then the raw agreement, κ and confusion table of each two annotators. */
export function agreementText(dimension: string, agreement: Agreement): string {
  const { items, compared, disputed, alpha, pairs } = agreement;
  const figures = [
    ['Krippendorff’s α', alpha.nominal] as const,
    ...(alpha.ordinal ? [['… ordinal', alpha.ordinal] as const] : []),
  ];
  return [
    `${dimension}: ${counted(items)} labelled, ${counted(compared)} by two or more, ${counted(disputed)} disputed`,
    ...figures.map(figureLine),
    ...pairs.map((pair) => pairText(pair, agreement)),
    '',
  ].join('\n');
}

/** `FILE:LINE: DIMENSION: anna keep, ben swap` */
export function disagreementLine(file: string, { line, dimension, labels }: Disagreement): string {
  const said = Object.entries(labels).map(([annotator, label]) => `${annotator} ${label}`);
  return `${file}:${line}: ${dimension}: ${said.join(', ')}`;
}

function pairText(pair: PairAgreement, { labels }: Agreement): string {
  const { annotators, items, raw, kappa, linear, quadratic, confusion } = pair;
  const weighted = [
    ...(linear ? [['… linear weights', linear] as const] : []),
    ...(quadratic ? [['… quadratic weights', quadratic] as const] : []),
  ];
  const head = ['', ...labels.map((label) => `${label}`)];
  const rows = confusion.map((row, i) => [`${labels[i]}`, ...row.map(String)]);
  return [
    `${annotators.join(' and ')}: ${counted(items)} labelled by both`,
    ...[['the same label', raw] as const, ['Cohen’s κ', kappa] as const, ...weighted].map(figureLine),
    ...(items === 0 ? [] : [`  ${annotators[0]} in rows, ${annotators[1]} in columns:`, indented(table(head, rows))]),
  ].join('\n');
}

function figureLine([name, { value, interval }]: readonly [string, Estimate]): string {
  if (value === null) return `  ${name}: not defined, because all labels are the same or none is there twice`;
  const within = interval ? ` (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})` : '';
  return `  ${name}: ${value.toFixed(3)}${within}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
