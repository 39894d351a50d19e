import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openLater, openScoreSession, scoreDigest } from '../engine/scoreSession';
import type { PackedBatch, ScoreSession, SessionOptions } from '../engine/types';
import type { FileFingerprint, ModelFingerprint, RunConfig } from '../run/types';
import { ScoreStore } from './scoreStore';

/**
 * A reference that looks batches up before it computes them; the session opens at the first miss. An entry is keyed by
 * all that decides its bits: the reference's weights and adapter, the graph as written, runtime, processor and threads,
 * and the whole packed batch (token ids, and with them template and truncation; and the pairs it was computed with, for
 * rounding depends on the shape of a batch). So a hit is bit for bit what would be computed, and at step 0 policy and
 * reference cancel exactly, cached or not. The price: other batch sizes or another order of pairs compute anew.
 *
 * @param root the folder of all stores
 * @param model fingerprints of the weights' files, from {@link knownWeights}
 */
export async function openCachedReference(
  options: SessionOptions,
  root: string,
  model: readonly FileFingerprint[],
): Promise<ScoreSession> {
  const store = await ScoreStore.open(join(root, referenceKey(options, model)));
  const session = openLater(() => openScoreSession(options));
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
 * The run's fingerprints, if no file changed since they were taken; null: nothing can be said of the weights, so
 * nothing is cached.
 */
export async function knownWeights({
  model,
  created,
}: Pick<RunConfig, 'model' | 'created'>): Promise<readonly FileFingerprint[] | null> {
  const same = await Promise.all(model.map((file) => isUnchanged(file, created)));
  const hashed = model.flatMap(({ path, size, sha256 }) => (sha256 === null ? [] : [{ path, size, sha256 }]));
  return model.length > 0 && hashed.length === model.length && same.every(Boolean) ? hashed : null;
}

/** Whether a file is what it was when its run was made. */
export async function isUnchanged(
  { path, size }: Pick<ModelFingerprint, 'path' | 'size'>,
  created: number,
): Promise<boolean> {
  const now = await stat(path).catch(() => null);
  return now !== null && now.size === size && now.mtimeMs < created;
}

function referenceKey(options: SessionOptions, model: readonly FileFingerprint[]): string {
  const hash = createHash('sha256').update(scoreDigest(options));
  const files = model
    .map(({ path, sha256 }) => `${basename(path)} ${sha256}`)
    .filter((line) => !/^(tokenizer|special_tokens|chat_template)/.test(line));
  for (const line of files.sort()) hash.update(line);
  for (const { name, data } of options.adapter?.parameters.values() ?? []) hash.update(name).update(data);
  return hash.digest('hex').slice(0, 32);
}

function batchKey(batch: PackedBatch): Buffer {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(batch).sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(name).update(typeof value === 'number' ? String(value) : value);
  return hash.digest();
}
