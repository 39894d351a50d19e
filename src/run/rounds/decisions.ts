import type { Draft, Judgement, RoundVerdict } from './types';

/** The judge that is a person. */
export const personJudge = 'person';
/** The judge that is a rule or a reward of a model. */
export const rewardJudge = 'reward';

/** What a judge says about the drafts of a prompt, over all lines that count. */
export interface Decision {
  readonly prompt_key: string;
  readonly verdict: RoundVerdict;
  readonly best: number | null;
  readonly worst: number | null;
  readonly edited: Judgement['edited'];
  readonly by: string | null;
}

/**
 * The decisions of a judge, in the order in which it first judged the prompts. One that was withdrawn does not count.
 *
 * Of a person and of a reward the last line for a prompt counts. A model is asked about two drafts at a time, in both
 * orders, and the last line for an order counts. It prefers a draft if it prefers it in both orders; otherwise the two
 * are a tie. Of its drafts the one with the most wins is the best, that with the fewest the worst, and of equal ones
 * the first. If all have as many, the verdict is a tie. Two drafts that were shown in one order only count for nothing.
 */
export function decisionsOf(judgements: readonly Judgement[], judge: string): readonly Decision[] {
  const byPrompt = new Map<string, Judgement[]>();
  for (const one of judgements) {
    if (one.judge !== judge) continue;
    const lines = byPrompt.get(one.prompt_key);
    if (lines) lines.push(one);
    else byPrompt.set(one.prompt_key, [one]);
  }
  const isModel = judge !== personJudge && judge !== rewardJudge;
  const counted = [...byPrompt.values()].filter((lines) => lines.at(-1)?.verdict !== 'withdrawn');
  return counted.flatMap((lines) => (isModel ? modelDecision(lines) : lastLine(lines)));
}

function lastLine(lines: readonly Judgement[]): Decision[] {
  return lines.slice(-1).map(({ prompt_key, verdict, best, worst, edited, by }) => ({
    prompt_key,
    verdict,
    best,
    worst,
    edited,
    by,
  }));
}

/** Two drafts that a model was asked about in both orders. */
export interface Comparison {
  /** The lower number first. */
  readonly drafts: readonly [number, number];
  /** The draft that it prefers in both orders; null for a tie. */
  readonly winner: number | null;
  /** [orders] whether it preferred the draft that was shown first; null if it preferred none. */
  readonly first: readonly [boolean | null, boolean | null];
}

/** What a model said about each two drafts of one prompt that it saw in both orders. */
export function comparisonsOf(lines: readonly Judgement[]): readonly Comparison[] {
  const byOrder = new Map(lines.filter(({ order }) => order.length === 2).map((one) => [one.order.join(), one]));
  return [...byOrder.values()].flatMap((one): Comparison[] => {
    const [a, b] = one.order;
    const other = byOrder.get(`${b},${a}`);
    if (a === undefined || b === undefined || a >= b || other === undefined) return [];
    const isSame = one.verdict === 'ranked' && other.verdict === 'ranked' && one.best === other.best;
    return [{ drafts: [a, b], winner: isSame ? one.best : null, first: [prefersFirst(one), prefersFirst(other)] }];
  });
}

function prefersFirst({ verdict, best, order }: Judgement): boolean | null {
  return verdict === 'ranked' ? best === order[0] : null;
}

function modelDecision(lines: readonly Judgement[]): Decision[] {
  const [first] = lines;
  const comparisons = comparisonsOf(lines);
  if (first === undefined || comparisons.length === 0) return [];
  const wins = new Map<number, number>();
  for (const { drafts, winner } of comparisons)
    for (const draft of drafts) wins.set(draft, (wins.get(draft) ?? 0) + (winner === draft ? 1 : 0));
  const ranked = [...wins].toSorted(([a, winsA], [b, winsB]) => winsB - winsA || a - b);
  const [most, fewest] = [ranked[0], ranked.find(([, count]) => count === ranked.at(-1)?.[1])];
  const decided = { prompt_key: first.prompt_key, edited: null, by: first.by };
  if (most === undefined || fewest === undefined || most[1] === fewest[1])
    return [{ ...decided, verdict: 'tie', best: null, worst: null }];
  return [{ ...decided, verdict: 'ranked', best: most[0], worst: fewest[0] }];
}

/** The drafts of each prompt, in the order of the file. Of a draft that is there twice the last line counts. */
export function draftsByPrompt(drafts: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const byPrompt = new Map<string, Map<number, Draft>>();
  for (const draft of drafts) {
    const known = byPrompt.get(draft.prompt_key);
    if (known) known.set(draft.draft, draft);
    else byPrompt.set(draft.prompt_key, new Map([[draft.draft, draft]]));
  }
  return new Map([...byPrompt].map(([key, all]) => [key, [...all.values()].sort((a, b) => a.draft - b.draft)]));
}
