import type { JudgeFigures } from '../../pairs/rounds/judgeFigures';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What is known of a judge, one fact a line. */
export function figuresText(figures: JudgeFigures): string {
  const { judge, decided, ranked, inOrders, flips, withPerson, first, longer } = figures;
  const lines = [`${judge}: ${decided} prompts judged, ${ranked} of them ranked`];
  if (inOrders > 0)
    lines.push(`  order: ${flips} of ${inOrders} questions got another answer in the other order, and count as ties`);
  if (first)
    lines.push(
      `  position: prefers the answer shown first in ${percent(first.share)} (${percent(first.low)} to ${percent(first.high)}) of ${first.count}; by chance ${percent(first.fair)}`,
    );
  if (longer)
    lines.push(
      `  length: prefers the longer answer in ${percent(longer.share)} (${percent(longer.low)} to ${percent(longer.high)}) of ${longer.count}`,
    );
  if (withPerson)
    lines.push(
      `  agrees with the person on ${percent(withPerson.agreement)} of ${withPerson.prompts} prompts, κ ${withPerson.kappa === null ? 'not defined' : withPerson.kappa.toFixed(2)}`,
    );
  return lines.join('\n');
}
