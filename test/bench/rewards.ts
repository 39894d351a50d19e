import { open, stat } from 'node:fs/promises';
import { Gradient } from '../../src/host/runPanel/rewards/gradient';
import { RunRewards } from '../../src/host/runPanel/rewards/runRewards';
import type { PairsQuery } from '../../src/protocol/runPanel';
import { runPaths } from '../../src/run/folder';
import { columnsPath } from '../../src/run/rewardColumns/columnFile';
import { columnsOfLines, noSlices } from '../../src/run/rewardColumns/eachReward';
import { readColumns } from '../../src/run/rewardColumns/readColumns';
import { must } from '../../src/base/pure/must';
import { readConfig } from '../unit/train/golden';
import { firstKey, writeRewardFiles } from './rewardFiles';
import { median } from './timed';

const steps = 20;
const base: PairsQuery = {
  step: steps,
  before: null,
  beforeRun: null,
  sort: 'margin',
  descending: false,
  filter: '',
  histogram: 'margin',
  columns: [],
  from: 0,
  count: 100,
};
const prompts = (pairs: readonly unknown[]): Promise<readonly null[]> => Promise.resolve(pairs.map(() => null));

/** Milliseconds of processor time that work takes, so that other programs on the machine do not count. */
async function worked(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Views of a run with so many scored pairs at 20 steps, as the host answers them: each beside a plain read of the bytes
 * that it needs, and beside reading the lines of one step.
 */
export async function measureRewards(folder: string, pairs: number, say: (line: string) => void): Promise<string> {
  say(`writing ${pairs.toLocaleString('en')} pairs x ${steps} steps`);
  await writeRewardFiles(folder, pairs, steps);
  const lines = await worked(() => columnsOfLines(runPaths.rewards(folder, steps), noSlices));
  const known = await worked(() => readColumns(runPaths.rewards(folder, steps), noSlices));
  const rows = [
    `| ${pairs.toLocaleString('en')} pairs, ${steps} steps | ms of processor time | a plain read of the same bytes | lines of one step |`,
  ];
  rows.push('|---|---|---|---|');
  for (const { name, bytes, of, ask } of questions(pairs)) {
    const plain = await median(() => readBytes(folder, bytes));
    const took = await median(async () => {
      const rewards = new RunRewards(folder, true);
      await of?.(rewards);
      return worked(() => ask(rewards));
    });
    rows.push(`| ${name} | ${took.toFixed(0)} | ${(took / plain).toFixed(1)} x | ${(took / lines).toFixed(3)} x |`);
  }
  const size = (path: string): Promise<string> => stat(path).then((found) => (found.size / 2 ** 20).toFixed(0));
  const path = runPaths.rewards(folder, steps);
  const sizes = `Lines of a step: ${await size(path)} MiB, columns ${await size(must(columnsPath(path), 'columns'))} MiB.`;
  return `${rows.join('\n')}\n\n${sizes} Reading the lines of one step takes ${lines.toFixed(0)} ms, opening its columns ${known.toFixed(0)} ms.`;
}

interface Question {
  readonly name: string;
  /** That the answer needs. */
  readonly bytes: number;
  /** What a view has asked before. */
  readonly of?: (rewards: RunRewards) => Promise<unknown>;
  readonly ask: (rewards: RunRewards) => Promise<unknown>;
}

function questions(pairs: number): Question[] {
  const [float, whole] = [8 * pairs, 4 * pairs];
  const page = (part: Partial<PairsQuery>) => async (rewards: RunRewards) =>
    (await rewards.tableOf({ ...base, ...part })).page({ ...base, ...part }, prompts);
  const first = page({});
  const [x, y] = ['margin', 'lengthGap'] as const;
  const choice = { objective: null, beta: 0.1, rate: 1e-6 };
  let gradient: Gradient | null = null;
  return [
    { name: 'first page, lowest margin first', bytes: 7 * float + 4 * whole, ask: first },
    { name: 'page of another place', bytes: float, of: first, ask: page({ from: pairs >> 1 }) },
    { name: 'sort by reward of chosen', bytes: float, of: first, ask: page({ sort: 'chosen' }) },
    { name: 'filter `margin:<0`', bytes: float, of: first, ask: page({ filter: 'margin:<0' }) },
    {
      name: 'filter `logp.token(chosen)<0 gap.tokens>0`',
      bytes: 2 * float + 2 * whole,
      of: first,
      ask: page({ filter: 'logp.token(chosen)<0 gap.tokens>0' }),
    },
    { name: 'first page beside step 10', bytes: 10 * float + 4 * whole, ask: page({ before: 10, sort: 'delta' }) },
    {
      name: 'scatter of margin and token gap',
      bytes: float,
      of: first,
      ask: async (rewards) => (await rewards.tableOf(base)).scatter(base, { x, y, shade: null }, 120, 80),
    },
    { name: 'trend of a pair', bytes: float, of: first, ask: (rewards) => rewards.trend(firstKey) },
    {
      name: 'trends of the 12 that changed most',
      bytes: float,
      of: first,
      ask: (rewards) => rewards.movers(base, 12, prompts),
    },
    {
      name: 'tab *Gradient*',
      bytes: 4 * float + 2 * whole,
      of: first,
      ask: async (rewards) => (await gradientOf(rewards)).page(choice, prompts),
    },
    {
      name: '… under another β',
      bytes: 4 * float + 2 * whole,
      of: async (rewards) => {
        gradient = await gradientOf(rewards);
        await gradient.page(choice, prompts);
      },
      ask: () => must(gradient, 'the gradient').page({ ...choice, beta: 0.2 }, prompts),
    },
    {
      name: 'groups of training dynamics',
      bytes: 2 * steps * float,
      of: first,
      ask: async (rewards) => (await rewards.tableOf(base)).groups(base, 'dynamics'),
    },
  ];
}

async function gradientOf(rewards: RunRewards): Promise<Gradient> {
  return new Gradient(await rewards.tableOf(base), readConfig({ train_file: 'none.jsonl' }));
}

/** Reads so many bytes of the columns, step by step. */
async function readBytes(folder: string, bytes: number): Promise<number> {
  return worked(async () => {
    let rest = bytes;
    for (let step = 1; rest > 0; step = (step % steps) + 1) {
      const file = await open(must(columnsPath(runPaths.rewards(folder, step)), 'columns'));
      const { size } = await file.stat();
      const part = Buffer.allocUnsafe(Math.min(size, rest));
      await file.read(part, 0, part.length, 0);
      await file.close();
      rest -= part.length;
    }
  });
}
