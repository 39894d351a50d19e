import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTracked } from '../../../src/trackers/readTracked';
import type { TrackedRun } from '../../../src/trackers/trackedRun';

/** A run of TRL 1.16 with all three loggers; see test/peer/recordTrackers.py. */
const golden = 'test/golden/trackers';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'margin-trackers-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The only run at a path. */
async function one(path: string): Promise<TrackedRun> {
  const runs = await readTracked(path);
  expect(runs).toHaveLength(1);
  return runs[0] as TrackedRun;
}

async function eventFile(): Promise<string> {
  const [name] = await readdir(`${golden}/logs/dpo`);
  return `${golden}/logs/dpo/${name}`;
}

/** Metrics by kind and step. The sums of the whole run come at its last step. */
function points({ events }: TrackedRun): Map<string, Readonly<Record<string, number>>> {
  const found = new Map<string, Readonly<Record<string, number>>>();
  for (const { kind, step, metrics } of events)
    found.set(`${kind} ${step}`, { ...found.get(`${kind} ${step}`), ...metrics });
  return found;
}

describe('a run that TRL has logged', () => {
  it('is read from the newest checkpoint of its output_dir', async () => {
    const run = await one(`${golden}/dpo`);
    expect(run).toMatchObject({ tracker: 'trl', name: 'dpo', created: null, hasTimes: false, remarks: [] });
    expect(run.events.map(({ step, kind }) => `${kind} ${step}`)).toEqual([
      'train 1',
      'train 2',
      'eval 2',
      'train 3',
      'train 4',
      'eval 4',
    ]);
    expect(run.events[0]?.metrics).toMatchObject({ loss: 0.6931471824645996, 'rewards/margins': 0, epoch: 0.125 });
    expect(run.events[5]?.metrics['eval_rewards/margins']).toBe(0.002885055961087346);
  });

  it('has the settings that its files state, and no others', async () => {
    const { config } = await one(`${golden}/dpo`);
    expect(config).toMatchObject({ max_steps: 4, lora_r: 2, lora_alpha: 4, model_name_or_path: 'model' });
    expect(config).not.toHaveProperty('beta');
  });

  it('is the same run in TensorBoard’s log, in 32 bits', async () => {
    const run = await one(`${golden}/logs`);
    expect(run).toMatchObject({ tracker: 'tensorboard', name: 'dpo', hasTimes: true });
    expect(run.config).toMatchObject({ beta: 0.2, learning_rate: 0.01, loss_type: ['sigmoid'], max_steps: 4 });
    const [here, there] = [points(run), points(await one(`${golden}/dpo`))];
    for (const [key, metrics] of there)
      for (const [name, value] of Object.entries(metrics)) expect(here.get(key)?.[name], name).toBe(Math.fround(value));
    expect(run.created).toBeGreaterThan(Date.parse('2026-01-01'));
  });

  it('is the same run in Trackio’s project, at the steps of the trainer', async () => {
    const run = await one(`${golden}/trackio/sample.db`);
    expect(run).toMatchObject({ tracker: 'trackio', name: 'dpo-sample', hasTimes: true });
    expect(run.config).toMatchObject({ beta: 0.2, learning_rate: 0.01, lora_r: 2 });
    expect(run.config).not.toHaveProperty('_Username');
    const [here, there] = [points(run), points(await one(`${golden}/dpo`))];
    for (const [key, metrics] of there) expect(here.get(key)).toMatchObject(metrics);
    expect(run.remarks).toEqual([`${golden}/trackio/sample.db: 1 measurements of the system are not shown.`]);
  });

  it('includes what Trackio has only in its write-ahead log yet', async () => {
    const [closed, live] = [await one(`${golden}/trackio/sample.db`), await one(`${golden}/trackio/live.db`)];
    expect(live.events).toEqual(closed.events);
    await writeFile(join(folder, 'cut.db'), await readFile(`${golden}/trackio/live.db`));
    const log = await readFile(`${golden}/trackio/live.db-wal`);
    // Without its last page, the second transaction of the log is not committed.
    await writeFile(join(folder, 'cut.db-wal'), log.subarray(0, -100));
    expect((await one(join(folder, 'cut.db'))).events).toEqual(closed.events.slice(0, -1));
  });

  it('is found with all others of a folder', async () => {
    const runs = await readTracked(golden);
    expect(runs.map(({ tracker, name }) => `${tracker} ${name}`)).toEqual(['trl dpo', 'tensorboard logs/dpo']);
    expect((await readTracked(`${golden}/trackio`)).map(({ name }) => name)).toEqual(['dpo-sample', 'dpo-sample']);
  });
});

describe('damaged and foreign files', () => {
  it('a trainer state with NaN and Infinity is read', async () => {
    const entry = '{"step": 3, "loss": NaN, "grad_norm": -Infinity, "note": "NaN \\" Infinity"}';
    await writeFile(join(folder, 'trainer_state.json'), `{"global_step": 3, "log_history": [${entry}]}`);
    const { events, remarks } = await one(join(folder, 'trainer_state.json'));
    expect(events).toEqual([{ t: 0, step: 3, kind: 'train', metrics: { loss: NaN, grad_norm: -Infinity } }]);
    expect(remarks[0]).toContain('1 value is not numbers');
  });

  it('points before the damage of an event file are kept, and the damage is named', async () => {
    const whole = await one(`${golden}/logs`);
    const bytes = await readFile(await eventFile());
    bytes[bytes.length - 600] = (bytes[bytes.length - 600] ?? 0) ^ 1;
    await writeFile(join(folder, 'events.out.tfevents.1'), bytes);
    const run = await one(join(folder, 'events.out.tfevents.1'));
    expect(run.events.length).toBeLessThanOrEqual(whole.events.length);
    expect(run.events[0]).toEqual(whole.events[0]);
    expect(run.remarks.join()).toMatch(/is damaged at byte \d+: the points that follow in it are not shown/);
  });

  it('an event file that is still written ends at its last whole record', async () => {
    const bytes = await readFile(await eventFile());
    await writeFile(join(folder, 'events.out.tfevents.2'), bytes.subarray(0, -7));
    const { remarks } = await one(join(folder, 'events.out.tfevents.2'));
    expect(remarks.filter((remark) => remark.includes('damaged'))).toEqual([]);
  });

  it.each([
    ['empty.db', '', 'is not an SQLite database'],
    ['text.db', 'SQLite format 3\0 and nothing else', 'cannot be read as a project of Trackio'],
    ['trainer_state.json', '{"global_step": 1}', 'log_history must be a list'],
    ['other.txt', 'hello', 'has no trainer_state.json'],
  ])('%s is refused with its name and the reason', async (name, content, message) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await expect(readTracked(path)).rejects.toThrow(message);
    await expect(readTracked(path)).rejects.toThrow(name === 'trainer_state.json' ? name : path);
  });
});
