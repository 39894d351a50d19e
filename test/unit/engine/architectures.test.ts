import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGenerateSession } from '../../../src/engine/generateSession';
import { packPairs, sequenceValues } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { openTrainSession } from '../../../src/engine/trainSession';
import type { Loss, TokenizedPair } from '../../../src/engine/types';
import { reduceMean } from '../../../src/graph/algebra';
import { scale, sub } from '../../../src/graph/elementwise';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { parseModel } from '../../../src/model/config';
import { createAdapter } from '../../../src/model/lora';
import { writeSafetensors } from '../../../src/model/safetensors';
import type { Adapter, Checkpoint } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { digest, seededWeight } from './seededWeights';

/** What `test/peer/models/architectures.py` recorded of a small random model in `transformers`. */
interface Golden {
  /** config.json as transformers 4 and as transformers 5 spell it. */
  readonly config4: Readonly<Record<string, unknown>>;
  readonly config5: Readonly<Record<string, unknown>>;
  readonly pairs: readonly TokenizedPair[];
  readonly logps: readonly { readonly chosen: readonly number[]; readonly rejected: readonly number[] }[];
  readonly greedy: readonly number[];
  readonly full: Readonly<Record<string, readonly [number, number]>>;
  readonly lora: Readonly<Record<string, string>>;
}

const folder = join('test', 'unit', 'engine', 'goldens');
const names = readdirSync(folder).map((file) => basename(file, '.json'));

/** As in the script: both sides count, and differently. */
const loss: Loss = { loss: ({ chosen, rejected }) => scale(reduceMean(sub(scale(rejected, 0.5), chosen)), 0.1) };

async function checkpointOf(config: Golden['config4'], { full }: Golden): Promise<Checkpoint> {
  const [text, at] = [JSON.stringify(config), await temporaryFolder()];
  const { tensors, modelType } = parseModel(text, 'config.json', new Set(Object.keys(full)));
  expect([...tensors.keys()].sort()).toEqual(Object.keys(full).sort());
  const aroundOne = (name: string): boolean => name.endsWith('.weight') && !modelType.startsWith('gemma');
  const weights = [...tensors].map(([name, shape]) => ({ name, shape, data: seededWeight(name, shape, aroundOne(name)) }));
  await writeFile(join(at, 'config.json'), text);
  await writeSafetensors(join(at, 'model.safetensors'), weights);
  return openCheckpoint(at);
}

function adapterOf(checkpoint: Checkpoint): Adapter {
  const adapter = createAdapter(checkpoint, { r: 2, alpha: 3, rslora: false, dropout: 0, targets: 'all-linear' }, Math.random);
  for (const { name, shape, data } of adapter.parameters.values()) {
    const factor = Math.fround(0.3);
    data.set(seededWeight(name, shape, false).map((value) => value * factor));
  }
  return adapter;
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe.each(names)('%s', (name) => {
  const golden = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Golden;
  const batch = packPairs(golden.pairs);

  it.each([4, 5])('has the log-probs that transformers has, its config spelled as by transformers %i', async (version) => {
    const checkpoint = await checkpointOf(version === 5 ? golden.config5 : golden.config4, golden);
    const session = await openScoreSession({ checkpoint, adapter: null });
    const { tokenLogps } = await session.score(batch);
    await session.release();
    golden.logps.forEach((sides, pair) => {
      for (const [sequence, expected] of [[pair, sides.chosen], [golden.pairs.length + pair, sides.rejected]] as const) {
        const ours = sequenceValues(batch, tokenLogps, sequence);
        expect(ours).toHaveLength(expected.length);
        ours.forEach((logp, t) => expect(Math.abs(logp - (expected[t] ?? Number.NaN)), `pair ${pair} token ${t}: ${logp} for ${expected[t]}`).toBeLessThan(5e-5));
      }
    });
  });

  it('has the LoRA gradients that PEFT has, on the modules that PEFT takes', async () => {
    const checkpoint = await checkpointOf(golden.config5, golden);
    const session = await openTrainSession({ checkpoint, adapter: adapterOf(checkpoint), loss, full: false });
    const { gradients } = await session.step(batch, new Float32Array(2 * batch.pairs));
    await session.release();
    expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.lora).sort());
    for (const [key, encoded] of Object.entries(golden.lora)) {
      const expected = new Float32Array(new Uint8Array(Buffer.from(encoded, 'base64')).buffer);
      const difference = expected.map((value, i) => value - (gradients.get(key)?.[i] ?? Number.NaN));
      expect(norm(difference) / norm(expected), key).toBeLessThan(1e-4);
    }
  });

  it('has the gradients of all weights that transformers has', async () => {
    const checkpoint = await checkpointOf(golden.config5, golden);
    const session = await openTrainSession({ checkpoint, adapter: null, loss, full: true });
    const { gradients } = await session.step(batch, new Float32Array(2 * batch.pairs));
    await session.release();
    expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.full).sort());
    for (const [key, [length, along]] of Object.entries(golden.full)) {
      const [ours, oursAlong] = digest(key, gradients.get(key) ?? new Float32Array());
      expect(Math.abs(ours - length), `${key}: norm ${ours} for ${length}`).toBeLessThan(1e-4 * length + 1e-7);
      expect(Math.abs(oursAlong - along), `${key}: ${oursAlong} for ${along} of norm ${length}`).toBeLessThan(1e-4 * length + 1e-7);
    }
  });

  it('goes on greedily, from its cache, as transformers does without one', async () => {
    const checkpoint = await checkpointOf(golden.config5, golden);
    const session = await openGenerateSession({ checkpoint, adapter: null });
    const ids: number[] = [];
    const options = { maxNewTokens: golden.greedy.length, temperature: 0, topP: 1, seed: 0, stopIds: new Set<number>() };
    for await (const id of session.generate(golden.pairs[1]?.prompt ?? [], options)) ids.push(id);
    await session.release();
    expect(ids).toEqual(golden.greedy);
  });
});
