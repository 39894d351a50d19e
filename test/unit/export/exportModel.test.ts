import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { readAdapter } from '../../../src/model/adapter';
import { openCheckpoint } from '../../../src/model/checkpoint';
import type { Adapter, Checkpoint } from '../../../src/model/types';
import { readState, runPaths } from '../../../src/run/folder';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { sampleFolder } from '../train/sampleRun';
import { exported, finishedRun, keptRun } from './exported';

const model = join(sampleFolder, 'model');
const anyRun = keptRun();

async function logps(checkpoint: Checkpoint, adapter: Adapter | null): Promise<Float32Array> {
  const session = await openScoreSession({ checkpoint, adapter });
  const { tokenLogps } = await session.score(
    packPairs([{ prompt: [5, 80, 91], chosen: [100, 7, 300, 41], rejected: [12, 600] }]),
  );
  await session.release();
  return tokenLogps;
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))), 0);
const json = async (file: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;

describe('an exported run', () => {
  it('as a PEFT adapter has the bytes of its newest checkpoint, and names its base', async () => {
    const run = await anyRun();
    const out = await exported({ path: run });
    expect((await readdir(out)).sort()).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
    const weights = (folder: string): Promise<Buffer> => readFile(join(folder, 'adapter_model.safetensors'));
    expect((await weights(out)).equals(await weights(runPaths.checkpoint(run, 4)))).toBe(true);
    expect(
      (await weights(await exported({ path: run, step: 2 }))).equals(await weights(runPaths.checkpoint(run, 2))),
    ).toBe(true);
    expect(await json(join(out, 'adapter_config.json'))).toEqual(
      await json(join(runPaths.checkpoint(run, 4), 'adapter_config.json')),
    );
  });

  it('merged into files of limited size, gives the log-probs of base and adapter', async () => {
    const run = await anyRun();
    const base = await openCheckpoint(model);
    const expected = await logps(base, await readAdapter(runPaths.checkpoint(run, 4), base));
    expect(largest(expected, await logps(base, null))).toBeGreaterThan(1e-3);
    const out = await exported({ path: run }, { format: 'merged', maxShardBytes: 1e6 });
    expect((await readdir(out)).filter((name) => name.endsWith('.safetensors')).length).toBeGreaterThan(2);
    expect(largest(expected, await logps(await openCheckpoint(out), null))).toBeLessThan(5e-5);
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json']) {
      expect((await readFile(join(out, name))).equals(await readFile(join(model, name))), name).toBe(true);
    }
  });

  it('in another type names it in config.json, which is otherwise unchanged', async () => {
    const own = join(await temporaryFolder(), 'model');
    await cp(model, own, { recursive: true });
    // To Python, 10000.0 and 10000 differ.
    const config = (await readFile(join(own, 'config.json'), 'utf8')).replace(
      '"rope_theta": 10000,',
      '"rope_theta": 10000.0,',
    );
    await writeFile(join(own, 'config.json'), config);
    const out = await exported({ path: own }, { format: 'merged', dtype: 'bf16' });
    expect(await readFile(join(out, 'config.json'), 'utf8')).toBe(config.replace('"float32"', '"bfloat16"'));
    expect([...(await openCheckpoint(out)).weights.values()].every(({ dtype }) => dtype === 'bf16')).toBe(true);
  });

  it('of full training is a merged model, and cannot be an adapter', async () => {
    const run = await finishedRun({ use_peft: false, learning_rate: 1e-4 });
    const out = await exported({ path: run }, { format: 'merged' });
    const weights = (folder: string): Promise<Buffer> => readFile(join(folder, 'model.safetensors'));
    expect((await weights(out)).equals(await weights(runPaths.checkpoint(run, 4)))).toBe(true);
    for (const format of ['peft', 'gguf'] as const) {
      const out = join(await temporaryFolder(), 'out');
      expect(await failureOf(exported({ path: run }, { format, out }))).toMatchObject({
        code: 'no-adapter',
        message: expect.stringContaining('--format merged'),
      });
      expect(existsSync(out)).toBe(false);
    }
  });

  it('as a GGUF adapter is a file named after run and step', async () => {
    const out = await exported({ path: runPaths.checkpoint(await anyRun(), 2) }, { format: 'gguf' });
    expect((await readdir(out)).sort()).toEqual(['README.md', 'a-step-000002-F32-LoRA.gguf']);
  });
});

