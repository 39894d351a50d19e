import type { GenerateSession } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { Pair } from '../pairs/pair';
import type { LoadedRow } from '../reward/loadPairs';

/** Enough for a sentence or two; samples are to be read side by side. */
const sampleTokens = 48;

export interface Sample {
  readonly prompt: string;
  readonly answer: string;
}

/** What answers prompts, and what ends an answer. */
export interface Speaker {
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
}

/** Greedy answers to the first prompts that differ. */
export async function drawSamples(rows: readonly LoadedRow[], count: number, { tokenizer, stopIds }: Speaker, session: GenerateSession): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const [prompt, ids] of firstPrompts(rows, count)) {
    const drawn: number[] = [];
    for await (const id of session.generate(ids, { maxNewTokens: sampleTokens, temperature: 0, topP: 1, seed: 0, stopIds })) drawn.push(id);
    samples.push({ prompt, answer: tokenizer.decode(drawn).trim() });
  }
  return samples;
}

function firstPrompts(rows: readonly LoadedRow[], count: number): Map<string, readonly number[]> {
  const prompts = new Map<string, readonly number[]>();
  for (const { source, pair } of rows) {
    if (prompts.size === count) break;
    const prompt = lastUserTurn(source);
    // Without a token there is nothing to go on from.
    if (pair.prompt.length > 0 && !prompts.has(prompt)) prompts.set(prompt, pair.prompt);
  }
  return prompts;
}

function lastUserTurn({ prompt }: Pair): string {
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  return turn?.content ?? '';
}
