import { existsSync } from 'node:fs';
import { readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import type { TrainConfig } from '../../../../src/run/types';
import { estimate } from '../../../../src/train/estimate/estimate';
import { measure, type DryRunOptions } from '../../../../src/train/estimate/measure';
import type { Phase, Plan } from '../../../../src/train/estimate/types';
import { Program } from '../../cli/program';
import { copyOf, damagedModel } from '../../model/files';
import { temporaryFolder } from '../../run/temporaryFolder';
import { trainConfig } from './samples';

const program = new Program();
const linux = process.platform === 'linux';
const model = resolve('media/sample/model');
const options = (change: Partial<DryRunOptions> = {}): DryRunOptions => ({
  trainer: program.trainer,
  node: process.execPath,
  limit: Number.POSITIVE_INFINITY,
  ...change,
});

/** A config of 20 of the sample's pairs in a folder of its own. */
async function folderWith(change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  const rows = (await readFile('media/sample/prefs.jsonl', 'utf8')).split('\n').slice(0, 20);
  await writeFile(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await writeFile(
    join(folder, 'a.train.json'),
    JSON.stringify({
      model_name_or_path: model,
      train_file: 'pairs.jsonl',
      use_peft: true,
      num_train_epochs: 1,
      ...change,
    }),
  );
  return folder;
}

async function configOf(folder: string, change: Partial<TrainConfig> = {}): Promise<TrainConfig> {
  return trainConfig({
    model_name_or_path: model,
    train_file: join(folder, 'pairs.jsonl'),
    output_dir: join(folder, 'runs'),
    use_peft: true,
    ...change,
  });
}

/** A model whose file is larger than this machine's memory, and holds nothing. */
async function hugeModel(): Promise<string> {
  const folder = await copyOf(model);
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    vocab_size: number;
    hidden_size: number;
  };
  const file = join(folder, 'model.safetensors');
  const old = await readFile(file);
  const header = JSON.parse(old.toString('utf8', 8, 8 + Number(old.readBigUInt64LE(0)))) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const vocabulary = Math.ceil(totalmem() / (4 * config.hidden_size));
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (entry.shape[0] === config.vocab_size) entry.shape = [vocabulary, config.hidden_size];
    const start = end;
    end += 4 * entry.shape.reduce((product, dim) => product * dim, 1);
    entry.data_offsets = [start, end];
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(file, Buffer.concat([length, text]));
  await truncate(file, 8 + text.length + end);
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: vocabulary }));
  return folder;
}

describe('margin train --dry_run', () => {
  it('prints memory, time and disk, and leaves no file behind', async () => {
    const folder = await folderWith();
    const { code, out } = await program.run(['train', 'a.train.json', '--dry_run'], folder);
    expect(out).toMatch(
      /^steps +3, .*\n.*\nin all +about .*\nthen +every pair is scored: .*\nfirst step lines (\d+ \(\d+ \+ \d+\/\d+\)[,:] ){8}.*\nmemory +\d+ MB of its own \(heaviest micro-batch: 8 pairs, \d+ tokens\) and 3 MB of mapped weights; .* free\ndisk +1 checkpoint of .*\nbatch +.* fit: .*; measured: 1 pair [\d,]+ tokens\/s, 8 pairs [\d,]+ tokens\/s\nIt fits\.\n$/,
    );
    expect(code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['a.train.json', 'pairs.jsonl']);
    expect(existsSync(join(program.folder, 'cache', 'margin'))).toBe(false);
  });

  it('with --json prints one object, for full-weight training too', async () => {
    const { code, json } = await program.run(
      ['train', 'a.train.json', '--dry_run', '--json', '--use_peft', 'false', '--max_steps', '50'],
      await folderWith(),
    );
    const [found] = json();
    expect(code).toBe(0);
    expect(found).toMatchObject({
      fits: true,
      basis: 'measured',
      plan: { rows: 20, steps: 50, heavy: { pairs: 8 } },
      summary: expect.stringMatching(/^about .* free$/),
      problems: [],
    });
    const { first } = must(found, 'the estimate')['plan'] as Plan;
    expect(first.map(({ row, line }) => line - row)).toEqual(Array<number>(8).fill(1));
    expect(first.every(({ prompt, chosen, rejected }) => prompt > 0 && chosen > 0 && rejected > 0)).toBe(true);
    // Three copies of the weights, which are f32 in the sample's file, and two log-probs a pair.
    expect(found).toMatchObject({ memory: { mapped: 3346944 }, disk: { checkpoint: 3 * 3346944 + 8 * 20 } });
  });

  it.each([['--resume', 'folder'], ['--detach']])('starts no run, so %s is refused', async (...other) => {
    const { code, err } = await program.run(['train', 'a.train.json', '--dry_run', ...other], await folderWith());
    expect([code, err]).toEqual([2, expect.stringContaining(`leave out ${other[0]}`)]);
  });

  it('reports the same errors as the run', async () => {
    const { code, err } = await program.run(
      ['train', 'a.train.json', '--dry_run', '--max_length', '2'],
      await folderWith(),
    );
    expect([code, err]).toEqual([1, expect.stringMatching(/max_length \(2\)/)]);
  });

  it('names a damaged weight', async () => {
    const { code, err } = await program.run(
      ['train', 'a.train.json', '--dry_run'],
      await folderWith({ model_name_or_path: await damagedModel(model) }),
    );
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/down_proj\.weight holds a NaN or an infinity at element 3/),
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'refuses at once a run that cannot fit by its sizes, and a real run warns too',
    async () => {
      const folder = await folderWith({ model_name_or_path: await hugeModel(), use_peft: false });
      const { code, out } = await program.run(['train', 'a.train.json', '--dry_run', '--json'], folder);
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        fits: false,
        basis: 'headers',
        plan: null,
        problems: [
          expect.stringMatching(/^It does not fit in memory: the weights with gradients and optimizer alone/),
          expect.any(String),
        ],
      });
      const run = await program.run(['train', 'a.train.json', '--train_file', 'none.jsonl'], folder);
      expect([run.code, run.err]).toEqual([
        1,
        expect.stringMatching(/^It does not fit in memory: [^]*there is no file/),
      ]);
    },
  );
});

