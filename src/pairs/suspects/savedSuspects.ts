import { isRecord } from '../../base/pure/isRecord';
import type { GroupRate } from './groupRates';
import type { Noise, Suspect } from './findSuspects';
import type { Rate } from './flipOdds';
import { type Verdict, verdicts } from './verdict';
import type { Measurement } from './signals';

/** A measurement of a saved search. Size and time of its file show whether it was measured again since. */
export interface SavedMeasurement extends Measurement {
  /** The file of rewards. */
  readonly file: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
}

/** The last line of a search: what was found over all pairs. */
export interface SuspectsSummary {
  readonly noise: Noise;
  readonly measurements: readonly SavedMeasurement[];
  readonly unscored: { readonly count: number };
  readonly others: number;
}

/** The suspect of a line of a saved search, or its last line; null if the line is neither. */
export function savedLine(value: Readonly<Record<string, unknown>>): Suspect | SuspectsSummary | null {
  if (isSuspect(value) || isSummary(value)) return value;
  return null;
}

function isSuspect(value: Partial<Record<keyof Suspect, unknown>>): value is Suspect & typeof value {
  const { row, line, key, verdict, probability, margin, reasons, spread, margins } = value;
  return (
    [row, line, probability, margin, spread].every(Number.isFinite) &&
    typeof key === 'string' &&
    isVerdict(verdict) &&
    isListOf(reasons, (reason) => typeof reason === 'string') &&
    isListOf(margins, (one) => one === null || Number.isFinite(one))
  );
}

function isSummary(value: Partial<Record<keyof SuspectsSummary, unknown>>): value is SuspectsSummary & typeof value {
  const { noise, measurements, unscored, others } = value;
  return (
    isNoise(noise) &&
    isListOf(measurements, isMeasurement) &&
    isRecord(unscored) &&
    Number.isFinite(unscored['count']) &&
    Number.isFinite(others)
  );
}

function isNoise(value: unknown): boolean {
  if (!isRate(value)) return false;
  const { rows, flipped, ties, groups }: Partial<Record<keyof Noise, unknown>> = value;
  return [rows, flipped, ties].every(Number.isFinite) && isListOf(groups, isGroup);
}

function isGroup(value: unknown): boolean {
  if (!isRate(value)) return false;
  const { column, value: own, rows }: Partial<Record<keyof GroupRate, unknown>> = value;
  return typeof column === 'string' && typeof own === 'string' && Number.isFinite(rows);
}

function isRate(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const { rate, low, high }: Partial<Record<keyof Rate, unknown>> = value;
  return [rate, low, high].every(Number.isFinite);
}

function isMeasurement(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { run, step, file, size, mtime }: Partial<Record<keyof SavedMeasurement, unknown>> = value;
  const isStep = step === null || Number.isFinite(step);
  return typeof run === 'string' && isStep && typeof file === 'string' && [size, mtime].every(Number.isFinite);
}

function isVerdict(value: unknown): value is Verdict {
  return verdicts.some((verdict) => verdict === value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
