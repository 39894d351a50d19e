import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { GenerateSession } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';
import type { Message } from '../pairs/pair';
import type { LoadedPairs } from '../reward/rowCollector';
import { readSamplePrompts } from '../run/samplePrompts';
import type { TrainConfig } from '../run/types';

/** Enough for a sentence or two, to be read next to each other. */
export const sampleTokens = 48;

/** How many prompts of the rows a run draws samples for. */
export const sampleCount = 3;

/** The token ids of each prompt, by the text that is shown of it. */
export type SamplePromptIds = LoadedPairs['prompts'];

export interface Sample {
  readonly prompt: string;
  readonly answer: string;
  /** The answer's tokens. */
  readonly ids: readonly number[];
}

/** What is needed to turn generated ids into an answer. */
export interface AnswerTokens {
  readonly tokenizer: TextTokenizer;
  /** Token ids that end an answer. */
  readonly stopIds: ReadonlySet<number>;
}

/** Draws greedy answers to some prompts, all in one batch. */
export async function drawSamples(
  prompts: SamplePromptIds,
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
  return asked.map(([prompt], i) => {
    const ids = at(answers, i);
    return { prompt, answer: tokenizer.decode(ids).trim(), ids };
  });
}

/** How many prompts a run draws samples for. @throws MarginError as {@link readSamplePrompts} */
export async function samplesOf({
  sample_prompts_file: path,
}: Pick<TrainConfig, 'sample_prompts_file'>): Promise<number> {
  return path === null ? sampleCount : (await readSamplePrompts(path)).prompts.length;
}

/** The prompts of a file, and a sentence that says which they are. */
export interface OwnPrompts {
  readonly prompts: SamplePromptIds;
  readonly note: string;
}

/**
 * Reads the prompts of `sample_prompts_file`.
 *
 * @throws MarginError as {@link readSamplePrompts}; `config-file` for a prompt without tokens; the errors of template
 *   and tokenizer
 */
export async function ownPrompts(path: string, tokenizer: TextTokenizer): Promise<OwnPrompts> {
  const { prompts, all } = await readSamplePrompts(path);
  const found = new Map<string, readonly number[]>();
  for (const turns of prompts) found.set(nameFor(turns, found), idsOf(turns, tokenizer, path));
  const which = found.size < all ? `the first ${found.size} of the ${all}` : `the ${all}`;
  return { prompts: found, note: `sample_prompts_file: samples answer ${which} prompts of ${path}` };
}

/** The last turn, with a number if another prompt has the same. */
function nameFor(turns: readonly Message[], found: ReadonlyMap<string, unknown>): string {
  const text = at(turns, turns.length - 1).content;
  for (let i = 1; ; i++) {
    const name = i === 1 ? text : `${text} (${i})`;
    if (!found.has(name)) return name;
  }
}

/** A model without a chat template continues the text of the last turn. */
function idsOf(turns: readonly Message[], tokenizer: TextTokenizer, path: string): readonly number[] {
  const { chat } = tokenizer;
  const ids = chat
    ? tokenizer.encode(chat.render(turns, true), false)
    : tokenizer.encode(at(turns, turns.length - 1).content, true);
  if (ids.length > 0) return ids;
  const field = 'sample_prompts_file';
  throw new MarginError('config-file', `${field}: ${path} has a prompt without tokens.`, { field, path });
}
