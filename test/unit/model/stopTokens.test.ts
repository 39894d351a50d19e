import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStopIds } from '../../../src/model/stopTokens';
import { openTokenizer } from '../../../src/model/tokenizer';
import { copyOf, failureOf } from './files';

/** The sample's model: `<|endoftext|>` is 0, `<|im_start|>` 1, `<|im_end|>`, its EOS and the end of a turn, 2. */
async function model(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await copyOf(join('media', 'sample', 'model'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  return folder;
}

async function stopIds(files: Readonly<Record<string, unknown>>): Promise<number[]> {
  const folder = await model(files);
  return [...(await readStopIds(folder, await openTokenizer(folder, 768)))].sort((a, b) => a - b);
}

const template = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}";

describe('an answer ends at', () => {
  it('every id that generation_config.json lists', async () => {
    expect(await stopIds({ 'generation_config.json': { eos_token_id: [2, 17, 300] } })).toEqual([2, 17, 300]);
  });

  it('the id of config.json, even if generation_config.json has none', async () => {
    expect(await stopIds({ 'generation_config.json': {}, 'config.json': { eos_token_id: 55 } })).toEqual([2, 55]);
  });

  it('the special token that ends a turn, although every file names only the end of text', async () => {
    const files = { 'generation_config.json': { eos_token_id: 0 }, 'config.json': { eos_token_id: 0 } };
    expect(
      await stopIds({ ...files, 'tokenizer_config.json': { eos_token: '<|endoftext|>', chat_template: template } }),
    ).toEqual([0, 2]);
    expect(await stopIds({ ...files, 'tokenizer_config.json': { eos_token: '<|endoftext|>' } })).toEqual([0]);
  });

  it('no ordinary token, even if the template ends turns with text', async () => {
    const plain = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n\nBye{% endfor %}";
    expect(
      await stopIds({
        'tokenizer_config.json': { eos_token: '<|endoftext|>', chat_template: plain },
        'generation_config.json': {},
        'config.json': {},
      }),
    ).toEqual([0]);
  });
});

it('an id that is not a number is refused, and the message names file and field', async () => {
  const folder = await model({ 'generation_config.json': { eos_token_id: ['</s>'] } });
  expect(await failureOf(readStopIds(folder, await openTokenizer(folder, 768)))).toMatchObject({
    code: 'bad-config',
    message: expect.stringMatching(/generation_config\.json: "eos_token_id"/),
  });
});
