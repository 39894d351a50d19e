import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLiving } from '../../../src/run/alive';
import { findRuns } from '../../../src/run/find';
import { holderOf } from '../../../src/run/lock';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { golden, model } from './program';
import type { Running } from './program';

const program = new CommandLine();
const pairs = join(golden, 'pairs.jsonl');

/** A run that is long enough to be stopped in the middle. */
async function config(change: object = {}): Promise<string> {
  const folder = await temporaryFolder();
  const small = {
    model_name_or_path: model,
    train_file: pairs,
    use_peft: true,
    lora_r: 4,
    lora_target_modules: 'all-linear',
    learning_rate: 5e-4,
    per_device_train_batch_size: 4,
    max_steps: 6,
    logging_steps: 1,
  };
  await writeFile(join(folder, 'a.train.json'), JSON.stringify({ ...small, ...change }));
  onTestFinished(() => killRuns(folder));
  return folder;
}

/** A run outlives the command line that started it, so each test must end its runs. */
async function killRuns(folder: string): Promise<void> {
  const { runs } = await findRuns([join(folder, '.margin', 'runs')]);
  for (const { status, state } of runs)
    if (isLiving(status) && state && state.pid > 0) process.kill(state.pid, 'SIGKILL');
}

async function until(running: Running, seen: () => boolean): Promise<void> {
  for (let waited = 0; !seen(); waited += 50) {
    if (waited > 30_000 || running.child.exitCode !== null) throw new Error('it never came');
    await sleep(50);
  }
}

