import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mostSamplePrompts, readSamplePrompts } from '../../../src/run/samplePrompts';
import { temporaryFolder } from './temporaryFolder';

async function saved(name: string, text: string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  return path;
}
const user = (content: string) => ({ role: 'user', content });

describe('a file of prompts for samples', () => {
  it('has one prompt a line of text', async () => {
    const path = await saved('a.txt', '\ufeffWhat is 2 + 2?\r\n\r\n{"a": 1}\n');
    expect(await readSamplePrompts(path)).toEqual({
      prompts: [[user('What is 2 + 2?')], [user('{"a": 1}')]],
      all: 2,
    });
  });

  it('has a prompt in each row of JSON Lines, whatever the shape', async () => {
    const system = { role: 'system', content: 'S' };
    const rows = [
      'a',
      { prompt: 'b' },
      { prompt: [system, user('c')] },
      { messages: [user('d'), { role: 'assistant', content: 'x' }, user('e'), { role: 'assistant', content: 'y' }] },
      { prompt: 'f', chosen: 'x', rejected: 'y' },
      { prompt: 'g', completion: 'x', label: true },
    ];
    const { prompts } = await readSamplePrompts(
      await saved('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    );
    expect(prompts).toEqual([
      [user('a')],
      [user('b')],
      [system, user('c')],
      [user('d'), { role: 'assistant', content: 'x' }, user('e')],
      [user('f')],
      [user('g')],
    ]);
  });

  it('is read up to a number of prompts, and says how many it has', async () => {
    const lines = Array.from({ length: mostSamplePrompts + 5 }, (_, i) => `Prompt ${i}`);
    const { prompts, all } = await readSamplePrompts(await saved('a.txt', lines.join('\n')));
    expect([prompts.length, all]).toEqual([mostSamplePrompts, mostSamplePrompts + 5]);
  });

  it.each([
    ['a line without a prompt', '{"prompt":"a"}\n{"text":"b"}', /a\.jsonl:2 has no prompt/],
    ['a line that is not JSON', 'What?', /a\.jsonl:1 has no prompt/],
    ['no line', '\n', /has no prompt: write one a line/],
  ])('is refused with %s', async (_, text, message) => {
    await expect(readSamplePrompts(await saved('a.jsonl', text))).rejects.toMatchObject({
      code: 'config-file',
      message: expect.stringMatching(message),
      details: { field: 'sample_prompts_file' },
    });
  });

  it('is refused if it is missing', async () => {
    const path = join(await temporaryFolder(), 'gone.txt');
    await expect(readSamplePrompts(path)).rejects.toMatchObject({ code: 'config-file' });
  });
});
