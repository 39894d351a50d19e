import type { HeldOutMeasure, RoundRecord, RoundsRecord, WinRate } from '../../run/rounds/types';
import { table } from '../table';

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const interval = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${percent(low)} to ${percent(high)}`;

/** A table of the base and its rounds: what each was trained on and measured by. */
export function lineOfRounds(record: RoundsRecord): string {
  const head = ['round', 'reference', 'held-out accuracy', 'wins against before', 'wins against base', 'guard'];
  const base = ['base', '', accuracy(record.base_measures?.heldOut), '', '', ''];
  return table(head, [base, ...record.rounds.map(rowOf)]);
}

function rowOf({ round, reference, run, measures }: RoundRecord): string[] {
  const guard = measures?.guard;
  return [
    String(round),
    run === null ? 'not trained' : reference,
    accuracy(measures?.heldOut),
    wins(measures?.winRate),
    wins(measures?.winRateBase),
    guard ? `${guard.before.toFixed(3)} → ${guard.after.toFixed(3)}` : '',
  ];
}

const accuracy = (measure: HeldOutMeasure | null | undefined): string =>
  measure ? `${percent(measure.accuracy)} (${interval(measure)})` : '';

const wins = (measure: WinRate | null | undefined): string =>
  measure ? `${percent(measure.rate)} (${interval(measure)}), ${measure.wins}:${measure.ties}:${measure.losses}` : '';
