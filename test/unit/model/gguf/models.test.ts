import { existsSync, readFileSync } from 'node:fs';
import { appendFile, copyFile, readdir, writeFile } from 'node:fs/promises';
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
const { ids, logps } = JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')) as { ids: number[]; logps: Record<string, number[]> };

describe('a GGUF file', () => {
  it.each(Object.keys(logps))('of %s is the model that it was made from', async (name) => {
    const checkpoint = await openCheckpoint(await convertedGguf(join(folder, `${name}.gguf`), await temporaryFolder()));
    const session = await openScoreSession({ checkpoint, adapter: null });
    const batch = packPairs([{ prompt: ids.slice(0, 1), chosen: ids.slice(1), rejected: [5] }]);
    const { tokenLogps } = await session.score(batch);
    await session.release();
    const expected = logps[name] ?? [];
    const ours = sequenceValues(batch, tokenLogps, 0);
    expect(ours).toHaveLength(expected.length);
    ours.forEach((logp, t) => expect(Math.abs(logp - (expected[t] ?? Number.NaN)), `token ${t}: ${logp} for ${expected[t]}`).toBeLessThan(5e-5));
  });

  it('has its tokenizer and chat template inside', async () => {
    const { encode, decode, eosId, chat } = await openTokenizer(await convertedGguf(join(folder, 'llama.gguf'), await temporaryFolder()), 96);
    expect(encode('ab th<|endoftext|>', true)).toEqual([64, 65, 94, 93, 95]);
    expect(decode([64, 65, 94, 93, 95])).toBe('ab th');
    expect(eosId).toBe(95);
    expect(chat?.render([{ role: 'user', content: 'Hi' }], false)).toBe('Hi');
  });

  it('is converted once for as long as it stays the same', async () => {
    const [cache, at] = [await temporaryFolder(), join(await temporaryFolder(), 'model.gguf')];
    await copyFile(join(folder, 'llama.gguf'), at);
    const first = await convertedGguf(at, cache);
    expect(await convertedGguf(at, cache)).toBe(first);
    await appendFile(at, 'x');
    expect(await convertedGguf(at, cache)).not.toBe(first);
    expect(await readdir(cache)).toHaveLength(2);
  });

  it('takes the tokenizer beside it before its own', async () => {
    const [cache, beside] = [await temporaryFolder(), await temporaryFolder()];
    await copyFile(join(folder, 'llama.gguf'), join(beside, 'model.gguf'));
    await writeFile(join(beside, 'tokenizer.json'), '{"mine":true}');
    expect(readFileSync(join(await convertedGguf(join(beside, 'model.gguf'), cache), 'tokenizer.json'), 'utf8')).toBe('{"mine":true}');
  });

  it.each([
    ['gpt-2', 'gpt-9', 'unsupported-tokenizer', 'cut by the rule "gpt-9"'],
    ['llama.block_count', 'llama.block_cound', 'bad-gguf', '"llama.block_count"'],
    ['blk.0.ffn_up.weight', 'blk.0.ffn_us.weight', 'unsupported-config', 'blk.0.ffn_us.weight'],
    ['llamaH', 'llamxH', 'unknown-architecture', '"llamx"'],
  ])('in which %s reads %s is refused, and leaves nothing behind', async (before, after, code, says) => {
    const [cache, at] = [await temporaryFolder(), join(await temporaryFolder(), 'model.gguf')];
    const text = readFileSync(join(folder, 'llama.gguf'), 'latin1');
    const [from, to] = before === 'llamaH' ? ['architecture\b\0\0\0\x05\0\0\0\0\0\0\0llama', 'architecture\b\0\0\0\x05\0\0\0\0\0\0\0llamx'] : [before, after];
    expect(text).toContain(from);
    await writeFile(at, Buffer.from(text.replace(from, to), 'latin1'));
    expect(await failureOf(convertedGguf(at, cache))).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(existsSync(cache) ? await readdir(cache) : []).toEqual([]);
  });
});
