import type { FoundSuspects, Suspect } from '../pairs/suspects/findSuspects';
import { noiseSentence, percent } from '../pairs/suspects/sentences';
import { table } from './table';

const shownRows = 40;

/** The suspects as text: the noise in a sentence, the rates of groups, and the rows by their probability. */
export function suspectsText({ rows, noise }: FoundSuspects): string {
  const suspects = rows.filter(({ verdict }) => verdict !== 'clean').sort((a, b) => b.probability - a.probability);
  const shown = suspects.slice(0, shownRows);
  return [
    noiseSentence(noise),
    ...(noise.groups.length === 0
      ? []
      : [
          '',
          table(
            ['column', 'value', 'rows', 'flipped', 'from', 'to'],
            noise.groups.map(({ column, value, rows: count, ...rate }) => [
              column,
              value,
              String(count),
              ...[rate.rate, rate.low, rate.high].map(percent),
            ]),
          ),
        ]),
    ...(shown.length === 0 ? [] : ['', table(['line', 'verdict', 'probability', 'margin', 'why'], shown.map(cells))]),
    ...(suspects.length > shown.length
      ? ['', `… and ${suspects.length - shown.length} more; --json prints a line for every row.`]
      : []),
  ].join('\n');
}

function cells({ line, verdict, probability, margin, reasons }: Suspect): string[] {
  return [String(line), verdict, probability.toFixed(2), margin.toFixed(2), reasons.join('; ')];
}
