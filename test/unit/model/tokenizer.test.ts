import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer';
import { conformance, llamaCppTexts } from './conformance';
import { copyOf, failureOf } from './files';

/** The tokenizer of stories260K, a small Llama of llama2.c, without its weights. */
const model = 'test/unit/model/stories260K';
const golden = join(model, 'logprobs.json');

interface GoldenPair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly prompt_ids: readonly number[];
  readonly chosen_ids: readonly number[];
  readonly rejected_ids: readonly number[];
}

describe('the tokenizer of stories260K', () => {
  it('gives the recorded ids with BOS first, and decodes them to the text', async () => {
    const { pairs } = JSON.parse(readFileSync(golden, 'utf8')) as { pairs: GoldenPair[] };
    const tokenizer = await openTokenizer(model, 512);
    expect(pairs.length).toBeGreaterThan(5);
    for (const { prompt, chosen, rejected, ...ids } of pairs) {
      expect(tokenizer.encode(prompt, true)).toEqual(ids.prompt_ids);
      expect(tokenizer.encode(`${prompt}${chosen}</s>`, true)).toEqual(ids.chosen_ids);
      expect(tokenizer.encode(`${prompt}${rejected}</s>`, true)).toEqual(ids.rejected_ids);
      expect(tokenizer.decode(ids.chosen_ids).trim()).toBe(prompt + chosen);
    }
    expect(tokenizer).toMatchObject({ eosToken: '</s>', eosId: 2, chat: null });
  });
});

describe.skipIf(!existsSync(conformance))('tokenizer families, compared with llama.cpp', () => {
  it.each([
    ['gpt2', 'gpt-2', 50_257],
    ['phi3', 'phi-3', 32_064],
  ])('%s: every text has the same ids', async (family, vocabulary, size) => {
    const tokenizer = await openTokenizer(join(conformance, family), size);
    const texts = llamaCppTexts(vocabulary);
    expect(texts.length).toBeGreaterThan(40);
    for (const { text, ids } of texts) expect(tokenizer.encode(text, false), JSON.stringify(text)).toEqual(ids);
  });
});

describe('a tokenizer folder', () => {
  it('with more ids than the embedding has rows is refused', async () => {
    expect(await failureOf(openTokenizer(model, 500))).toMatchObject({
      code: 'vocabulary-mismatch',
      message: expect.stringMatching(/tokenizer\.json has the token id 511.*500 rows/),
    });
  });

  it('without tokenizer.json says so', async () => {
    const folder = await copyOf(model);
    await rm(join(folder, 'tokenizer.json'));
    expect(await failureOf(openTokenizer(folder, 512))).toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining('tokenizer.json'),
    });
  });

  it.each(['{', '[]', '{}', '{"model":{"type":"BPE"}}'])('with the tokenizer.json %j is refused', async (text) => {
    const folder = await copyOf(model);
    await writeFile(join(folder, 'tokenizer.json'), text);
    expect(await failureOf(openTokenizer(folder, 512))).toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('tokenizer.json'),
    });
  });

  const template =
    "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + eos_token }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";
  const turns = [{ role: 'user', content: 'Hi' }];

  it.each([
    ['tokenizer_config.json', { chat_template: template }],
    [
      'a list of named templates',
      {
        chat_template: [
          { name: 'tools', template: '-' },
          { name: 'default', template },
        ],
      },
    ],
  ])('takes its chat template from %s', async (_, config) => {
    const folder = await copyOf(model);
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ eos_token: { content: '</s>' }, ...config }),
    );
    const { chat } = await openTokenizer(folder, 512);
    expect(chat?.render(turns, true)).toBe('user: Hi</s>assistant:');
    expect(chat?.render(turns, false)).toBe('user: Hi</s>');
  });

  it('prefers chat_template.jinja, as transformers does', async () => {
    const folder = await copyOf(model);
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ eos_token: '</s>', chat_template: 'old' }));
    await writeFile(join(folder, 'chat_template.jinja'), template);
    expect((await openTokenizer(folder, 512)).chat?.render(turns, false)).toBe('user: Hi</s>');
  });

  it('passes tools to the template if there are any', async () => {
    const folder = await copyOf(model);
    await writeFile(
      join(folder, 'chat_template.jinja'),
      '{% if tools is none %}no tools{% else %}{{ tools | length }}{% endif %}',
    );
    const { chat } = await openTokenizer(folder, 512);
    expect(chat?.render(turns, false)).toBe('no tools');
    expect(chat?.render(turns, false, [{ type: 'function' }])).toBe('1');
  });

  it.each([
    ['{% if %}', 'does not parse'],
    ["{{ raise_exception('roles must alternate') }}", 'roles must alternate'],
  ])('with the failing template %j names file and reason', async (source, reason) => {
    const folder = await copyOf(model);
    await writeFile(join(folder, 'chat_template.jinja'), source);
    const failure = await failureOf(openTokenizer(folder, 512).then(({ chat }) => chat?.render(turns, true)));
    expect(failure).toMatchObject({ code: 'bad-template', message: expect.stringContaining('chat_template.jinja') });
    if (reason !== 'does not parse') expect(failure.message).toContain(reason);
  });
});
