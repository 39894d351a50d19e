import { at, must } from '../../base/pure/must';
import { type Proportion, proportion } from '../statistics/proportion';
import type { ArmName, ArmResult, CleaningGain, CleaningResult, CleaningVerdict } from './cleaningResult';
import { cleaningText, notesOf } from './cleaningText';
import { crossedMean } from './crossedMean';

/** What the runs on the same rows say of the held-out pairs. */
export interface Arm {
  readonly name: ArmName;
  readonly rows: number;
  readonly runs: readonly string[];
  /** [seeds][held-out pairs] the margins. */
  readonly margins: readonly Float64Array[];
}

export interface CleaningTrial extends Pick<CleaningResult, 'created' | 'train' | 'steps'> {
  /** Held-out pairs. */
  readonly held: number;
  /** All three, or none if less than {@link leastSuspected} is suspected. */
  readonly arms: readonly Arm[];
  /** [held-out pairs] 1 for those that are called clean; else why they are not told apart. */
  readonly clean: Uint8Array | string;
}

/**
 * Suspects of a smaller share are too few to matter: leaving out a sixth of the rows gained 3 points where wrong labels
 * cost much (test/bench/README.md). A single row changes a long run as much as another seed, so runs do not tell.
 */
export const leastSuspected = 0.01;
/** A gain of fewer points of accuracy is not worth the work of cleaning. */
export const leastGain = 0.02;
const significant = 0.05;
/** Fewer clean rows do not show a gain. */
const fewestClean = 20;

/**
 * Whether it pays to leave suspected rows out. It pays if the cleaned runs are right more often than those on all rows,
 * by the paired test, and than those without random rows, by their means: each of these lacks other rows, so their
 * interval is wide. It does not pay if a gain of {@link leastGain} is ruled out.
 *
 * The held-out labels are as wrong as the others: with a share r of wrong ones, a gain g shows as (1 − 2r)·g. So
 * the rows that are called clean are looked at too, and each of two looks has half the error.
 */
export function judgeCleaning(trial: CleaningTrial): CleaningResult {
  const { arms, created, train, steps, held: rows } = trial;
  const clean = cleanOf(trial.clean);
  const gains = gainsOf(arms, typeof clean === 'string' ? null : clean);
  const result = {
    train,
    held: { rows, clean: typeof clean === 'string' ? null : count(clean) },
    seeds: arms[0]?.margins.length ?? 0,
    steps,
    arms: arms.map((arm) => resultOf(arm, typeof clean === 'string' ? null : clean)),
    gains,
  };
  const won = wonOn(gains);
  const verdict = won === null ? lostVerdict(gains, train.noise.rate) : 'pays';
  return {
    version: 1,
    created,
    verdict,
    text: cleaningText(verdict, result, won ?? 'all', leastGain),
    notes: notesOf(result, typeof clean === 'string' ? clean : null),
    ...result,
  };
}

function cleanOf(clean: Uint8Array | string): Uint8Array | string {
  if (typeof clean === 'string' || count(clean) >= fewestClean) return clean;
  return `only ${count(clean)} held-out rows are called clean`;
}

/** The held-out rows on which the cleaned runs are better: all if it shows there, else the clean ones. Or null. */
function wonOn(gains: readonly CleaningGain[]): CleaningGain['on'] | null {
  const asIs = gains.filter(({ over }) => over === 'as-is');
  const won = asIs.find(
    ({ on, gain, p }) =>
      gain > 0 &&
      p < significant / asIs.length &&
      gains.some((other) => other.over === 'random' && other.on === on && other.gain > 0),
  );
  return won?.on ?? null;
}

/** Without any gain nothing was left out. */
function lostVerdict(gains: readonly CleaningGain[], noise: number): CleaningVerdict {
  const isRuledOut = gains
    .filter(({ over }) => over === 'as-is')
    .every(({ on, high }) => high < leastGain * (on === 'all' ? Math.max(0, 1 - 2 * noise) : 1));
  return isRuledOut ? 'does-not-pay' : 'cannot-be-told';
}

function gainsOf(arms: readonly Arm[], clean: Uint8Array | null): CleaningGain[] {
  const cleaned = armOf(arms, 'cleaned');
  if (!cleaned) return [];
  const parts = [{ on: 'all', of: null } as const, ...(clean ? [{ on: 'clean', of: clean } as const] : [])];
  return (['as-is', 'random'] as const).flatMap((over) => {
    const other = must(armOf(arms, over), `the runs ${over}`);
    return parts.map(({ on, of }): CleaningGain => {
      const theirs = rightOf(other, of);
      const differences = rightOf(cleaned, of).map((own, seed) =>
        own.map((right, row) => right - at(at(theirs, seed), row)),
      );
      const { mean: gain, low, high, p } = crossedMean(differences);
      return { over, on, gain, low, high, p };
    });
  });
}

function resultOf(arm: Arm, clean: Uint8Array | null): ArmResult {
  const { name, rows, runs } = arm;
  const right = rightOf(arm, null);
  const bySeed = right.map((own) => count(own) / own.length);
  return { name, rows, accuracy: shareOf(right), clean: clean && shareOf(rightOf(arm, clean)), bySeed, runs };
}

/**
 * The share over seeds and rows. Its interval is Wilson's for as many independent rows as have the same variance, so it
 * stays within 0 to 1.
 */
function shareOf(right: readonly Float64Array[]): Proportion {
  const { mean, variance } = crossedMean(right);
  const rows = at(right, 0).length;
  const spread = mean * (1 - mean);
  const independent = spread === 0 ? rows : Math.min(rows * right.length, Math.max(1, spread / variance));
  return proportion(mean * independent, independent);
}

/** [seeds][rows of `part`] 1 where the margin is above 0. A tie counts as wrong, as in TRL. */
function rightOf({ margins }: Arm, part: Uint8Array | null): Float64Array[] {
  return margins.map((own) => own.filter((_, row) => part === null || part[row] === 1).map((one) => (one > 0 ? 1 : 0)));
}

const armOf = (arms: readonly Arm[], name: ArmName): Arm | undefined => arms.find((arm) => arm.name === name);

function count(ones: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const one of ones) sum += one;
  return sum;
}
