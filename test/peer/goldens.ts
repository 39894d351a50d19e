import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

/** TRL's recorded trajectories on the sample's model: a clone without Python compares with them. */
export const goldenFolder = 'test/golden';

/** The request to record.py. */
export const recordRequest = (out: string): object => ({
  model: resolve('media/sample/model'),
  pairs: resolve('media/sample/heldout.jsonl'),
  out,
});

/** Names of the recorded runs in a folder. */
export const goldenNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
