import type { Proportion } from '../pairs/statistics/proportion';
import type { CleaningResult } from '../pairs/cleaning/cleaningResult';
import { pointsText } from '../pairs/cleaning/cleaningText';
import { table } from './table';

/** Whether cleaning pays, as text: the sentence, the accuracies, the differences, and how far to trust them. */
export function cleaningReport({ text, notes, arms, gains, held, seeds, steps }: CleaningResult): string {
  const accuracies = arms.map(({ name, rows, accuracy, clean, bySeed }) => [
    name,
    rows.toLocaleString('en'),
    shareText(accuracy),
    clean === null ? '' : shareText(clean),
    bySeed.map(percent).join(', '),
  ]);
  const differences = gains.map((one) => [
    `cleaned − ${one.over}`,
    one.on === 'all' ? 'all' : 'called clean',
    pointsText(one),
    one.p < 0.001 ? '< 0.001' : one.p.toFixed(3),
  ]);
  const runs = `${seeds} ${seeds === 1 ? 'run' : 'runs'} of ${steps} steps each, ${held.rows} held-out pairs`;
  if (arms.length === 0) return [text, '', ...notes].join('\n');
  return [
    text,
    '',
    `Held-out accuracy, % (95 %); ${runs}:`,
    table(
      [
        'rows',
        'count',
        'all held-out',
        held.clean === null ? 'called clean' : `called clean (${held.clean})`,
        'by seed',
      ],
      accuracies,
    ),
    ...(differences.length === 0 ? [] : ['', table(['difference', 'held-out', 'accuracy', 'p'], differences)]),
    '',
    ...notes,
  ].join('\n');
}

function shareText({ share, low, high }: Proportion): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
