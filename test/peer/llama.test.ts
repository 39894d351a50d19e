import { readFileSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, must } from '../../src/base/pure/must';
import { packPairs, sequenceValues } from '../../src/engine/packPairs';
import { openScoreSession } from '../../src/engine/scoreSession';
import { readAdapter } from '../../src/model/adapter';
import { openCheckpoint } from '../../src/model/checkpoint';
import { convertedGguf } from '../../src/model/gguf/convert';
import { openTokenizer } from '../../src/model/tokenizer';
import { Program } from '../unit/cli/program';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { hasPeer, peer, sampleModel } from './peer';
import { runNode } from './python';
import { conversations, trainRun } from './trainRun';

const program = new Program();

/** What llamaLogps.mjs answers. */
interface Answer {
  readonly logps: readonly (readonly number[])[];
  readonly ids: readonly (readonly number[])[];
  readonly template: string | null;
}

/** Exports into a new folder and returns the path of the GGUF file. */
async function ggufOf(path: string, ...options: readonly string[]): Promise<string> {
  const out = join(await temporaryFolder(), 'out');
  const { code, err } = await program.run(['export', path, '--out', out, ...options]);
  expect(code, err).toBe(0);
  const names = await readdir(out);
  return join(
    out,
    must(
      names.find((name) => name.endsWith('.gguf')),
      'the GGUF file',
    ),
  );
}

/** The log-prob of each token after the first, as Margin computes it with the weights of a GGUF file. */
async function marginLogps(
  file: string,
  adapterFolder: string | null,
  sequences: readonly (readonly number[])[],
): Promise<readonly (readonly number[])[]> {
  const checkpoint = await openCheckpoint(await convertedGguf(file, await temporaryFolder()));
  const adapter = adapterFolder === null ? null : await readAdapter(adapterFolder, checkpoint);
  const session = await openScoreSession({ checkpoint, adapter });
  const all: number[][] = [];
  for (const ids of sequences) {
    const batch = packPairs([{ prompt: ids.slice(0, 1), chosen: ids.slice(1), rejected: [5] }]);
    all.push([...sequenceValues(batch, (await session.score(batch)).tokenLogps, 0)]);
  }
  await session.release();
  return all;
}

const askLlama = async (model: string, lora: string | null, sequences: unknown, texts: unknown): Promise<Answer> => {
  const request = { package: peer().llama, requests: [{ model, lora, sequences, texts }] };
  return at((await runNode('peer/llamaLogps.mjs', request)) as readonly Answer[], 0);
};

/** The largest and the mean difference of two lists of lists. */
function differences(a: Answer['logps'], b: Answer['logps']): { readonly largest: number; readonly mean: number } {
  const all = a.flatMap((list, i) => list.map((value, t) => Math.abs(value - at(at(b, i), t))));
  return { largest: Math.max(...all), mean: all.reduce((sum, value) => sum + value, 0) / all.length };
}

/** Conversations as the chat template renders them, and one line of text. */
function textsFor(chat: Awaited<ReturnType<typeof openTokenizer>>['chat']): string[] {
  const rows = readFileSync(conversations, 'utf8').trim().split('\n');
  const turns = rows.map((row) => JSON.parse(row) as Record<'prompt' | 'chosen', { role: string; content: string }[]>);
  const plain = 'Once upon a time,  there were 1234 – “déjà vu”.';
  return [plain, ...(chat ? turns.map(({ prompt, chosen }) => chat.render([...prompt, ...chosen], false)) : [])];
}

/** Log-probs are compared on the starts of a few texts: each needs the logits of the whole vocabulary. */
const [scored, longest] = [3, 64];

/** The largest difference that rounding of keys and values to f16 makes in a log-prob. */
const keysInF16 = 0.05;

