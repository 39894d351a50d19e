import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readEnd } from '../../../src/base/node/smallFile';
import { MarginError } from '../../../src/base/pure/marginError';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { eachReward, noSlices } from '../../../src/run/rewardColumns/eachReward';
import { joinRewards, rewardChoices } from '../../../src/host/pairEditor/node/rewards';
import { RunRewards } from '../../../src/host/runPanel/rewards/runRewards';
import { verifyCheckpoint, writeChecksums } from '../../../src/model/checksums';
import { CurveStore } from '../../../src/run/curves';
import { EventWriter, lastTrainMetrics, readAllEvents } from '../../../src/run/events';
import { findRuns, readRun } from '../../../src/run/find';
import { createRunFolder, readControl, runPaths, writeControl, writeState } from '../../../src/run/folder';
import { startRun } from '../../../src/run/start';
import { runConfig, runState, trainEvent } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';
import { caseCount } from '../cases';

const seed = Number(process.env.MARGIN_SEED ?? Date.now() % 1e6);
const damages = caseCount(15);
/** A damaged file is larger than every limit except that of all events, which only a resume reads at once. */
const sparseBytes = 3e9;
/** The most bytes that listing a run may read: the sum of the limits of all small files. */
const maxRead = 64 << 20;

type Random = () => number;

/** A folder as a run leaves it, except for real weights. */
async function stoppedRun(): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  const writer = new EventWriter(folder);
  for (let step = 1; step <= 20; step++) writer.append(trainEvent(step, { loss: 1 / step, 'rewards/margins': step }));
  writer.append({ t: 2000, step: 20, kind: 'checkpoint', path: runPaths.checkpoint(folder, 20) });
  writer.close();
  writeState(folder, runState({ status: 'stopped', step: 20, steps: 40 }));
  await writeControl(folder, { want: 'stop' });
  await writeFile(runPaths.log(folder), 'It trained.\n');
  const side = { logp: -1, ref_logp: -1, reward: 0, tokens: 3 };
  const reward = (row: number): string =>
    JSON.stringify({ row, line: row + 1, key: `key ${row}`, chosen: side, rejected: side, margin: row });
  for (const step of [0, 20]) await writeFile(runPaths.rewards(folder, step), `${[0, 1, 2].map(reward).join('\n')}\n`);
  const checkpoint = runPaths.checkpoint(folder, 20);
  await mkdir(checkpoint);
  await writeFile(join(checkpoint, 'trainer.json'), '{"step": 20}');
  await writeChecksums(checkpoint);
  return folder;
}

const smallFiles = (folder: string): string[] => [
  runPaths.config(folder),
  runPaths.state(folder),
  runPaths.control(folder),
  runPaths.events(folder),
  runPaths.log(folder),
  runPaths.rewards(folder, 0),
  runPaths.rewards(folder, 20),
  join(runPaths.checkpoint(folder, 20), 'trainer.json'),
  join(runPaths.checkpoint(folder, 20), 'margin-checksums.json'),
  join(folder, 'lock-00000000-0000-0000-0000-000000000000.json'),
];

const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  'x',
  '',
  [],
  {},
  [[1]],
  { a: { b: 1 } },
  'y'.repeat(5000),
];
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** A JSON file with one or two of its values, at any depth, exchanged for odd ones. */
async function withOddValues(path: string, random: Random): Promise<string> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '{}';
  const change = (value: unknown): unknown => {
    if (random() < 0.1) return pick(random, oddValues);
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
  };
  const parse = (line: string): unknown => (line === '' ? '' : JSON.parse(line));
  if (!path.endsWith('.jsonl')) return JSON.stringify(change(path.endsWith('.json') ? parse(text) : text));
  return text
    .split('\n')
    .map((line) => JSON.stringify(change(parse(line))))
    .join('\n');
}

type Damage = (path: string, random: Random) => Promise<unknown> | void;
const inPlace =
  (make: Damage): Damage =>
  async (path, random) => {
    await rm(path, { recursive: true, force: true });
    await make(path, random);
  };
const everywhere: Readonly<Record<string, Damage>> = {
  truncated: async (path, random) => {
    const bytes = existsSync(path) ? await readFile(path) : Buffer.from('{}');
    await writeFile(path, bytes.subarray(0, Math.floor(random() * bytes.length)));
  },
  empty: inPlace((path) => writeFile(path, '')),
  gone: inPlace(() => undefined),
  zeros: inPlace((path, random) => writeFile(path, Buffer.alloc(1 + Math.floor(random() * 5000)))),
  garbage: inPlace((path, random) =>
    writeFile(path, Buffer.from(Array.from({ length: 3000 }, () => Math.floor(random() * 256)))),
  ),
  'another value': inPlace((path, random) => writeFile(path, JSON.stringify(pick(random, oddValues)))),
  'odd values': async (path, random) => writeFile(path, await withOddValues(path, random)),
  'deep nesting': inPlace((path) => writeFile(path, `${'['.repeat(200_000)}${']'.repeat(200_000)}\n`)),
  'deep nesting in a field': inPlace((path) =>
    writeFile(path, `{"a": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}\n`),
  ),
  'a folder': inPlace((path) => mkdir(path)),
  'sparse gigabytes': inPlace(async (path) => {
    await writeFile(path, '');
    await truncate(path, sparseBytes);
  }),
};
const posix: Readonly<Record<string, Damage>> = {
  'a pipe': inPlace((path) => void execFileSync('mkfifo', [path])),
  'a loop of links': inPlace((path) => symlink(path, path)),
  'a link to /dev/zero': inPlace((path) => symlink('/dev/zero', path)),
  'a link to nothing': inPlace((path) => symlink(`${path}-gone`, path)),
};
const kinds = { ...everywhere, ...(process.platform === 'win32' ? {} : posix) };

