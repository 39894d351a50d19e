import { readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { openScoreSession } from '../../../src/engine/scoreSession';
import type { ScoreSession } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { unchangedFingerprints, openCachedReference } from '../../../src/reward/cachedReference';
import { resolveRun } from '../../../src/run/resolve';
import { runPaths } from '../../../src/run/folder';
import type { FileFingerprint, TrainConfig } from '../../../src/run/types';
import { copyOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { ofKind, runFolder, train } from '../train/runs';
import { sampleFolder, sampleRun } from '../train/sampleRun';

const print: FileFingerprint = { path: 'model.safetensors', size: 1, sha256: 'aa' };
const batch = packPairs([
  { prompt: [1, 30, 31], chosen: [40, 41, 2], rejected: [42, 2] },
  { prompt: [1, 50], chosen: [51, 2], rejected: [52, 53, 54, 2] },
]);

async function opened(root: string, model = [print]): Promise<ScoreSession> {
  return openCachedReference(
    { checkpoint: await openCheckpoint(join(sampleFolder, 'model')), adapter: null },
    root,
    model,
  );
}

async function files(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true }))
    .filter((name) => name.endsWith('.scores'))
    .map((name) => join(root, name));
}

async function computed(): Promise<Awaited<ReturnType<ScoreSession['score']>>> {
  const session = await openScoreSession({
    checkpoint: await openCheckpoint(join(sampleFolder, 'model')),
    adapter: null,
  });
  const scores = await session.score(batch);
  await session.release();
  return scores;
}

describe('a cached reference', () => {
  it('returns the same bits as before, and writes nothing more', async () => {
    const root = await temporaryFolder();
    for (let time = 0; time < 3; time++) {
      const session = await opened(root);
      expect(await session.score(batch)).toEqual(await computed());
      await session.release();
      expect(await files(root)).toHaveLength(1);
    }
  });

  it('shares no entries with a reference of other weights', async () => {
    const root = await temporaryFolder();
    for (const sha256 of ['aa', 'bb']) await (await opened(root, [{ ...print, sha256 }])).score(batch);
    expect(await readdir(root)).toHaveLength(2);
  });

  it('computes again if its files are damaged or truncated anywhere', async () => {
    const seed = Date.now() % 1e6;
    const random = seededRandom(seed);
    const expected = await computed();
    for (let round = 0; round < 30; round++) {
      const root = await temporaryFolder();
      await (await opened(root)).score(batch);
      const [file = ''] = await files(root);
      const bytes = await readFile(file);
      const at = Math.floor(random() * bytes.length);
      if (random() < 0.3) await truncate(file, at);
      else
        await writeFile(
          file,
          bytes.fill(Math.floor(random() * 256), at, Math.min(bytes.length, at + 1 + Math.floor(random() * 8))),
        );
      expect(await (await opened(root)).score(batch), `seed ${seed}, round ${round}, byte ${at}`).toEqual(expected);
    }
  });

  it('works without its folder, and with one that cannot be written', async () => {
    const root = await temporaryFolder();
    const session = await opened(root);
    await session.score(batch);
    await rm(root, { recursive: true });
    expect(await session.score(batch)).toEqual(await computed());
    const file = join(await temporaryFolder(), 'in-the-way');
    await writeFile(file, '');
    expect(await (await opened(file)).score(batch)).toEqual(await computed());
  });
});

describe('runs that share a cache', () => {
  async function endOf(
    config: TrainConfig,
    cache: string,
  ): Promise<{ folder: string; first: unknown; adapter: Buffer }> {
    const folder = await runFolder(config, await resolveRun(config, {}));
    const [first] = ofKind(await train(folder, { cache, samples: false }), 'train');
    return {
      folder,
      first: first?.metrics,
      adapter: await readFile(join(runPaths.checkpoint(folder, 3), 'adapter_model.safetensors')),
    };
  }

  it('share log-probs whatever their learning rate, rank and β, and end as without a cache', async () => {
    const cache = await temporaryFolder();
    const config = await sampleRun({ max_steps: 3 });
    const cold = await endOf(config, cache);
    const stored = (await files(cache)).sort();
    const warm = await endOf(config, cache);
    const other = await endOf({ ...config, beta: 0.5, learning_rate: 2e-3, lora_r: 2 }, cache);
    expect((await files(cache)).sort()).toEqual(stored);
    expect(warm.adapter.equals(cold.adapter)).toBe(true);
    for (const { first } of [cold, warm, other])
      expect(first).toMatchObject({
        loss: Math.fround(Math.LN2),
        'rewards/chosen': 0,
        'rewards/rejected': 0,
        'rewards/margins': 0,
      });
    expect(await readFile(runPaths.rewards(warm.folder, 3), 'utf8')).toBe(
      await readFile(runPaths.rewards(cold.folder, 3), 'utf8'),
    );
  });

  it('do not use it if the model changed after the run was created', async () => {
    const model = await copyOf(join(sampleFolder, 'model'));
    const past = new Date(Date.now() - 60_000);
    for (const name of await readdir(model)) await utimes(join(model, name), past, past);
    const run = await resolveRun(await sampleRun({ model_name_or_path: model }), {});
    expect(await unchangedFingerprints(run)).toEqual(run.model);
    await utimes(join(model, 'model.safetensors'), new Date(), new Date());
    expect(await unchangedFingerprints({ ...run, created: Date.now() - 30_000 })).toBeNull();
  });
});
