import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fuzzLines } from './fuzzLines';
import { areWhole, killSaves, killsInWords } from './killSaves';
import { editAndSave, reload, startAndStop, steadyInWords, unsteady } from './steady';

const fuzzed = 1_000_000;
const parts = ['kills', 'fuzz', 'steady', 'cases'] as const;
/** Unit tests that take random cases: `caseCount` and `caseSeeds` of test/unit/cases. */
const randomTests = ['jsonl', 'model/headerFuzz', 'hostile/runFolder', 'train/killed'];

/**
 * `npm run soak [-- kills | fuzz | steady | cases] [SEED]`: tests that take too long for `npm test`. Kills saves of
 * a 20 MB and of a 1 GB file at random moments, reads, checks and writes a million mutated lines, looks for memory,
 * processes and files that much work leaves behind, and runs unit tests with ten times their random cases.
 */
async function main(argv: readonly string[]): Promise<boolean> {
  const only = parts.find((part) => argv.includes(part));
  const wanted = (part: (typeof parts)[number]): boolean => only === undefined || only === part;
  const seed = Number(argv.find((word) => /^\d+$/.test(word)) ?? Date.now() % 1_000_000);
  const ended = [
    wanted('kills') ? await kill(seed) : true,
    wanted('fuzz') ? fuzz(seed) : true,
    wanted('steady') ? await work(seed) : true,
    wanted('cases') ? moreCases() : true,
  ];
  return ended.every(Boolean);
}

async function kill(seed: number): Promise<boolean> {
  let isWhole = true;
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
  return isWhole;
}

function fuzz(seed: number): boolean {
  const { lines, json, usable, slowestMs, failures } = fuzzLines(fuzzed, seed);
  const kinds = `${json} JSON, ${usable} of them to train on`;
  console.log(`${lines} mutated lines (seed ${seed}): ${kinds}, the slowest took ${slowestMs.toFixed(0)} ms`);
  for (const failure of failures) console.log(failure);
  return failures.length === 0;
}

/** 100,000 edits, 1,000 saves, 200 runs, 50 reloads of the model. */
async function work(seed: number): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'margin-soak-'));
  try {
    let isSteady = true;
    for (const next of [
      () => editAndSave(folder, 100_000, 1000, seed),
      () => reload(join('media', 'sample', 'model'), 50),
      () => startAndStop(folder, 200, resolve('dist', 'trainer.js'), (done) => console.log(done)),
    ]) {
      const done = await next();
      const problems = unsteady(done);
      console.log([steadyInWords(done), ...problems].join('\n'));
      isSteady &&= problems.length === 0;
    }
    return isSteady;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function moreCases(): boolean {
  const vitest = resolve('node_modules/vitest/vitest.mjs');
  const files = randomTests.map((name) => `test/unit/${name}`);
  const env = { ...process.env, MARGIN_MORE: '10' };
  return (
    spawnSync(process.execPath, [vitest, 'run', '--testTimeout=3600000', ...files], { stdio: 'inherit', env })
      .status === 0
  );
}

// A process that runs out of work before main ends has not done all of it.
process.exitCode = 1;
main(process.argv.slice(2)).then(
  (isWhole) => (process.exitCode = isWhole ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
