import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidExists } from '../../src/base/node/thisMachine';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { openScoreSession } from '../../src/engine/scoreSession';
import { LinesDocument } from '../../src/jsonl/node/document';
import { openCheckpoint } from '../../src/model/checkpoint';
import { askRunAndWait } from '../../src/run/control';
import { readRun } from '../../src/run/find';
import { createRun } from '../../src/run/resolve';
import { startRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';

/** What one kind of work left behind. Memory in bytes, after each part of it. */
export interface Steady {
  readonly what: string;
  readonly memory: readonly number[];
  /** Open file descriptors before and after; null where the system does not say. */
  readonly handles: readonly [before: number, after: number] | null;
  /** Processes, files and wrong content; empty if there are none. */
  readonly problems: readonly string[];
}

const parts = 12;
/** Rows of the runs: most of the time is to be that of starting and stopping. */
const fewRows = 16;
/** How long a run may take to start or to stop. The soak may run beside other work, at the lowest priority. */
const patience = 600_000;
const megabyte = 1 << 20;
/** Memory may grow by this between two thirds of the work: garbage that is not collected yet, and caches. */
const allowed = (before: number): number => 64 * megabyte + 0.25 * before;

const handlesNow = (): number | null => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : null);

/** Runs a part of the work several times, and looks at the memory after each. */
async function measured(
  what: string,
  count: number,
  one: (i: number) => Promise<void>,
  onPart?: (done: string) => void,
): Promise<Steady> {
  await one(0);
  const before = handlesNow();
  const memory: number[] = [];
  for (let i = 1; i < count; i++) {
    await one(i);
    if (i % Math.max(1, Math.floor(count / parts)) === 0) {
      globalThis.gc?.();
      memory.push(process.memoryUsage().rss);
      onPart?.(`${i + 1} of ${what}`);
    }
  }
  const after = handlesNow();
  return { what, memory, handles: before === null || after === null ? null : [before, after], problems: [] };
}

/** Edits a file of 1,000 rows, and saves after equal numbers of edits. @param folder an empty folder */
export async function editAndSave(folder: string, edits: number, saves: number, seed: number): Promise<Steady> {
  const file = join(folder, 'edited.jsonl');
  const rows = Array.from({ length: 1000 }, (_, i) => `{"prompt":"${i}","chosen":"yes","rejected":"no"}`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  const random = seededRandom(seed);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  const result = await measured(`${edits} edits and ${saves} saves`, saves, async (save) => {
    for (let i = 0; i < edits / saves; i++) {
      const row = Math.floor(random() * rows.length);
      const [previous = ''] = await document.lines(row, 1);
      const line = `{"prompt":"${row}","chosen":"${save}-${i}","rejected":"no"}`;
      document.applyEdit({ op: 'replace', row, line, previous });
      rows[row] = line;
    }
    await document.save();
  });
  await document.close();
  const isWhole = readFileSync(file, 'utf8') === `${rows.join('\n')}\n`;
  const strays = readdirSync(folder).filter((name) => name !== 'edited.jsonl');
  return {
    ...result,
    problems: [...(isWhole ? [] : ['the file is not as edited']), ...strays.map((name) => `left: ${name}`)],
  };
}

/** Starts runs on the sample and stops them. @param trainer `dist/trainer.js` */
export async function startAndStop(
  folder: string,
  runs: number,
  trainer: string,
  onPart?: (done: string) => void,
): Promise<Steady> {
  const sample = join(process.cwd(), 'media', 'sample');
  const rows = readFileSync(join(sample, 'prefs.jsonl'), 'utf8').split('\n').slice(0, fewRows);
  writeFileSync(join(folder, 'few.jsonl'), `${rows.join('\n')}\n`);
  const keys = { model_name_or_path: join(sample, 'model'), train_file: join(folder, 'few.jsonl') };
  const settings = {
    use_peft: true,
    lora_r: 1,
    max_steps: 100_000,
    per_device_train_batch_size: 1,
  };
  const problems: string[] = [];
  const result = await measured(
    `${runs} runs started and stopped`,
    runs,
    async () => {
      const config = parseTrainConfig(JSON.stringify({ ...keys, ...settings }), join(folder, 'soak.train.json'));
      const run = await createRun(config, {});
      const started = await startRun(run, { trainer, node: process.execPath });
      const end = Date.now() + patience;
      while (Date.now() < end && (await readRun(run)).status === 'starting') await sleep(100);
      const status = await askRunAndWait(run, 'stop', patience);
      await held(started.exited);
      if (status !== 'stopped') problems.push(`${run} is ${status}`);
      if (pidExists(started.pid)) problems.push(`process ${started.pid} is alive`);
      const left = readdirSync(run, { recursive: true, encoding: 'utf8' });
      problems.push(
        ...left.filter((name) => /lock-|margin-tmp|\.tmp-/.test(name)).map((name) => `left: ${run}/${name}`),
      );
    },
    onPart,
  );
  return { ...result, problems };
}

/** Waits, and keeps this process alive meanwhile, which a trainer that was started does not do. */
async function held<Result>(work: Promise<Result>): Promise<Result> {
  const timer = setInterval(() => undefined, 60_000);
  return work.finally(() => clearInterval(timer));
}

/** Opens a model, scores a pair, and closes it. */
export async function reload(model: string, reloads: number): Promise<Steady> {
  return measured(`${reloads} reloads of the model`, reloads, async () => {
    const session = await openScoreSession({ checkpoint: await openCheckpoint(model), adapter: null, threads: 1 });
    await session.release();
  });
}

/** Why the work was not steady; empty if it was. */
export function unsteady({ what, memory, handles, problems }: Steady): string[] {
  const third = Math.floor(memory.length / 3);
  const mean = (from: number): number =>
    memory.slice(from, from + third).reduce((sum, bytes) => sum + bytes, 0) / third;
  const [middle, last] = [mean(third), mean(2 * third)];
  const grows = third > 0 && last - middle > allowed(middle);
  const found = [...problems];
  if (grows) found.push(`memory grew from ${Math.round(middle / megabyte)} to ${Math.round(last / megabyte)} MB`);
  // A thread or a cache may open a file later.
  if (handles && handles[1] > handles[0] + 5) found.push(`${handles[0]} open files became ${handles[1]}`);
  return found.map((problem) => `${what}: ${problem}`);
}

/** A sentence for the log. */
export function steadyInWords({ what, memory, handles }: Steady): string {
  const megabytes = memory.map((bytes) => Math.round(bytes / megabyte)).join(' ');
  return `${what}: memory ${megabytes} MB; open files ${handles === null ? 'unknown' : handles.join(' → ')}`;
}
