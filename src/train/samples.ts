import { at } from '../base/pure/must';
import type { GenerateSession } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { LoadedPairs } from '../reward/rowCollector';

/** Enough for a sentence or two, to be read next to each other. */
export const sampleTokens = 48;

/** How many prompts a run draws samples for. */
export const sampleCount = 3;

export interface Sample {
  readonly prompt: string;
  readonly answer: string;
}

/** What is needed to turn generated ids into an answer. */
export interface AnswerTokens {
  readonly tokenizer: TextTokenizer;
  /** Token ids that end an answer. */
  readonly stopIds: ReadonlySet<number>;
}

/** Draws greedy answers to some prompts, all in one batch. */
export async function drawSamples(
  prompts: LoadedPairs['prompts'],
  { tokenizer, stopIds }: AnswerTokens,
  session: GenerateSession,
): Promise<Sample[]> {
  const asked = [...prompts];
  const answers: number[][] = asked.map(() => []);
  for await (const { index, id } of session.generate(
    asked.map(([, ids]) => ids),
    { maxNewTokens: sampleTokens, stopIds },
  ))
    at(answers, index).push(id);
  return asked.map(([prompt], i) => ({ prompt, answer: tokenizer.decode(at(answers, i)).trim() }));
}
