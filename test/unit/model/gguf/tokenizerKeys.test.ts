import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseObject } from '../../../../src/model/fields';
import { Metadata } from '../../../../src/model/gguf/config';
import { readGgufHeader } from '../../../../src/model/gguf/header';
import { tokenizerOf } from '../../../../src/model/gguf/tokenizer';
import { tokenizerKeys } from '../../../../src/model/gguf/tokenizerKeys';
import { writeGguf } from '../../../../src/model/gguf/write';
import { openTokenizer } from '../../../../src/model/tokenizer';
import { temporaryFolder } from '../../run/temporaryFolder';
import { sampleFolder } from '../../train/sampleRun';
import { conformance, llamaCppTexts } from '../conformance';
import { failureOf } from '../files';

const sampleModel = join(sampleFolder, 'model');
const stories = '../shared/models/stories260K-hf';
const hard = [
  'Hello  world',
  ' leading',
  'it’s 1234567 — ½\n\n\t x',
  '漢字と😀',
  '<|im_start|>user\nHi<|im_end|>',
  'a<s>b</s>',
  '',
];

/** The tokenizer of a folder, written as keys of a GGUF file and read from that file. */
async function throughGguf(folder: string, size: number): Promise<string> {
  const [file, again] = [join(await temporaryFolder(), 'vocabulary.gguf'), await temporaryFolder()];
  await writeGguf(file, new Map(await tokenizerKeys(folder, size, {})), []);
  const { tokenizer, config } = tokenizerOf(new Metadata(await readGgufHeader(file), file));
  await writeFile(join(again, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(again, 'tokenizer_config.json'), JSON.stringify(config));
  return again;
}

/** A copy of a model's tokenizer with other keys in tokenizer.json. */
async function changed(folder: string, change: (definition: Record<string, unknown>) => object): Promise<string> {
  const copy = await temporaryFolder();
  const definition = parseObject(await readFile(join(folder, 'tokenizer.json'), 'utf8'), 'tokenizer.json');
  await writeFile(join(copy, 'tokenizer.json'), JSON.stringify({ ...definition, ...change({ ...definition }) }));
  if (existsSync(join(folder, 'tokenizer_config.json')))
    await cp(join(folder, 'tokenizer_config.json'), join(copy, 'tokenizer_config.json'));
  return copy;
}

describe('a tokenizer written into a GGUF file', () => {
  it.each([
    ['the sample’s byte-level BPE', sampleModel, 768],
    ['SentencePiece’s BPE with bytes', stories, 512],
  ])('%s gives the same ids, texts, special tokens and chat as tokenizer.json', async (_, folder, size) => {
    const [own, again] = [
      await openTokenizer(folder, size),
      await openTokenizer(await throughGguf(folder, size), size),
    ];
    for (const text of hard)
      for (const special of [true, false]) {
        const ids = own.encode(text, special);
        expect(again.encode(text, special), JSON.stringify(text)).toEqual(ids);
        expect(again.decode(ids), JSON.stringify(text)).toBe(own.decode(ids));
      }
    expect([again.bosId, again.eosId]).toEqual([own.bosId, own.eosId]);
    const turns = [{ role: 'user', content: 'Hi' }];
    expect(again.chat?.render(turns, true)).toBe(own.chat?.render(turns, true));
  });

  it.skipIf(!existsSync(conformance))('of GPT-2 encodes every test text of llama.cpp to its ids', async () => {
    const { encode } = await openTokenizer(await throughGguf(join(conformance, 'gpt2'), 50_257), 50_257);
    for (const { text, ids } of llamaCppTexts('gpt-2')) expect(encode(text, false), JSON.stringify(text)).toEqual(ids);
  });

  it('has a token of its own for each row of the embedding', async () => {
    const keys = new Map(await tokenizerKeys(sampleModel, 770, {}));
    expect(keys.get('tokenizer.ggml.tokens')).toMatchObject({
      texts: expect.arrayContaining(['[PAD768]', '[PAD769]']),
    });
  });

  it('is refused by the part that llama.cpp would compute in another way', async () => {
    const failure = async (folder: string, size = 768): Promise<unknown> => failureOf(tokenizerKeys(folder, size, {}));
    const refused = (what: string): object => ({ code: 'unsupported-gguf', message: expect.stringContaining(what) });
    const split = { type: 'Split', pattern: { Regex: '\\s' }, behavior: 'Isolated', invert: false };
    expect(await failure(await changed(sampleModel, () => ({ pre_tokenizer: split })))).toMatchObject(
      refused('none that Margin knows by a name of llama.cpp'),
    );
    expect(await failure(await changed(sampleModel, () => ({ model: { type: 'Unigram' } })))).toMatchObject(
      refused('"Unigram"'),
    );
    const stripping = [{ id: 0, content: '<|endoftext|>', special: true, rstrip: true }];
    expect(await failure(await changed(sampleModel, () => ({ added_tokens: stripping })))).toMatchObject(
      refused('<|endoftext|> strips the space'),
    );
    const around = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '[CLS]' } }, { Sequence: { id: 'A' } }],
    };
    expect(await failure(await changed(sampleModel, () => ({ post_processor: around })))).toMatchObject(
      refused('[CLS]'),
    );
    expect(await failure(sampleModel, 700)).toMatchObject(refused('of 700'));
    const metaspace = { normalizer: null, pre_tokenizer: { type: 'Metaspace', split: false, prepend_scheme: 'first' } };
    expect(await failure(await changed(stories, () => metaspace), 512)).toMatchObject(refused('put spaces elsewhere'));
    const fewer = await changed(stories, ({ model }) => {
      const bpe = model as { readonly merges: readonly unknown[] };
      return { model: { ...bpe, merges: bpe.merges.slice(0, -5) } };
    });
    expect(await failure(fewer, 512)).toMatchObject(refused('not all pairs that make a token'));
  });
});
