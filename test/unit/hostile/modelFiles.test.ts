import { rm, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TimeLimit } from '../../../src/base/node/timeLimit';
import { ChatTemplate } from '../../../src/model/chatTemplate';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readGgufHeader } from '../../../src/model/gguf/header';
import { resolveTargets } from '../../../src/model/loraTargets';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { openTokenizer } from '../../../src/model/tokenizer';
import { copyOf, failureOf, writeRaw } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { hasFifos, makeFifo } from './fifo';

const sample = 'media/sample/model';
const vocabulary = 4096;

async function changed(file: string, change: (json: Record<string, unknown>) => object): Promise<string> {
  const folder = await copyOf(sample);
  const path = join(folder, file);
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)));
  return folder;
}

describe('a chat template that takes too long is stopped', () => {
  const turns = [{ role: 'user', content: 'a'.repeat(1 << 20) }];
  const endless = '{% for a in range(1300) %}{% for b in range(1300) %}{% endfor %}{% endfor %}';
  it.each([
    ['empty iterations', endless],
    [
      'searches of a long text',
      "{% for a in range(60000) %}{% if 'b' in messages[0].content %}x{% endif %}{% endfor %}",
    ],
    ['190,000 spaces', `{{ messages[0].role${' '.repeat(190_000)}}}`],
  ])('%s', (_, source) => {
    const limit = new TimeLimit(200, 'slow-tokenizer', 'The template takes too long.');
    const render = (): string => new ChatTemplate(source, 'f', {}, limit).render(turns, false);
    expect(render).toThrow(/takes too long|within 2,000,000 steps/);
  });

  it('a template that took too long on three rows is not rendered again, so a long file does not wait for each row', () => {
    const limit = new TimeLimit(50, 'slow-tokenizer', 'The template takes too long.');
    const template = new ChatTemplate(
      "{% for a in range(60000) %}{% if 'b' in messages[0].content %}{% endif %}{% endfor %}",
      'f',
      {},
      limit,
    );
    const reasons = Array.from({ length: 5 }, () => {
      try {
        return template.render(turns, false);
      } catch (error) {
        return String(error);
      }
    });
    expect(reasons.map((reason) => reason.includes('not tried again'))).toEqual([false, false, false, true, true]);
  });
});

describe('a pattern that takes too long is stopped', () => {
  it('in tokenizer.json', async () => {
    const slow = { type: 'Split', pattern: { Regex: '(?:a+)+$' }, behavior: 'Isolated', invert: false };
    const folder = await changed('tokenizer.json', (json) => ({
      ...json,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [slow, json.pre_tokenizer] },
    }));
    const tokenizer = await openTokenizer(folder, vocabulary, 500);
    expect(tokenizer.encode('a bee', false).length).toBeGreaterThan(0);
    expect(() => tokenizer.encode(`${'a'.repeat(60)}!`, false)).toThrow(/takes too long for this row/);
  });

  it('in lora_target_modules and rank_pattern', async () => {
    const checkpoint = await openCheckpoint(sample);
    const settings = { r: 4, alpha: 8, rslora: false, dropout: 0, targets: '([a-z.0-9_]+)+!' } as const;
    expect(() => resolveTargets(checkpoint, settings)).toThrow(/takes too long to match/);
  });
});

describe('a config that asks for more than any model has is refused', () => {
  it.each([
    ['num_hidden_layers', 1_000_000],
    ['head_dim', 1 << 20],
    ['vocab_size', 2 ** 40],
  ])('%s: %d', async (name, value) => {
    const folder = await changed('config.json', (json) => ({ ...json, [name]: value }));
    expect(await failureOf(openCheckpoint(folder))).toMatchObject({ code: 'bad-config' });
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])(
    '%s nested deeper than its kind',
    async (name) => {
      const folder = await copyOf(sample);
      await writeFile(join(folder, name), `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
      const opened = name === 'config.json' ? openCheckpoint(folder) : openTokenizer(folder, vocabulary);
      expect(await failureOf(opened)).toMatchObject({
        code: 'bad-config',
        message: expect.stringMatching(`${name}.*nests deeper`),
      });
    },
  );
});

describe('the header of a .safetensors file', () => {
  it('with 1,200,000 tensors is refused in a sentence', async () => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    const entries = Array.from(
      { length: 1_200_000 },
      (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`,
    );
    await writeRaw(file, { header: `{${entries.join(',')}}`, dataBytes: 0 });
    expect(await failureOf(readSafetensorsHeader(file))).toMatchObject({
      code: 'bad-safetensors',
      message: expect.stringMatching(/more than 900,002 lists and objects/),
    });
  });

  it('with 200,000 tensors is read', async () => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    const entries = Array.from(
      { length: 200_000 },
      (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`,
    );
    await writeRaw(file, { header: `{${entries.join(',')}}`, dataBytes: 0 });
    expect(await readSafetensorsHeader(file)).toHaveLength(200_000);
  });

  it.each([
    ['nests deep', `{"a":${'['.repeat(20_000_000)}`, 'nests deeper than 3 levels'],
    [
      'has a tensor of too many dimensions',
      `{"a":{"dtype":"F32","shape":[${'1,'.repeat(99)}1],"data_offsets":[0,4]}}`,
      'no dtype or shape',
    ],
  ])('that %s is refused', async (_, header, reason) => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeRaw(file, { header, dataBytes: 4 });
    expect(await failureOf(readSafetensorsHeader(file))).toMatchObject({
      code: 'bad-safetensors',
      message: expect.stringContaining(reason),
    });
  });
});

describe.skipIf(!hasFifos)('a model file that is a FIFO is refused at once', () => {
  it.each(['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'])('%s', async (name) => {
    const folder = await copyOf(sample);
    await rm(join(folder, name));
    makeFifo(join(folder, name));
    const opened = name.startsWith('tokenizer') ? openTokenizer(folder, vocabulary) : openCheckpoint(folder);
    expect(await failureOf(opened)).toMatchObject({ code: 'not-a-file', message: expect.stringContaining(name) });
  });

  it('model.gguf', async () => {
    const file = join(await temporaryFolder(), 'model.gguf');
    makeFifo(file);
    expect(await failureOf(readGgufHeader(file))).toMatchObject({ code: 'not-a-file' });
  });
});
