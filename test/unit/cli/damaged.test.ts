import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readWeights } from '../../../src/model/readWeights';
import { writeSafetensors } from '../../../src/model/safetensors';
import { copyOf, damagedModel } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const sample = join('media', 'sample', 'model');

async function pairs(): Promise<string> {
  const folder = await temporaryFolder();
  const text = await readFile(join('media', 'sample', 'prefs.jsonl'), 'utf8');
  await writeFile(join(folder, 'pairs.jsonl'), text.split('\n').slice(0, 3).join('\n'));
  return folder;
}

/** All weights are finite, but their products exceed float32. */
async function overflowingModel(): Promise<string> {
  const folder = await copyOf(sample);
  const weights = await readWeights(await openCheckpoint(folder));
  for (const { name, data } of weights.values())
    if (name.includes('.mlp.')) data.forEach((value, i) => (data[i] = value * 1e20));
  await writeSafetensors(join(folder, 'model.safetensors'), weights.values());
  return folder;
}

const damage = /down_proj\.weight holds a NaN or an infinity at element 3\. The file is damaged/;

describe('numbers that are NaN or infinite', () => {
  it.each([
    ['a damaged weight', () => damagedModel(sample), damage],
    [
      'weights without bounds',
      overflowingModel,
      /Line [123]: the log-prob of the chosen answer is NaN under the model and NaN under the reference/,
    ],
  ])('in scores end the scoring, and no file is written: %s', async (_, modelOf, says) => {
    const folder = await pairs();
    const { code, json } = await program.runHere(
      ['score', 'pairs.jsonl', '--model', await modelOf(), '--out', 'rewards.jsonl', '--json'],
      folder,
    );
    expect([code, json()]).toEqual([1, [{ error: expect.objectContaining({ message: expect.stringMatching(says) }) }]]);
    expect(await readdir(folder)).toEqual(['pairs.jsonl']);
  });

  it('in scores of the reference name its weight', async () => {
    const { code, err } = await program.runHere(
      ['score', 'pairs.jsonl', '--model', join(process.cwd(), sample), '--reference', await damagedModel(sample)],
      await pairs(),
    );
    expect([code, err]).toEqual([1, expect.stringMatching(damage)]);
  });

  it.each([
    ['a damaged weight', () => damagedModel(sample), damage],
    ['weights without bounds', overflowingModel, /The logit of token 1 of the answer is NaN/],
  ])('in logits end the answer: %s', async (_, modelOf, says) => {
    const { code, err } = await program.runHere(['generate', '--model', await modelOf(), '--prompt', 'Hi', '--json']);
    expect([code, err]).toEqual([1, expect.stringMatching(says)]);
  });
});