describe('a dry run', () => {
  it('measures each phase, and the second time of a phase that runs twice', async () => {
    const phases: Phase[] = [];
    const found = await measure(
      await configOf(await folderWith()),
      options({ onPhase: (phase) => phases.push(phase) }),
    );
    expect(phases).toEqual([
      'open',
      'scoring',
      'scoring',
      'light',
      'light',
      'typical',
      'typical',
      'heavy',
      'heavy',
      'answering',
    ]);
    expect(found.ended).toBe('done');
    for (const phase of phases)
      expect([phase, found.phases[phase]]).toEqual([phase, { seconds: expect.any(Number), own: expect.any(Number) }]);
    expect(found.phases.heavy?.own).toBeGreaterThan(20e6);
  });

  it.runIf(linux)('is stopped before it uses more than is free, and the run does not fit', async () => {
    const found = await measure(await configOf(await folderWith()), options({ limit: 30e6 }));
    expect(found.ended).toBe('stopped');
    expect(found.phases.answering?.seconds ?? null).toBeNull();
    const verdict = await estimate(await configOf(await folderWith()), options(), { memory: 40e6, disk: 1e9 });
    expect(verdict).toMatchObject({ fits: false, basis: 'stopped' });
  });

  it.skipIf(process.platform === 'win32')('that is killed by the system means that the run does not fit', async () => {
    // What stands in for the system kills its parent, the dry run, as soon as it steps.
    const killing = join(await temporaryFolder(), 'killing.js');
    await writeFile(
      killing,
      `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, [${JSON.stringify(program.trainer)}, '--dry_run'], { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
child.stdout.on('data', (text) => { process.stdout.write(text); if (String(text).includes('typical"')) { child.kill('SIGKILL'); process.kill(process.pid, 'SIGKILL'); } });`,
    );
    const verdict = await estimate(await configOf(await folderWith()), options({ trainer: killing }), {
      memory: 1e12,
      disk: 1e9,
    });
    expect(verdict).toMatchObject({ fits: false, basis: 'killed', plan: { rows: 20 }, seconds: null });
  });

  it('ends with the process that started it', async () => {
    const controller = new AbortController();
    const asked = measure(
      await configOf(await folderWith()),
      options({ signal: controller.signal, onPhase: () => controller.abort() }),
    );
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
  });

  it.runIf(linux)('of the command line ends with the command', async () => {
    const { child, ended } = program.start(['train', 'a.train.json', '--dry_run'], await folderWith());
    const dryRun = await childOf(child.pid ?? 0);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining('The dry run was ended') });
    expect(existsSync(`/proc/${dryRun}`)).toBe(false);
  });
});

/** The process that another one starts (proc_pid_task(5)). */
async function childOf(pid: number): Promise<number> {
  for (let waited = 0; waited < 20_000; waited += 10) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    if (children !== '') return Number(children.split(' ')[0]);
    await sleep(10);
  }
  throw new Error('it started none');
}
