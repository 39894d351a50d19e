import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Program } from '../unit/cli/program';
import { askPeer, hasPeer, peer, sampleModel } from './peer';

const program = new Program();
const tokens = 32;

/** The answer to each prompt, generated in batches. */
async function answers(model: string, prompts: readonly string[], batchSize: number): Promise<string[]> {
  const args = [
    'generate',
    '--model',
    model,
    '--batch_size',
    String(batchSize),
    '--max_new_tokens',
    String(tokens),
    '--json',
  ];
  const { code, err, json } = await program.run(args, undefined, prompts.join('\n'));
  expect(code, err).toBe(0);
  return json().map(({ completion }) => String(completion));
}

describe.skipIf(!hasPeer)(`greedy generation of up to ${tokens} tokens, beside transformers`, () => {
  const models = [
    [
      'the sample’s model',
      () => sampleModel,
      [
        'What colour is a lemon?',
        'Name four countries.',
        'What is 4 plus 1?',
        'Where does a duck live?',
        'Spell the word wolf.',
      ],
    ],
    [
      'SmolLM2-135M',
      () => peer().smollm2.f32,
      ['Tell me about the sea.', 'How do I boil an egg?', 'Write a short poem about rain.'],
    ],
  ] as const;

  it.each(models)(
    '%s gives the same answers to its prompts, one at a time and all at once',
    async (_, folder, prompts) => {
      const model = resolve(folder());
      const expected = await askPeer('generate.py', { model, prompts, tokens });
      expect(await answers(model, prompts, 1)).toEqual(expected);
      expect(await answers(model, prompts, prompts.length)).toEqual(expected);
    },
  );
});
