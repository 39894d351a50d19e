import { describe, expect, it } from 'vitest';
import { openGenerateSession } from '../../../src/engine/generateSession';
import { packPairs, sequenceValues } from '../../../src/engine/packPairs';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { openTrainSession } from '../../../src/engine/trainSession';
import type { Loss } from '../../../src/engine/types';
import { reduceMean } from '../../../src/graph/algebra';
import { scale, sub } from '../../../src/graph/elementwise';
import { createAdapter } from '../../../src/model/lora';
import type { Adapter, Checkpoint } from '../../../src/model/types';
import { architectureNames, checkpointOf, readArchitecture } from './architectureGoldens';
import { digest, seededWeight } from './seededWeights';

/** The loss of `test/peer/models/architectures.py`, in which both sides count differently. */
const loss: Loss = { loss: ({ chosen, rejected }) => scale(reduceMean(sub(scale(rejected, 0.5), chosen)), 0.1) };

function adapterOf(checkpoint: Checkpoint): Adapter {
  const adapter = createAdapter(
    checkpoint,
    { r: 2, alpha: 3, rslora: false, dropout: 0, targets: 'all-linear' },
    Math.random,
  );
  for (const { name, shape, data } of adapter.parameters.values()) {
    const factor = Math.fround(0.3);
    data.set(seededWeight(name, shape, false).map((value) => value * factor));
  }
  return adapter;
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe.each(architectureNames)('%s', (name) => {
  const golden = readArchitecture(name);
  const batch = packPairs(golden.pairs);

  it.each([4, 5])('has the same log-probs as transformers, with the config of transformers %i', async (version) => {
    const checkpoint = await checkpointOf(version === 5 ? golden.config5 : golden.config4, golden);
    const session = await openScoreSession({ checkpoint, adapter: null });
    const { tokenLogps } = await session.score(batch);
    await session.release();
    golden.logps.forEach((sides, pair) => {
      for (const [sequence, expected] of [
        [pair, sides.chosen],
        [golden.pairs.length + pair, sides.rejected],
      ] as const) {
        const ours = sequenceValues(batch, tokenLogps, sequence);
        expect(ours).toHaveLength(expected.length);
        ours.forEach((logp, t) =>
          expect(
            Math.abs(logp - (expected[t] ?? Number.NaN)),
            `pair ${pair} token ${t}: ${logp} for ${expected[t]}`,
          ).toBeLessThan(5e-5),
        );
      }
    });
  });

  it('has the same LoRA gradients as PEFT, on the same modules', async () => {
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

  it('has the same gradients of all weights as transformers', async () => {
    const checkpoint = await checkpointOf(golden.config5, golden);
    const session = await openTrainSession({ checkpoint, adapter: null, loss, full: true });
    const { gradients } = await session.step(batch, new Float32Array(2 * batch.pairs));
    await session.release();
    expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.full).sort());
    for (const [key, [length, along]] of Object.entries(golden.full)) {
      const [ours, oursAlong] = digest(key, gradients.get(key) ?? new Float32Array());
      expect(Math.abs(ours - length), `${key}: norm ${ours} for ${length}`).toBeLessThan(1e-4 * length + 1e-7);
      expect(Math.abs(oursAlong - along), `${key}: ${oursAlong} for ${along} of norm ${length}`).toBeLessThan(
        1e-4 * length + 1e-7,
      );
    }
  });

  it('generates greedily with its cache what transformers generates without one', async () => {
    const checkpoint = await checkpointOf(golden.config5, golden);
    const session = await openGenerateSession({ checkpoint, adapter: null });
    const ids: number[] = [];
    for await (const { id } of session.generate([golden.pairs[1]?.prompt ?? []], {
      maxNewTokens: golden.greedy.length,
      stopIds: new Set(),
    }))
      ids.push(id);
    await session.release();
    expect(ids).toEqual(golden.greedy);
  });
});
