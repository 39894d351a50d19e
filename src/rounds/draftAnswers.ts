import { shortKey } from '../base/node/shortKey';
import { at } from '../base/pure/must';
import type { Message } from '../pairs/pair';
import { draftsByPrompt } from '../run/rounds/decisions';
import { appendDrafts, readDrafts } from '../run/rounds/lines';
import type { Draft, DraftSettings, RoundPolicy } from '../run/rounds/types';
import type { AnswerSource, AnswerValuer } from './answerSource';

/** A prompt to draft answers for. */
export interface RoundPrompt {
  readonly key: string;
  /** Index of its row, from 0; null for a typed prompt. */
  readonly row: number | null;
  readonly prompt: readonly Message[];
}

export interface Drafting {
  /** The file to which drafts are appended. Those that it has are kept, and only missing ones are made. */
  readonly path: string;
  readonly prompts: readonly RoundPrompt[];
  readonly settings: DraftSettings;
  /** Drafts on top of those that a prompt has, instead of `k` in all. False if left out. */
  readonly more?: boolean;
  readonly policy: RoundPolicy;
  readonly source: AnswerSource;
  /** Values drafts by implicit reward; null: an endpoint, whose model is not here. */
  readonly valuer: AnswerValuer | null;
  /** Answers that are made at once. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
  /** Called with the drafts that are complete. */
  readonly onProgress: (done: number, total: number) => void;
}

/** A prompt, the drafts that it has, and the numbers of those to make. */
interface Missing {
  readonly prompt: RoundPrompt;
  readonly known: readonly Draft[];
  readonly numbers: readonly number[];
}

/**
 * The seed of a draft. It depends on the prompt and the number alone, so other prompts change nothing, and a draft can
 * be made again alone: `margin generate --seed N` with its temperature.
 */
export function draftSeed(seed: number, key: string, draft: number): number {
  return Number.parseInt(shortKey([`${seed}\n${key}\n${draft}`], 8), 16);
}

/**
 * Drafts answers to prompts. It appends the drafts of some prompts in one write, so a kill loses at most these.
 *
 * @returns all drafts of these prompts
 * @throws MarginError `interrupted`, and those of the source and of the file
 */
export async function draftAnswers(work: Drafting): Promise<readonly Draft[]> {
  const { path, prompts, settings } = work;
  const known = draftsByPrompt((await readDrafts(path)).lines);
  const missing = prompts.map((prompt): Missing => {
    const own = known.get(prompt.key) ?? [];
    const end = work.more ? own.length + settings.k : settings.k;
    const numbers = Array.from({ length: end }, (_, n) => n).filter((n) => !own.some(({ draft }) => draft === n));
    return { prompt, known: own, numbers };
  });
  const total = missing.reduce((sum, { known: own, numbers }) => sum + own.length + numbers.length, 0);
  let done = missing.reduce((sum, { known: own }) => sum + own.length, 0);
  work.onProgress(done, total);
  const made: Draft[] = [];
  for (const group of groupsOf(missing, work.batchSize)) {
    const drafts = await draftGroup(group, work);
    appendDrafts(path, drafts);
    made.push(...drafts);
    work.onProgress((done += drafts.length), total);
  }
  return [...missing.flatMap(({ known: own }) => own), ...made];
}

/** Prompts whose drafts are made together. Drafts of one prompt stay together, because they share its reading. */
function* groupsOf(missing: readonly Missing[], batchSize: number): Generator<readonly Missing[]> {
  let [group, size]: [Missing[], number] = [[], 0];
  for (const one of missing) {
    if (one.numbers.length === 0) continue;
    if (size > 0 && size + one.numbers.length > batchSize) {
      yield group;
      [group, size] = [[], 0];
    }
    group.push(one);
    size += one.numbers.length;
  }
  if (size > 0) yield group;
}

async function draftGroup(group: readonly Missing[], work: Drafting): Promise<Draft[]> {
  const { settings, policy, source, valuer, signal } = work;
  const asked = group.flatMap(({ prompt, numbers }) =>
    numbers.map((draft) => ({ ...prompt, draft, seed: draftSeed(settings.seed, prompt.key, draft) })),
  );
  const answers = await source.answer(asked, settings, signal);
  const values = await valuer?.(asked.map(({ prompt }, i) => ({ prompt, text: at(answers, i).text })));
  const texts = new Map(group.map(({ prompt, known }) => [prompt.key, firstTexts(known)]));
  return asked.map(({ key, row, prompt, draft, seed }, i) => {
    const { text, tokens, finish } = at(answers, i);
    const first = texts.get(key);
    const same = first?.get(sameText(text)) ?? null;
    if (same === null) first?.set(sameText(text), draft);
    return {
      prompt_key: key,
      row,
      prompt,
      draft,
      text,
      tokens,
      finish,
      seed: source.isSeeded ? seed : null,
      temperature: settings.temperature,
      top_p: settings.top_p,
      model: policy.model,
      checkpoint: policy.checkpoint,
      reward: values ? at(values, i).reward : null,
      duplicate_of: same,
    };
  });
}

/** The first draft of each text. */
function firstTexts(drafts: readonly Draft[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { text, draft } of drafts) if (!first.has(sameText(text))) first.set(sameText(text), draft);
  return first;
}

/** White space at the ends and in runs makes no other answer. */
const sameText = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** The drafts of a prompt without those that repeat another one, the highest reward first, those without one last. */
export function distinctDrafts(drafts: readonly Draft[]): readonly Draft[] {
  return drafts
    .filter(({ duplicate_of: same }) => same === null)
    .sort((a, b) => compareRewards(a.reward, b.reward) || a.draft - b.draft);
}

function compareRewards(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}
