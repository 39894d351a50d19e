import { withMinus } from '../../base/pure/withMinus';
import type { Evidence } from './evidence';
import type { Verdict } from './verdict';
import type { RowSignals } from './signals';

/** Differences of the base model's mean log-prob, in nats a token, from which a reason names them. */
const toldGap = 0.5;

/**
 * Why a row has its verdict, in words, the weightiest first; none for a row whose signals all agree with its label.
 *
 * @param against lines of rows that prefer the other of the same two answers
 */
export function reasonsFor(
  { baseGap, scoreGap }: RowSignals,
  { mean, spread, below, measured, runsDisagree }: Evidence,
  verdict: Verdict,
  against: readonly number[],
): readonly string[] {
  const reasons: string[] = [];
  if (below > 0) {
    const over = measured === 1 ? '' : `, spread ${spread.toFixed(2)}`;
    const where = measured === 1 ? 'below 0' : `below 0 in ${below} of ${measured} measurements`;
    reasons.push(`the margin is ${where} (mean ${withMinus(mean, 2)} typical margins${over})`);
  }
  if (against.length > 0)
    reasons.push(
      `${against.length === 1 ? 'line' : 'lines'} ${listed(against)} ${against.length === 1 ? 'has' : 'have'} the same answers and ${against.length === 1 ? 'prefers' : 'prefer'} the other one`,
    );
  if (scoreGap !== null && scoreGap < 0)
    reasons.push(`the score of the rejected answer is higher by ${number(-scoreGap)}`);
  if (scoreGap === 0) reasons.push('both answers have the same score');
  if (runsDisagree) reasons.push('runs with different seeds differ in the sign of the margin');
  if (verdict === 'tie') reasons.push('the margin is close to 0');
  if (verdict !== 'clean' && baseGap < -toldGap)
    reasons.push(
      `the model before training finds the rejected answer likelier (${(-baseGap).toFixed(2)} nats a token)`,
    );
  return reasons;
}

function listed(lines: readonly number[]): string {
  const shown = lines.slice(0, 3).join(', ');
  return lines.length > 3 ? `${shown} and ${lines.length - 3} more` : shown;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
