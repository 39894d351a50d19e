import type { Agreement, Estimate, PairAgreement } from '../pairs/agreement/agreement';
import type { RatedItem } from '../pairs/agreement/ratingTable';
import { agreementSentence, figureText } from '../pairs/agreement/agreementWords';
import type { ReviewerWork } from '../pairs/agreement/reviewerWork';
import { table } from './table';

/**
 * The agreement on a dimension as text: α, then the raw agreement, κ and confusion table of each pair of annotators.
 */
export function agreementText(dimension: string, agreement: Agreement): string {
  const { items, compared, disputed, alpha, pairs } = agreement;
  const figures = [
    ['Krippendorff’s α', alpha.nominal] as const,
    ...(alpha.ordinal ? [['… ordinal', alpha.ordinal] as const] : []),
  ];
  return [
    `${dimension}: ${agreementSentence(agreement)}`,
    `  ${counted(items)} labelled, ${counted(compared)} by two or more, ${counted(disputed)} disputed`,
    ...figures.map(figureLine),
    ...pairs.map((pair) => pairText(pair, agreement)),
    '',
  ].join('\n');
}

/** `FILE:LINE: DIMENSION: anna keep, ben swap` */
export function ratedLine(file: string, { line, dimension, labels, adjudicated }: RatedItem): string {
  const said = Object.entries(labels).map(([annotator, label]) => `${annotator} ${label}`);
  const decided = adjudicated === null ? '' : `; decided: ${adjudicated}`;
  return `${file}:${line}: ${dimension}: ${said.join(', ')}${decided}`;
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

/** How a reviewer worked: verdicts, pace, and how often the answer shown first was preferred. */
export function workLine({ annotator, verdicts, bias, pace }: ReviewerWork): string {
  const parts = [
    `${counted(verdicts)} ${verdicts === 1 ? 'verdict' : 'verdicts'}`,
    ...(pace === null ? [] : [`${pace.toFixed(1)} s a pair`]),
    bias === null
      ? 'no blind verdict for one answer'
      : `${percent(bias.share)} of ${counted(bias.verdicts)} blind verdicts for the answer shown first (${percent(bias.low)} to ${percent(bias.high)})`,
  ];
  return `${annotator}: ${parts.join(', ')}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function figureLine([name, figure]: readonly [string, Estimate]): string {
  const why = figure.value === null ? ', because all labels are the same or none is there twice' : '';
  return `  ${name}: ${figureText(figure)}${why}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