describe.skipIf(!existsSync(model))('with the model in ../shared (skipped if it is missing)', () => {
  it('train follows a run to its end: events go to stdout, and the last line names the run', async () => {
    const folder = await config();
    const { code, json } = await program.run(
      [
        'train',
        'a.train.json',
        '--json',
        '--max_steps',
        '3',
        '--loss_type',
        'sigmoid',
        'sft',
        '--loss_weights',
        '1,0.5',
      ],
      folder,
    );
    const lines = json();
    const [name = ''] = await readdir(join(folder, '.margin', 'runs'));
    const run = join(folder, '.margin', 'runs', name);
    expect(code).toBe(0);
    expect(lines.at(-1)).toEqual({ run, status: 'done' });
    const recorded = (await readFile(join(run, 'events.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.slice(0, -1).map((line) => JSON.stringify(line))).toEqual(recorded);
    expect(lines.filter(({ kind }) => kind === 'train').map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(JSON.parse(await readFile(join(run, 'config.json'), 'utf8'))).toMatchObject({
      name: 'a',
      config: { max_steps: 3, loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.5] },
    });
  });

  it('train without --json ends with one line about the result', async () => {
    const { code, out, err } = await program.runHere(['train', 'a.train.json', '--max_steps', '2'], await config());
    expect([code, err]).toEqual([0, expect.stringContaining('Run folder: ')]);
    expect(out).toMatch(/^done · step 2\/2 · loss \d\.\d+ · margin -?\d.* · accuracy .* pairs\/s · .*-a\n$/);
  });

  it('Ctrl+C saves and stops; --resume and runs resume continue from there', async () => {
    const folder = await config({ max_steps: 5000 });
    const running = program.start(['train', 'a.train.json', '--json'], folder);
    let out = '';
    running.child.stdout?.on('data', (text: string) => (out += text));
    await until(running, () => out.includes('"step":3'));
    running.child.kill('SIGINT');
    const { code, json } = await running.ended;
    const run = String(json().at(-1)?.['run']);
    expect([code, json().at(-1)?.['status']]).toEqual([0, 'stopped']);
    expect((await readdir(join(run, 'checkpoints'))).length).toBe(1);

    const listed = await program.run(['runs', '--json'], folder);
    expect(listed.json()).toEqual([expect.objectContaining({ run, status: 'stopped', name: 'a', steps: 5000 })]);

    const stopped = Number(listed.json()[0]?.['step']);
    const resumed = program.start(['train', '--resume', run, '--json'], folder);
    let more = '';
    resumed.child.stdout?.on('data', (text: string) => (more += text));
    await until(resumed, () => more.includes(`"step":${stopped + 3}`));
    expect((await program.runHere(['runs', 'pause', run], folder)).out).toBe(`paused · ${run}\n`);
    expect((await program.runHere(['runs', 'resume', run], folder)).out).toBe(`running · ${run}\n`);
    const second = await program.runHere(['train', '--resume', run], folder);
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('is running already')]);
    expect((await program.runHere(['runs', 'stop', run], folder)).out).toBe(`stopped · ${run}\n`);
    const end = await resumed.ended;
    expect(end.code).toBe(0);
    const steps = end
      .json()
      .filter(({ kind }) => kind === 'train')
      .map(({ step }) => step);
    expect(steps.slice(0, 2)).toEqual([stopped + 1, stopped + 2]);
  });

  it('a second Ctrl+C kills the run, and the exit code reports a failure', async () => {
    const folder = await config({ max_steps: 5000, per_device_train_batch_size: 64 });
    const running = program.start(['train', 'a.train.json', '--json'], folder);
    let out = '';
    running.child.stdout?.on('data', (text: string) => (out += text));
    await until(running, () => out.includes('"kind":"train"'));
    running.child.kill('SIGINT');
    running.child.kill('SIGTERM');
    const { code, json } = await running.ended;
    expect([code, json().at(-1)?.['status']]).toEqual([1, 'lost']);
  });

  it('--detach returns at once, and the run continues', async () => {
    const folder = await config();
    const { code, json } = await program.run(['train', 'a.train.json', '--detach', '--json'], folder);
    const run = String(json().at(-1)?.['run']);
    expect([code, json().at(-1)?.['status']]).toEqual([0, 'starting']);
    const status = async (): Promise<unknown> => JSON.parse(await readFile(join(run, 'state.json'), 'utf8')).status;
    for (let waited = 0; (await status()) !== 'done' && waited < 30_000; waited += 100) await sleep(100);
    expect(await status()).toBe('done');
    // The trainer still scores, and writes to the folder until it gives its lock back. A busy machine needs a while.
    for (let waited = 0; (await holderOf(run)) !== null && waited < 75_000; waited += 100) await sleep(100);
    expect(await holderOf(run), await readFile(join(run, 'log.txt'), 'utf8')).toBeNull();
  });

  it('a run that fails exits with 1 and the reason', async () => {
    const folder = await config({ max_length: 2 });
    const { code, err, json } = await program.runHere(['train', 'a.train.json', '--json'], folder);
    expect([code, json().at(-1)?.['status']]).toEqual([1, 'failed']);
    expect(err).toContain('max_length');
  });

  it('score writes one line per pair, the same to stdout and to a file', async () => {
    const out = join(await temporaryFolder(), 'rewards.jsonl');
    const { code, json } = await program.runHere([
      'score',
      pairs,
      '--model',
      model,
      '--adapter',
      join(golden, 'sigmoid-final'),
      '--json',
      '--out',
      out,
      '--per_token',
    ]);
    expect(code).toBe(0);
    const rewards = json();
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toEqual(
      rewards.map((reward) => JSON.stringify(reward)),
    );
    expect(rewards.map(({ row }) => row)).toEqual(Array.from({ length: 96 }, (_, row) => row));
    expect(rewards[0]).toMatchObject({
      row: 0,
      line: 1,
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
      margin: expect.any(Number),
    });
    expect(rewards[0]?.['chosen']).toMatchObject({
      tokens: 52,
      ids: expect.any(Array),
      logps: expect.any(Array),
      ref_logps: expect.any(Array),
      texts: expect.any(Array),
    });
  });

  it('score of a model against itself gives rewards of 0', async () => {
    const { code, out } = await program.runHere(['score', pairs, '--model', model]);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('96 pairs · mean margin 0.0000 · accuracy 0.000 · 0 with a negative margin'),
    ]);
  });

  it('score ends without an error if nobody reads its output any more', async () => {
    const running = program.start(['score', pairs, '--model', model, '--json', '--per_token']);
    running.child.stdout?.once('data', () => running.child.stdout?.destroy());
    const { code, err } = await running.ended;
    expect([code, err.includes('EPIPE')]).toEqual([0, false]);
  });

  it('score leaves no file behind if it fails', async () => {
    const folder = await temporaryFolder();
    const bad = join(folder, 'bad.jsonl');
    await writeFile(bad, '{"chosen": 1}\n');
    const { code, err } = await program.runHere(['score', bad, '--model', model, '--out', join(folder, 'out.jsonl')]);
    expect([code, err]).toEqual([1, expect.stringContaining(`${bad}:1`)]);
    expect(await readdir(folder)).toEqual(['bad.jsonl']);
  });

  it('score leaves no file behind after Ctrl+C', async () => {
    const folder = await temporaryFolder();
    const many = join(folder, 'many.jsonl');
    await writeFile(many, (await readFile(pairs, 'utf8')).repeat(40));
    const running = program.start(['score', many, '--model', model, '--json', '--out', join(folder, 'out.jsonl')]);
    running.child.stdout?.once('data', () => running.child.kill('SIGINT'));
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/Stopped after \d+ of 3840 rows; .*out\.jsonl was not written/),
    ]);
    expect(await readdir(folder)).toEqual(['many.jsonl']);
  });

  it.each([
    ['config.json', '{', /config\.json/],
    ['config.json', '{"model_type": "mamba"}', /config\.json.*mamba/],
    ['tokenizer.json', '[]', /tokenizer\.json/],
    ['model.safetensors', 'junk', /model\.safetensors/],
  ])('score and train refuse a model whose %s is %j, and name the file', async (file, content, message) => {
    const folder = await config({ model_name_or_path: 'model', max_steps: 1 });
    await cp(model, join(folder, 'model'), { recursive: true });
    await rm(join(folder, 'model', file));
    await writeFile(join(folder, 'model', file), content);
    const scored = await program.runHere(['score', pairs, '--model', 'model'], folder);
    expect([scored.code, scored.err]).toEqual([1, expect.stringMatching(message)]);
    const trained = await program.runHere(['train', 'a.train.json'], folder);
    expect([trained.code, trained.err]).toEqual([1, expect.stringMatching(message)]);
  });

  it('conversations need a chat template, and the message says so', async () => {
    const folder = await temporaryFolder();
    const turn = (role: string, content: string): object => ({ role, content });
    await writeFile(
      join(folder, 'chat.jsonl'),
      JSON.stringify({
        prompt: [turn('user', 'Q')],
        chosen: [turn('assistant', 'a')],
        rejected: [turn('assistant', 'b')],
      }),
    );
    const { code, err } = await program.runHere(['score', 'chat.jsonl', '--model', model], folder);
    expect([code, err]).toEqual([1, expect.stringMatching(/chat template/)]);
  });

  it('a run folder of a newer version is listed and not resumed', async () => {
    const folder = await config();
    const { json } = await program.runHere(['train', 'a.train.json', '--json', '--max_steps', '1'], folder);
    const run = String(json().at(-1)?.['run']);
    const path = join(run, 'config.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"version": 1', '"version": 2'));
    const [resumed, listed] = [
      await program.runHere(['train', '--resume', run], folder),
      await program.runHere(['runs'], folder),
    ];
    for (const { code, err } of [resumed, listed])
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/config\.json was written by a newer Margin .* Update Margin/),
      ]);
  });

  it('generate continues a text if there is no chat template, and answers each line of stdin separately', async () => {
    const { code, json } = await program.run(
      ['generate', '--model', model, '--max_new_tokens', '5', '--json'],
      undefined,
      'Once upon a time\n\nThere was\n',
    );
    expect([code, json().map(({ prompt }) => prompt)]).toEqual([0, ['Once upon a time', 'There was']]);
    expect(json()[0]).toMatchObject({ tokens: 5, finish_reason: 'length', completion: expect.stringMatching(/^, /) });
  });
});
