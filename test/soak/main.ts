import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzLines } from './fuzzLines';
import { areWhole, killSaves, killsInWords } from './killSaves';

const fuzzed = 1_000_000;

/**
 * `npm run soak [-- kills | fuzz] [SEED]`: what takes too long for `npm test`. Kills saves of a 20 MB and of a 1 GB
 * file at random moments, and takes a million mutated lines through reading, checking and writing.
 */
async function main(argv: readonly string[]): Promise<boolean> {
  const only = argv.find((word) => word === 'kills' || word === 'fuzz');
  const seed = Number(argv.find((word) => /^\d+$/.test(word)) ?? Date.now() % 1_000_000);
  let isWhole = true;
  if (only !== 'fuzz')
    for (const [layout, bytes, rounds] of [
      ['lines', 20e6, 1000],
      ['array', 20e6, 200],
      ['lines', 1e9, 20],
    ] as const) {
      const folder = await mkdtemp(join(tmpdir(), 'margin-soak-'));
      try {
        const plan = { folder, layout, bytes, rounds, seed };
        const result = await killSaves(plan);
        console.log([killsInWords(plan, result), ...result.torn].join('\n'));
        isWhole &&= areWhole(result);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  if (only === 'kills') return isWhole;
  const { lines, json, usable, slowestMs, failures } = fuzzLines(fuzzed, seed);
  const kinds = `${json} JSON, ${usable} of them to train on`;
  console.log(`${lines} mutated lines (seed ${seed}): ${kinds}, the slowest took ${slowestMs.toFixed(0)} ms`);
  for (const failure of failures) console.log(failure);
  return isWhole && failures.length === 0;
}

main(process.argv.slice(2)).then(
  (isWhole) => (process.exitCode = isWhole ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
