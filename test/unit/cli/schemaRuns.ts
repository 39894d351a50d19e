import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runPaths } from '../../../src/run/folder';
import type { RunEvent } from '../../../src/run/types';
import type { HubServer } from '../../hub/hubServer';
import { modelContents } from '../hub/samples';
import { madeRun, type Scored } from '../run/compared/madeRun';
import type { Ended } from './program';
import { sampleRows, writeLines } from './schemaFiles';

/** Runs a command of the command line in the folder of the files. */
export type Margin = (args: readonly string[]) => Promise<Ended>;

/** A model that Margin can train, one that it cannot, and one of which a file must be chosen. */
export async function addModels(hub: HubServer): Promise<void> {
  const model = 'media/sample/model';
  const files = (await readdir(model)).map(async (name) => [name, await readFile(join(model, name))] as const);
  hub.add('models/org/tiny', Object.fromEntries(await Promise.all(files)));
  hub.add('models/org/broken', modelContents);
  hub.add('models/org/quants', { 'a.gguf': 'a', 'b.gguf': 'b' });
}

/** Rows that cleaning trains on, and those that it holds out. */
const [trainedRows, heldRows] = [120, 30];

const points: readonly RunEvent[] = Array.from({ length: 10 }, (_, i) => ({
  t: 1000 + i,
  step: i + 1,
  kind: 'train' as const,
  metrics: { loss: 0.7 + i / 10, 'rewards/margins': -i },
}));

/** Two runs that differ in everything, a run without rewards, and one that waits for another machine. */
export async function makeRuns(here: string): Promise<void> {
  const made = join(here, 'made');
  const config = { test_split_size: 0.1 };
  const scoredAs = (keys: readonly number[]): Readonly<Record<number, readonly Scored[]>> => ({
    10: keys.map((key) => [key, key - 2.5] as const),
  });
  const heldOut = scoredAs([1, 7]);
  await madeRun(made, { name: 'plain', events: points, config, heldOut, scored: scoredAs([1, 2, 3, 4]) });
  const run = await madeRun(made, {
    name: 'strong',
    events: points,
    config: { ...config, beta: 0.01 },
    heldOut,
    scored: scoredAs([1, 20, 3, 4, 5]),
  });
  await madeRun(made, { name: 'short' });
  for (const step of [2, 10]) {
    await mkdir(runPaths.checkpoint(run, step), { recursive: true });
    await writeFile(join(runPaths.checkpoint(run, step), 'weights'), 'x');
  }
  const machine = { host: 'elsewhere', boot: null, namespace: null };
  await madeRun(join(here, 'queued'), { name: 'waiting', state: { status: 'queued', machine } });
}

/** What the program itself makes: rounds, a run, pulled models, and rewards by which some rows look flipped. */
export async function makeByProgram(here: string, margin: Margin): Promise<void> {
  const draft = ['--model', 'model', '--prompts', 'few.jsonl', '--k', '4', '--max_new_tokens', '16'];
  await margin(['draft', 'rounds', ...draft]);
  await margin(['train', 'part.train.json', '--max_steps', '1']);
  for (const model of ['org/tiny', 'org/broken']) await margin(['pull', model]);
  const rewards = (await margin(['score', 'prefs.jsonl', '--model', 'model', '--json'])).json();
  const rowOf = (one: Readonly<Record<string, unknown>>): number => Number(one['row']);
  await writeLines(
    join(here, 'rewards.jsonl'),
    rewards.map((one) => JSON.stringify({ ...one, margin: rowOf(one) % 9 === 0 ? -1 : 1 })),
  );
  const rows = await sampleRows();
  const promptOf = (row: string): string => JSON.stringify((JSON.parse(row) as { prompt: unknown }).prompt);
  const trained = rows.slice(0, trainedRows);
  const seen = new Set(trained.map(promptOf));
  await writeLines(join(here, 'clean.jsonl'), trained);
  const others = rows.slice(trainedRows).filter((row) => !seen.has(promptOf(row)));
  await writeLines(join(here, 'held.jsonl'), others.slice(0, heldRows));
  await writeLines(
    join(here, 'margins.jsonl'),
    rewards.flatMap((one) => {
      const row = rowOf(one);
      const value = (row % 5 === 0 ? -1 : 1) * (1 + ((row * 37) % 20) / 100);
      return row < trainedRows ? [JSON.stringify({ ...one, margin: value })] : [];
    }),
  );
}
