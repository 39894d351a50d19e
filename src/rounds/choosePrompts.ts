import { shortKey } from '../base/node/shortKey';
import { draftsByPrompt } from '../run/rounds/decisions';
import type { Draft } from '../run/rounds/types';
import type { AnswerValuer } from './answerSource';
import { distinctDrafts, type RoundPrompt } from './draftAnswers';

/** Prompts that active choice drafts for, for each that it keeps. */
export const poolFactor = 3;

/**
 * Some prompts at random: always the same ones for a seed, whatever other prompts there are. Prompts that earlier
 * rounds used come last.
 *
 * @param used how many rounds have used a prompt, by its key
 * @param count null: all
 */
export function randomPrompts(
  prompts: readonly RoundPrompt[],
  seed: number,
  count: number | null,
  used: ReadonlyMap<string, number>,
): readonly RoundPrompt[] {
  const placed = prompts.map((prompt) => ({
    prompt,
    times: used.get(prompt.key) ?? 0,
    place: shortKey([`${seed}\n${prompt.key}`], 16),
  }));
  placed.sort((a, b) => a.times - b.times || (a.place < b.place ? -1 : 1));
  return placed.slice(0, count ?? placed.length).map(({ prompt }) => prompt);
}

/** Prompts without those that have the same content as an earlier one, or are held out. */
export function uniquePrompts(
  prompts: readonly RoundPrompt[],
  heldOut: ReadonlySet<string>,
): { readonly prompts: readonly RoundPrompt[]; readonly repeated: number; readonly held: number } {
  const byKey = new Map<string, RoundPrompt>();
  for (const prompt of prompts) if (!byKey.has(prompt.key)) byKey.set(prompt.key, prompt);
  const kept = [...byKey.values()].filter(({ key }) => !heldOut.has(key));
  return { prompts: kept, repeated: prompts.length - byKey.size, held: byKey.size - kept.length };
}

/**
 * The keys of the prompts on whose drafts a policy is least sure: those whose best and worst draft it values most
 * alike, the smallest gap first. It values by implicit reward, and by mean log-prob of a token if it is the base. A
 * prompt whose drafts are all the same comes last, because they make no pair.
 */
export async function unsurePrompts(drafts: readonly Draft[], valuer: AnswerValuer): Promise<readonly string[]> {
  const prompts = [...draftsByPrompt(drafts)].map(([key, all]) => ({ key, distinct: distinctDrafts(all) }));
  const values = await valuer(prompts.flatMap(({ distinct }) => distinct));
  let next = 0;
  const gaps = prompts.map(({ key, distinct }) => {
    const own = values
      .slice(next, (next += distinct.length))
      .flatMap(({ reward, meanLogp }) => reward ?? meanLogp ?? []);
    return { key, gap: own.length < 2 ? Infinity : Math.max(...own) - Math.min(...own) };
  });
  return gaps.toSorted((a, b) => (a.gap === b.gap ? 0 : a.gap - b.gap)).map(({ key }) => key);
}
