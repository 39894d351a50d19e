import { expect } from 'vitest';
import { askPeer } from './peer';

interface Answer {
  readonly ids: readonly number[];
  readonly logps: readonly number[];
}
type Row = Readonly<Record<'chosen' | 'rejected', Answer>>;

export interface ScoredFiles {
  readonly model: string;
  readonly adapter: string | null;
  /** Pairs in chat form. */
  readonly file: string;
}

/** The largest difference per token between two correct float32 implementations. */
const usual = 5e-5;

/** Compares the lines of `margin score --per_token --json` with the log-probs of transformers and peft. */
export async function expectSameLogps(lines: readonly unknown[], scored: ScoredFiles, within = usual): Promise<void> {
  const ours = lines as readonly Row[];
  const theirs = (await askPeer('logprobs.py', scored)) as readonly Row[];
  expect(ours.map(idsOf)).toEqual(theirs.map(idsOf));
  let worst = 0;
  theirs.forEach((row, i) => {
    for (const side of ['chosen', 'rejected'] as const) {
      row[side].logps.forEach(
        (value, t) => (worst = Math.max(worst, Math.abs(value - (ours[i]?.[side].logps[t] ?? Number.NaN)))),
      );
    }
  });
  expect(worst).toBeLessThanOrEqual(within);
}

const idsOf = ({ chosen, rejected }: Row): readonly (readonly number[])[] => [chosen.ids, rejected.ids];
