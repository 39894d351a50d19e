import type { GenerateSession } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { LoadedPairs } from '../reward/rowCollector';

/** Enough for a sentence or two; samples are to be read side by side. */
export const sampleTokens = 48;

/** Prompts answered before and after. */
export const sampleCount = 3;

export interface Sample {
  readonly prompt: string;
  readonly answer: string;
}

/** What answers prompts, and what ends an answer. */
export interface Speaker {
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
}

/** Greedy answers to some prompts. */
export async function drawSamples(
  prompts: LoadedPairs['prompts'],
  { tokenizer, stopIds }: Speaker,
  session: GenerateSession,
): Promise<Sample[]> {
  const asked = [...prompts];
  const answers: number[][] = asked.map(() => []);
  for await (const { index, id } of session.generate(
    asked.map(([, ids]) => ids),
    { maxNewTokens: sampleTokens, stopIds },
  ))
    answers[index]?.push(id);
  return asked.map(([prompt], i) => ({ prompt, answer: tokenizer.decode(answers[i] ?? []).trim() }));
}