describe('the source of an export', () => {
  it('may be an adapter’s folder, also after its base has moved', async () => {
    const moved = join(await temporaryFolder(), 'model');
    await cp(model, moved, { recursive: true });
    const run = await finishedRun({ model_name_or_path: moved });
    const adapter = join(await temporaryFolder(), 'mine');
    await cp(runPaths.checkpoint(run, 4), adapter, { recursive: true });
    expect(await readdir(await exported({ path: adapter }))).toHaveLength(3);
    await rename(moved, `${moved}-2`);
    expect(await failureOf(exported({ path: adapter }))).toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining(moved),
    });
    const out = await exported({ path: adapter, model: `${moved}-2` });
    expect(await json(join(out, 'adapter_config.json'))).toMatchObject({ base_model_name_or_path: `${moved}-2` });
  });

  it('may be a .gguf file, whose config then ties the head to the embedding', async () => {
    const gguf = join('test', 'unit', 'model', 'gguf', 'qwen2.gguf');
    const out = await exported({ path: gguf }, { format: 'merged' });
    expect(await json(join(out, 'config.json'))).toMatchObject({
      model_type: 'qwen2',
      tie_word_embeddings: true,
      torch_dtype: 'float32',
    });
    expect((await openCheckpoint(out)).weights.has('lm_head.weight')).toBe(false);
  });

  it('may be the best checkpoint of a run that has one', async () => {
    const run = await anyRun();
    expect(await failureOf(exported({ path: run, step: 'best' }))).toMatchObject({
      code: 'no-checkpoint',
      message: expect.stringContaining('metric_for_best_model'),
    });
    const judged = await finishedRun({
      eval_file: join(sampleFolder, 'heldout.jsonl'),
      eval_steps: 2,
      metric_for_best_model: 'loss',
      greater_is_better: true,
    });
    expect((await readState(judged))?.best?.step).toBe(2);
    const weights = (folder: string): Promise<Buffer> => readFile(join(folder, 'adapter_model.safetensors'));
    expect(
      (await weights(await exported({ path: judged, step: 'best' }))).equals(
        await weights(runPaths.checkpoint(judged, 2)),
      ),
    ).toBe(true);
  });

  it('is refused where there is no checkpoint, or no such step', async () => {
    const run = await anyRun();
    expect(await failureOf(exported({ path: run, step: 3 }))).toMatchObject({
      code: 'no-checkpoint',
      message: expect.stringContaining('no checkpoint of step 3; it has 2, 4.'),
    });
    expect(await failureOf(exported({ path: runPaths.checkpoint(run, 4), step: 2 }))).toMatchObject({
      code: 'not-a-run',
    });
    const empty = await temporaryFolder();
    await mkdir(join(empty, 'checkpoints'));
    await cp(runPaths.config(run), runPaths.config(empty));
    expect(await failureOf(exported({ path: empty }))).toMatchObject({
      code: 'no-checkpoint',
      message: expect.stringContaining('no checkpoint yet'),
    });
  });
});

describe('the folder of an export', () => {
  it('may exist if it is empty, but not with files in it', async () => {
    const [run, out] = [await anyRun(), await temporaryFolder()];
    await exported({ path: run }, { out });
    expect((await readdir(out)).length).toBe(3);
    await writeFile(join(out, 'README.md'), 'mine now');
    expect(await failureOf(exported({ path: run }, { out, format: 'merged' }))).toMatchObject({
      code: 'not-empty',
      message: expect.stringContaining(out),
    });
    expect(await readFile(join(out, 'README.md'), 'utf8')).toBe('mine now');
  });

  it('is complete or absent: an export that is stopped leaves nothing behind', async () => {
    const [run, parent] = [await anyRun(), await temporaryFolder()];
    const stop = new AbortController();
    const stopped = exported(
      { path: run },
      {
        out: join(parent, 'out'),
        format: 'merged',
        signal: stop.signal,
        onProgress: (what) => (what === 'weights' ? stop.abort() : undefined),
      },
    );
    await expect(stopped).rejects.toThrow(/aborted/);
    expect(await readdir(parent)).toEqual([]);
  });

  it('is named in a sentence where it cannot be written', async () => {
    const [run, parent] = [await anyRun(), await temporaryFolder()];
    await writeFile(join(parent, 'file'), '');
    for (const out of [join(parent, 'file'), join(parent, 'file', 'out')]) {
      expect(await failureOf(exported({ path: run }, { out }))).toMatchObject({
        code: 'not-a-folder',
        message: expect.stringContaining(`Cannot write ${out}`),
      });
    }
  });
});