/** Bytes that this process has read so far; 0 if the system does not report them. */
function bytesRead(): number {
  return process.platform === 'linux' ? Number(/^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]) : 0;
}

/**
 * Expects a call to end in time, to read little, and to throw nothing but a MarginError that names a file of the run.
 */
async function survives(what: string, folder: string, work: () => Promise<unknown>): Promise<void> {
  const before = bytesRead();
  const late = sleep(20_000, 'late', { ref: false });
  const outcome = await Promise.race([
    work().then(
      () => null,
      (error: unknown) => error,
    ),
    late,
  ]);
  expect(outcome, `${what} hangs`).not.toBe('late');
  if (outcome !== null) {
    expect(outcome, `${what}: ${outcome instanceof Error ? outcome.stack : String(outcome)}`).toBeInstanceOf(
      MarginError,
    );
    expect(String(outcome), what).toContain(folder);
  }
  expect(bytesRead() - before, `${what} reads much`).toBeLessThan(maxRead);
}

/** Reads a run as views and commands do. */
async function look(folder: string): Promise<void> {
  const parent = dirname(folder);
  await survives('listing', folder, async () => {
    const { runs, unreadable } = await findRuns([parent]);
    const isRun = existsSync(runPaths.config(folder));
    expect([...runs, ...unreadable].map((run) => run.folder)).toEqual(
      isRun || runs.length + unreadable.length > 0 ? [folder] : [],
    );
    for (const { error } of unreadable) expect(error.message).toContain(folder);
  });
  await survives('reading', folder, () => readRun(folder));
  await survives('the newest loss', folder, () => lastTrainMetrics(folder));
  await survives('the curves', folder, async () => new CurveStore().add(await readAllEvents(folder)));
  await survives('what is wanted', folder, () => readControl(folder));
  await survives('rewards in the panel', folder, () =>
    new RunRewards(folder, true).tableOf({ step: 20, before: null, beforeRun: null }),
  );
  await survives('rewards before the first step', folder, () =>
    eachReward(runPaths.rewards(folder, 0), () => undefined, noSlices),
  );
  await survives('rewards in the editor', folder, () =>
    joinRewards({ id: runPaths.rewards(folder, 20), label: '', isOfRun: true }, null),
  );
  await survives('the list of rewards', folder, () => rewardChoices(join(parent, 'pairs.jsonl'), [parent]));
  await survives('the log', folder, () => readEnd(runPaths.log(folder), 1000));
  await survives('the checkpoint', folder, () => verifyCheckpoint(runPaths.checkpoint(folder, 20)));
}

describe('a run folder', () => {
  it(`survives ${damages} damages of its small files, seed ${seed}`, { timeout: 300_000 }, async () => {
    const random = seededRandom(seed);
    const trainer = join(await temporaryFolder(), 'trainer.cjs');
    await writeFile(trainer, '');
    for (let n = 0; n < damages; n++) {
      const folder = await stoppedRun();
      const files = new Set([pick(random, smallFiles(folder)), pick(random, smallFiles(folder))]);
      const damaged = [...files].map((path) => [path, pick(random, Object.keys(kinds))] as const);
      const what = `seed ${seed}, damage ${n}: ${damaged.map(([path, kind]) => `${kind} at ${path.slice(folder.length + 1)}`).join(', ')}`;
      try {
        for (const [path, kind] of damaged) await kinds[kind]?.(path, random);
        await look(folder);
        await survives('resuming', folder, async () => {
          const { exited } = await startRun(folder, { trainer, node: process.execPath, resume: true });
          await exited;
          await look(folder);
        });
      } catch (error) {
        throw new Error(what, { cause: error });
      }
    }
  });

  it.each(Object.keys(kinds))('is resumed even if its state.json is damaged: %s', async (kind) => {
    const folder = await stoppedRun();
    await kinds[kind]?.(runPaths.state(folder), seededRandom(3));
    const run = await readRun(folder);
    expect(['stopped', 'done', 'failed', 'lost']).toContain(run.status);
    if (run.remarks.length > 0) {
      expect(run.remarks[0]).toContain(runPaths.state(folder));
      expect(run.state?.step).toBe(20);
    }
    if (kind === 'a folder') return;
    const trainer = join(await temporaryFolder(), 'trainer.cjs');
    await writeFile(trainer, '');
    const { exited } = await startRun(folder, { trainer, node: process.execPath, resume: true });
    expect(await exited).toBe(0);
  });

  it('with a hundred others, each 500 MB of zeros or a link to /dev/zero, takes little memory to list', async () => {
    const parent = dirname(await stoppedRun());
    for (let n = 0; n < 100; n++) {
      const folder = join(parent, `r${n}`);
      await mkdir(folder);
      if (n % 2 === 0 && process.platform !== 'win32') await symlink('/dev/zero', runPaths.config(folder));
      else {
        await writeFile(runPaths.config(folder), '');
        await truncate(runPaths.config(folder), 5e8);
      }
    }
    const before = bytesRead();
    const { runs, unreadable } = await findRuns([parent]);
    expect(bytesRead() - before).toBeLessThan(1 << 20);
    expect(runs).toHaveLength(1);
    expect(unreadable).toHaveLength(100);
    for (const { folder, error } of unreadable) expect(error.message).toContain(runPaths.config(folder));
  });
});
