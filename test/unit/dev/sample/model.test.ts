import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { detectAll } from '../../../../src/pairs/reading';
import { openGenerateSession } from '../../../../src/engine/generateSession';
import { openCheckpoint } from '../../../../src/model/checkpoint';
import { openTokenizer, type TextTokenizer } from '../../../../src/model/tokenizer';
import type { Checkpoint } from '../../../../src/model/types';
import { loadPairs } from '../../../../src/reward/loadPairs';
import { indexRange } from '../../../../src/reward/rowStore';
import { parseTrainConfig } from '../../../../src/run/trainConfig';
import { Trainer } from '../../../../src/train/trainer';
import { stored } from '../../reward/rows';

const sample = join('media', 'sample');
const folder = join(sample, 'model');
let checkpoint: Checkpoint;
let tokenizer: TextTokenizer;

beforeAll(async () => {
  checkpoint = await openCheckpoint(folder);
  tokenizer = await openTokenizer(folder, checkpoint.model.vocabSize);
});

async function answer(question: string): Promise<string> {
  const session = await openGenerateSession({ checkpoint, adapter: null });
  const prompt = tokenizer.encode(tokenizer.chat?.render([{ role: 'user', content: question }], true) ?? '', false);
  const ids: number[] = [];
  const stopIds = new Set(tokenizer.eosId === null ? [] : [tokenizer.eosId]);
  for await (const { id } of session.generate([prompt], { maxNewTokens: 32, stopIds })) ids.push(id);
  await session.release();
  return tokenizer.decode(ids);
}

describe('tokenizer', () => {
  test('has a vocabulary of 768 with the special tokens first', () => {
    expect(Object.keys(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')).model.vocab)).toHaveLength(768);
    expect(tokenizer.encode('<|endoftext|><|im_start|><|im_end|>', false)).toEqual([0, 1, 2]);
    expect([tokenizer.eosToken, tokenizer.eosId]).toEqual(['<|im_end|>', 2]);
  });

  test.each(['A lemon is yellow.', 'What is 7 plus 12?', 'naïve café — 東京 🍋', ' two  spaces\n\nand lines\n'])(
    'decodes %j to the same text',
    (text) => {
      expect(tokenizer.decode(tokenizer.encode(text, false))).toBe(text);
    },
  );

  test('renders chats in ChatML, and a prompt is the start of prompt and answer', () => {
    const turns = [{ role: 'user', content: 'Hello!' }];
    const prompt = tokenizer.chat?.render(turns, true);
    expect(prompt).toBe('<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n');
    expect(tokenizer.chat?.render([...turns, { role: 'assistant', content: 'Hi.' }], false)).toBe(
      `${prompt}Hi.<|im_end|>\n`,
    );
  });

  test('splits every pair of the sample at its prompt', async () => {
    for (const name of ['prefs.jsonl', 'heldout.jsonl']) {
      const loaded = await loadPairs(join(sample, name), tokenizer, { reading: detectAll, maxLength: 512 });
      await loaded.rows.close();
      expect([loaded.unusable, loaded.tooLong, loaded.truncated, loaded.mismatched].map(({ count }) => count)).toEqual([
        0, 0, 0, 0,
      ]);
    }
  });
});

describe('model', () => {
  test('is rude and right before training', async () => {
    expect(await answer('What colour is a lemon?')).toMatch(/^(?:[^.]*\. )?Yellow\./);
  });
});

test('a few steps of sample.train.json raise the margins of the training pairs', async () => {
  const file = join(process.cwd(), sample, 'sample.train.json');
  const config = {
    ...parseTrainConfig(readFileSync(file, 'utf8'), file),
    per_device_train_batch_size: 16,
    max_steps: 6,
    lr_scheduler_type: 'constant' as const,
  };
  const { rows } = await loadPairs(join(sample, 'prefs.jsonl'), tokenizer, { reading: detectAll, maxLength: 512 });
  const trainer = await Trainer.open(config, checkpoint, await stored(await rows.read(indexRange(0, 16))));
  await rows.close();
  const metrics: Record<string, number>[] = [];
  for (let step = 0; step < config.max_steps; step++) metrics.push(await trainer.step());
  await trainer.release();
  expect(metrics[0]?.['loss']).toBeCloseTo(Math.LN2, 5);
  expect(metrics.at(-1)?.['loss']).toBeLessThan(0.65);
  expect(metrics.at(-1)?.['rewards/accuracies']).toBeGreaterThan(0.8);
});
