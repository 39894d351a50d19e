import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { statOrNull } from '../base/node/statOrNull';
import { shortKey } from '../base/node/shortKey';
import { openLazily, openScoreSession, scoreDigest } from '../engine/scoreSession';
import type { PackedBatch, ScoreSession, SessionOptions } from '../engine/types';
import type { FileFingerprint, ModelFingerprint, RunConfig } from '../run/types';
import { ScoreStore } from './scoreStore';

/**
 * A reference that looks batches up in a cache before it computes them. The session opens at the first miss.
 *
 * An entry holds the log-probs of one batch. Its key holds everything that decides their bits: the reference's weights
 * and adapter, the graph, ONNX Runtime, processor and threads, and the whole packed batch. The batch contains the token
 * ids, which depend on chat template and truncation. It also contains all of its pairs, because rounding depends on the
 * shape of a batch. So a hit has the bits that the session would compute, and at step 0 policy and reference cancel
 * exactly. A run with another batch size or another order of pairs has no hits.
 *
 * @param root the folder that holds the stores of all references
 * @param model fingerprints of the weights' files, from {@link unchangedFingerprints}
 */
export async function openCachedReference(
  options: SessionOptions,
  root: string,
  model: readonly FileFingerprint[],
): Promise<ScoreSession> {
  const store = await ScoreStore.open(join(root, referenceKey(options, model)));
  const session = openLazily(() => openScoreSession(options));
  return {
    async score(batch) {
      const key = batchKey(batch);
      const found = await store.find(key);
      if (found) return found;
      const scores = await session.score(batch);
      await store.keep(key, scores);
      return scores;
    },
    release: () => session.release(),
  };
}

/**
 * The fingerprints of the model files of a run, if all have one and no file has changed since the run was created.
 * Otherwise null: the weights of the run are unknown, so nothing may be cached.
 */
export async function unchangedFingerprints({
  model,
  created,
}: Pick<RunConfig, 'model' | 'created'>): Promise<readonly FileFingerprint[] | null> {
  const same = await Promise.all(model.map((file) => isUnchanged(file, created)));
  const hashed = model.flatMap(({ path, size, sha256 }) => (sha256 === null ? [] : [{ path, size, sha256 }]));
  return model.length > 0 && hashed.length === model.length && same.every(Boolean) ? hashed : null;
}

/** Whether a file is unchanged since its run was created: the same size, and an older modification time. */
export async function isUnchanged(
  { path, size }: Pick<ModelFingerprint, 'path' | 'size'>,
  created: number,
): Promise<boolean> {
  const now = await statOrNull(path);
  return now !== null && now.size === size && now.mtimeMs < created;
}

function referenceKey(options: SessionOptions, model: readonly FileFingerprint[]): string {
  const files = model
    .map(({ path, sha256 }) => `${basename(path)} ${sha256}`)
    .filter((line) => !/^(tokenizer|special_tokens|chat_template)/.test(line));
  const parameters = options.adapter ? [...options.adapter.parameters.values()] : [];
  const adapter = parameters.flatMap(({ name, data }) => [name, data]);
  return shortKey([scoreDigest(options), ...files.sort(), ...adapter], 32);
}

function batchKey(batch: PackedBatch): Buffer {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(batch).sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(name).update(typeof value === 'number' ? String(value) : value);
  return hash.digest();
}