describe.skipIf(!hasPeer || peer().llama === null)('GGUF files of Margin in llama.cpp', () => {
  // The largest and the mean difference. llama.cpp keeps keys and values in f16 (11 bits), and rounds the inputs of
  // each product to the type of the matrix: to f16, or to 8 bits a block, 1/254 of its largest value.
  const limits = { f32: [keysInF16, 0.005], f16: [0.1, 0.01], q8_0: [0.8, 0.1] } as const;
  // Each type of the large model takes a minute.
  const models = [
    {
      name: 'an adapter merged into the sample’s model',
      make: () => trainRun(resolve(sampleModel), { lora_alpha: 8 }),
      base: () => sampleModel,
      types: ['f32', 'f16', 'q8_0'],
    },
    {
      name: 'SmolLM2-135M',
      make: async () => peer().smollm2.bf16,
      base: () => peer().smollm2.bf16,
      types: ['f16'],
    },
    {
      name: 'an adapter merged into SmolLM2-135M',
      make: () => trainRun(peer().smollm2.bf16, { lora_alpha: 8 }),
      base: () => peer().smollm2.bf16,
      types: ['q8_0'],
    },
  ] as const;

  it.each(models)('$name gives Margin’s ids and its log-probs within the rounding of the type', async (one) => {
    const source = await one.make();
    const { folder, model } = await openCheckpoint(one.base());
    const { encode, chat } = await openTokenizer(folder, model.vocabSize);
    const texts = textsFor(chat);
    const ids = texts.map((text) => encode(text, false));
    const sequences = ids.slice(0, scored).map((list) => list.slice(0, longest));
    for (const outType of one.types) {
      const file = await ggufOf(source, '--format', 'merged-gguf', '--outtype', outType);
      const theirs = await askLlama(file, null, sequences, texts);
      expect(theirs.ids).toEqual(ids);
      expect(theirs.template).not.toBeNull();
      const { largest, mean } = differences(theirs.logps, await marginLogps(file, null, sequences));
      console.log(`${outType}: largest ${largest.toFixed(5)}, mean ${mean.toFixed(6)}`);
      expect(largest, outType).toBeLessThan(limits[outType][0]);
      expect(mean, outType).toBeLessThan(limits[outType][1]);
    }
  });

  it('a GGUF adapter on the base as GGUF gives the log-probs of base and adapter', async () => {
    const run = await trainRun(resolve(sampleModel), {
      lora_alpha: 8,
      use_rslora: true,
      rank_pattern: { 'layers\\.1\\..*': 2 },
      alpha_pattern: { v_proj: 5 },
      learning_rate: 1e-2,
    });
    const base = await ggufOf(resolve(sampleModel), '--format', 'merged-gguf', '--outtype', 'f32');
    const lora = await ggufOf(run, '--format', 'gguf');
    const adapter = join(await temporaryFolder(), 'adapter');
    await cp(join(run, 'checkpoints', at(await readdir(join(run, 'checkpoints')), 0)), adapter, { recursive: true });
    const tokenizer = await openTokenizer(sampleModel, 768);
    const sequences = textsFor(tokenizer.chat)
      .slice(0, scored)
      .map((text) => tokenizer.encode(text, false).slice(0, longest));
    const [withLora, without] = [await askLlama(base, lora, sequences, []), await askLlama(base, null, sequences, [])];
    const ours = await marginLogps(base, adapter, sequences);
    const found = differences(withLora.logps, ours);
    console.log(`adapter: largest ${found.largest.toFixed(5)}, mean ${found.mean.toFixed(6)}`);
    expect(found.largest).toBeLessThan(keysInF16);
    // The adapter has an effect.
    expect(differences(without.logps, ours).largest).toBeGreaterThan(0.1);
  });

  it('SentencePiece’s BPE gives the ids of tokenizer.json', async () => {
    const stories = resolve('../shared/models/stories260K-hf');
    const file = await ggufOf(stories, '--format', 'merged-gguf', '--outtype', 'f32');
    const { encode } = await openTokenizer(stories, 512);
    const texts = ['Once upon a time there was', 'a  b\n\n1234 é 漢 😀', 'x'];
    const sequences = texts.map((text) => encode(text, true));
    const { ids, logps } = await askLlama(file, null, sequences, texts);
    expect(ids).toEqual(texts.map((text) => encode(text, false)));
    expect(differences(logps, await marginLogps(file, null, sequences)).largest).toBeLessThan(keysInF16);
  });
});
