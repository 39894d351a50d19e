import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { readState } from '../../../src/run/folder';
import { findTrouble } from '../../../src/train/numericTrouble';
import { damagedModel, failureOf } from '../model/files';
import { runFolder, train } from './runs';
import { sampleFolder, sampleRun } from './sampleRun';

/** Two pairs whose answers begin alike; predictions of the second start at 5. */
const batch = packPairs([
  { prompt: [1, 2], chosen: [3, 4, 5], rejected: [3, 6] },
  { prompt: [1], chosen: [7, 8], rejected: [9, 10, 11] },
]);
const fine = (): Float32Array => new Float32Array(batch.predictions).fill(-1);
const measures = {
  sequenceLogps: Float32Array.of(-3, -2, -2, -3),
  tokenLogps: fine(),
  entropy: fine(),
  meanLogit: fine(),
  top1: fine(),
  loss: 0.5,
};
const reference = new Float32Array(4);

describe('a result that is not finite', () => {
  it('names the pair, side and token of its log-prob', () => {
    const places = Array.from({ length: batch.predictions }, (_, m) =>
      findTrouble(batch, { ...measures, tokenLogps: fine().fill(NaN, m, m + 1) }, reference),
    );
    expect(places.map((found) => [found?.pair, found?.token?.side, found?.token?.index, found?.token?.id])).toEqual([
      [0, 'chosen', 0, 3],
      [0, 'chosen', 1, 4],
      [0, 'chosen', 2, 5],
      [0, 'rejected', 1, 6],
      [1, 'chosen', 0, 7],
      [1, 'chosen', 1, 8],
      [1, 'rejected', 0, 9],
      [1, 'rejected', 1, 10],
      [1, 'rejected', 2, 11],
    ]);
    expect(places[0]?.what).toBe('its log-prob is NaN');
  });

  it('names a token of the prompt where the loss reads prompts', () => {
    const pairs = [
      { prompt: [1, 2], chosen: [3], rejected: [4] },
      { prompt: [5, 6, 7], chosen: [8], rejected: [9] },
    ];
    const withPrompts = packPairs(pairs, { ldAlpha: null, prompts: true });
    const logps = (): Float32Array => new Float32Array(withPrompts.predictions).fill(-1);
    const sums = { ...measures, entropy: logps(), meanLogit: logps(), top1: logps() };
    const found = Array.from({ length: withPrompts.predictions }, (_, m) =>
      findTrouble(withPrompts, { ...sums, tokenLogps: logps().fill(Number.NaN, m, m + 1) }, reference),
    );
    expect(found).toContainEqual(expect.objectContaining({ pair: 1, token: { side: 'prompt', index: 2, id: 7 } }));
    expect(found).toContainEqual(expect.objectContaining({ pair: 1, token: { side: 'rejected', index: 0, id: 9 } }));
  });

  it('in the loss alone names the least likely token of the pair furthest from its reference', () => {
    const tokenLogps = fine();
    tokenLogps[7] = -40;
    const found = findTrouble(
      batch,
      { ...measures, tokenLogps, sequenceLogps: Float32Array.of(-3, -2, -2, -90), loss: Infinity },
      reference,
    );
    expect(found).toMatchObject({
      what: 'the loss is Infinity',
      pair: 1,
      token: { side: 'rejected', index: 1, id: 10 },
    });
    expect(findTrouble(batch, measures, reference)).toBeNull();
  });
});

describe('a run with numbers that are not finite', () => {
  it.each([
    [
      'weights that exploded in a step',
      { learning_rate: 1e30 },
      2,
      /Step 2, .*pairs\.jsonl:\d+, (chosen|rejected), token \d+ \(".*"\): its log-prob is (NaN|-?Infinity)\. This step was not applied; .*step-000001/,
    ],
    [
      'an exploding gradient',
      { beta: 1e15 },
      1,
      /Step 1, .*pairs\.jsonl:\d+, .*: the gradient's norm is \d.*There is no checkpoint yet\./,
    ],
  ])('from %s stops, names step, line and token, and keeps its last good checkpoint', async (_, change, step, says) => {
    const folder = await runFolder(await sampleRun({ ...change, max_steps: 5, save_steps: 1 }));
    expect((await failureOf(train(folder))).message).toMatch(says);
    expect(await readState(folder)).toMatchObject({ status: 'failed', step: step - 1 });
    expect(await readdir(join(folder, 'checkpoints')).catch(() => [])).toEqual(step > 1 ? ['step-000001'] : []);
  });

  it('after its last step fails at its samples, and is not scored', async () => {
    const folder = await runFolder(await sampleRun({ learning_rate: 1e30, max_steps: 1 }));
    expect(await failureOf(train(folder))).toMatchObject({
      code: 'not-finite',
      message: expect.stringMatching(/weights have diverged\. Use an earlier checkpoint/),
    });
    expect(await readState(folder)).toMatchObject({ status: 'failed', step: 1 });
    expect(await readdir(join(folder, 'rewards'))).toEqual(['visits.jsonl']);
  });

  it('from a damaged weight names its file and tensor, and no pair', async () => {
    const model = await damagedModel(join(sampleFolder, 'model'));
    const folder = await runFolder(await sampleRun({ model_name_or_path: model, max_steps: 2 }));
    const failure = await failureOf(train(folder));
    expect(failure).toMatchObject({
      code: 'bad-weight',
      message: expect.stringMatching(
        /model\.safetensors: model\.layers\.0\.mlp\.down_proj\.weight holds a NaN or an infinity at element 3\. The file is damaged/,
      ),
    });
    expect(await readState(folder)).toMatchObject({ status: 'failed', step: 0 });
  });
});
