import { existsSync, readFileSync } from 'node:fs';
import { appendFile, copyFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs, sequenceValues } from '../../../../src/engine/packPairs';
import { openScoreSession } from '../../../../src/engine/scoreSession';
import { openCheckpoint } from '../../../../src/model/checkpoint';
import { convertedGguf } from '../../../../src/model/gguf/convert';
import { openTokenizer } from '../../../../src/model/tokenizer';
import { temporaryFolder } from '../../run/temporaryFolder';
import { failureOf } from '../files';

const folder = join('test', 'unit', 'model', 'gguf');
/** Recorded by `test/peer/models/ggufs.py`: what transformers computes with the weights that are in each file. */
const { ids, logps } = JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')) as {
  ids: number[];
  logps: Record<string, number[]>;
};

/** Copies the split model under another name. The result gives the path of a part, counted from 1. */
async function partsIn(copied: string): Promise<(part: number) => string> {
  const name = (stem: string, part: number): string => `${stem}-0000${part}-of-00003.gguf`;
  for (const part of [1, 2, 3]) await copyFile(join(folder, name('llama', part)), join(copied, name('model', part)));
  return (part) => join(copied, name('model', part));
}

describe('a GGUF file', () => {
  it.each(Object.keys(logps))('of %s gives the log-probs of the model that it was converted from', async (name) => {
    const checkpoint = await openCheckpoint(await convertedGguf(join(folder, `${name}.gguf`), await temporaryFolder()));
    const session = await openScoreSession({ checkpoint, adapter: null });
    const batch = packPairs([{ prompt: ids.slice(0, 1), chosen: ids.slice(1), rejected: [5] }]);
    const { tokenLogps } = await session.score(batch);
    await session.release();
    const expected = logps[name] ?? [];
    const ours = sequenceValues(batch, tokenLogps, 0);
    expect(ours).toHaveLength(expected.length);
    ours.forEach((logp, t) =>
      expect(Math.abs(logp - (expected[t] ?? Number.NaN)), `token ${t}: ${logp} for ${expected[t]}`).toBeLessThan(5e-5),
    );
  });

  it('that is split gives the same model as a whole file, whichever part is named', async () => {
    const cache = await temporaryFolder();
    const [whole, first, last] = await Promise.all(
      ['llama', 'llama-00001-of-00003', 'llama-00003-of-00003'].map((name) =>
        convertedGguf(join(folder, `${name}.gguf`), cache),
      ),
    );
    expect(last).toBe(first);
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
      expect(readFileSync(join(first ?? '', name)).equals(readFileSync(join(whole ?? '', name))), name).toBe(true);
  });

  it('that is split is refused without one of its parts, which the message names', async () => {
    const at = await partsIn(await temporaryFolder());
    await rm(at(2));
    for (const part of [1, 3])
      expect(await failureOf(convertedGguf(at(part), await temporaryFolder()))).toMatchObject({
        code: 'missing-file',
        message: expect.stringMatching(/^\S+model-00002-of-00003\.gguf is missing: .*3 files/),
      });
  });

  it('that is split is refused if a part has the name of another', async () => {
    const at = await partsIn(await temporaryFolder());
    await copyFile(at(3), at(2));
    expect(await failureOf(convertedGguf(at(1), await temporaryFolder()))).toMatchObject({
      code: 'bad-gguf',
      message: expect.stringMatching(/model-00002-of-00003\.gguf is part 3 of 3/),
    });
    await copyFile(at(3), join(at(3), '..', 'renamed.gguf'));
    expect(await failureOf(convertedGguf(join(at(3), '..', 'renamed.gguf'), await temporaryFolder()))).toMatchObject({
      message: expect.stringMatching(/renamed\.gguf is part 3 of 3 .*NAME-00001-of-00003\.gguf/),
    });
    await rename(join(at(3), '..', 'renamed.gguf'), join(at(3), '..', 'model-00009-of-00003.gguf'));
    expect(
      await failureOf(convertedGguf(join(at(3), '..', 'model-00009-of-00003.gguf'), await temporaryFolder())),
    ).toMatchObject({ code: 'bad-gguf', message: expect.stringContaining('named part 9 of 3') });
  });

  it('that is split is refused if the parts belong to different models', async () => {
    const changed = async (part: number, from: string, to: string): Promise<unknown> => {
      const at = await partsIn(await temporaryFolder());
      const text = readFileSync(at(part), 'latin1');
      expect(text).toContain(from);
      await writeFile(at(part), Buffer.from(text.replace(from, to), 'latin1'));
      return failureOf(convertedGguf(at(1), await temporaryFolder()));
    };
    expect(await changed(3, 'blk.1.ffn_norm', 'blk.0.ffn_norm')).toMatchObject({
      code: 'bad-gguf',
      message: expect.stringMatching(/00003\.gguf: the tensor blk\.0\.ffn_norm\.weight is also in another part/),
    });
    expect(await changed(1, 'split.tensors.count\x05\0\0\0\x16', 'split.tensors.count\x05\0\0\0\x17')).toMatchObject({
      code: 'bad-gguf',
      message: expect.stringMatching(/hold 22 tensors, but the model has 23/),
    });
  });

  it('has its tokenizer and chat template inside', async () => {
    const { encode, decode, eosId, chat } = await openTokenizer(
      await convertedGguf(join(folder, 'llama.gguf'), await temporaryFolder()),
      96,
    );
    expect(encode('ab th<|endoftext|>', true)).toEqual([64, 65, 94, 93, 95]);
    expect(decode([64, 65, 94, 93, 95])).toBe('ab th');
    expect(eosId).toBe(95);
    expect(chat?.render([{ role: 'user', content: 'Hi' }], false)).toBe('Hi');
  });

  it('becomes a config with class and token ids, in which an absent token is null', async () => {
    const config = JSON.parse(
      readFileSync(
        join(await convertedGguf(join(folder, 'phi3.gguf'), await temporaryFolder()), 'config.json'),
        'utf8',
      ),
    ) as unknown;
    expect(config).toMatchObject({
      architectures: ['Phi3ForCausalLM'],
      bos_token_id: 95,
      eos_token_id: 95,
      pad_token_id: null,
    });
  });

  it('becomes a config in which soft caps are written as floats, as transformers requires', async () => {
    const config = readFileSync(
      join(await convertedGguf(join(folder, 'gemma2.gguf'), await temporaryFolder()), 'config.json'),
      'utf8',
    );
    expect(config).toMatch(/"attn_logit_softcapping": 4\.0,\n.*"final_logit_softcapping": 3\.0,?\n/);
  });

  it('is converted once, and again when the file changes', async () => {
    const [cache, at] = [await temporaryFolder(), join(await temporaryFolder(), 'model.gguf')];
    await copyFile(join(folder, 'llama.gguf'), at);
    const first = await convertedGguf(at, cache);
    expect(await convertedGguf(at, cache)).toBe(first);
    await appendFile(at, 'x');
    expect(await convertedGguf(at, cache)).not.toBe(first);
    expect(await readdir(cache)).toHaveLength(2);
  });

  it('gets the tokenizer.json in its folder in place of its own vocabulary', async () => {
    const [cache, beside] = [await temporaryFolder(), await temporaryFolder()];
    await copyFile(join(folder, 'llama.gguf'), join(beside, 'model.gguf'));
    await writeFile(join(beside, 'tokenizer.json'), '{"mine":true}');
    expect(readFileSync(join(await convertedGguf(join(beside, 'model.gguf'), cache), 'tokenizer.json'), 'utf8')).toBe(
      '{"mine":true}',
    );
  });

  it.each([
    ['gpt-2', 'gpt-9', 'unsupported-tokenizer', 'its rule for splitting text, "gpt-9"'],
    ['llama.block_count', 'llama.block_cound', 'bad-gguf', '"llama.block_count"'],
    ['blk.0.ffn_up.weight', 'blk.0.ffn_us.weight', 'unsupported-config', 'blk.0.ffn_us.weight'],
    ['llamaH', 'llamxH', 'unknown-architecture', '"llamx"'],
  ])('with %s changed to %s is refused, and leaves nothing behind', async (before, after, code, says) => {
    const [cache, at] = [await temporaryFolder(), join(await temporaryFolder(), 'model.gguf')];
    const text = readFileSync(join(folder, 'llama.gguf'), 'latin1');
    const [from, to] =
      before === 'llamaH'
        ? ['architecture\b\0\0\0\x05\0\0\0\0\0\0\0llama', 'architecture\b\0\0\0\x05\0\0\0\0\0\0\0llamx']
        : [before, after];
    expect(text).toContain(from);
    await writeFile(at, Buffer.from(text.replace(from, to), 'latin1'));
    expect(await failureOf(convertedGguf(at, cache))).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(existsSync(cache) ? await readdir(cache) : []).toEqual([]);
  });
});
