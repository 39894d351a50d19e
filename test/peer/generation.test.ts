import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Program } from '../unit/cli/program';
import { hasPeer, peer, sampleModel } from './peer';
import { runPython } from './python';

const program = new Program();
const tokens = 64;

async function answer(model: string, prompt: string): Promise<string> {
  const { code, err, json } = await program.run(['generate', '--model', model, '--prompt', prompt, '--max_new_tokens', String(tokens), '--json']);
  expect(code, err).toBe(0);
  return String(json()[0]?.completion);
}

describe.skipIf(!hasPeer)(`greedy generation of up to ${tokens} tokens, beside transformers`, () => {
  const models = [
    ['the sample’s model', () => sampleModel, ['What colour is a lemon?', 'Name four countries.', 'What is 4 plus 1?', 'Where does a duck live?', 'Spell the word wolf.']],
    [
      'SmolLM2-135M',
      () => peer().smollm2.f32,
      ['Tell me about the sea.', 'How do I boil an egg?', 'Write a short poem about rain.', 'List 5 prime numbers above 20.', 'Why is the sky blue?'],
    ],
  ] as const;

  it.each(models)('%s says the same to five prompts', async (_, folder, prompts) => {
    const model = resolve(folder());
    const ours: string[] = [];
    for (const prompt of prompts) ours.push(await answer(model, prompt));
    expect(ours).toEqual(await runPython(peer().python, 'peer/generate.py', { model, prompts, tokens }));
  });
});
