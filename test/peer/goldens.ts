import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

/** What TRL gave on the sample's own model, so that a clone without Python can check parity. */
export const goldenFolder = 'test/golden';

/** What record.py is asked for. */
export const recordRequest = (out: string): object => ({
  model: resolve('media/sample/model'),
  pairs: resolve('media/sample/heldout.jsonl'),
  out,
});

/** The recorded runs of a folder, by name. */
export const goldenNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
