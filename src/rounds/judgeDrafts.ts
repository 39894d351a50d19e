import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { draftsByPrompt } from '../run/rounds/decisions';
import { appendJudgements, readJudgements } from '../run/rounds/lines';
import type { Draft, Judgement } from '../run/rounds/types';
import { stopped } from './answerSource';
import { distinctDrafts } from './draftAnswers';
import type { Judge, PairJudge, Question, ScoreJudge } from './judges/judge';

export interface Judging {
  readonly judge: Judge;
  readonly drafts: readonly Draft[];
  /** The file to which judgements are appended. What it has of this judge is kept. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** ISO time. */
  readonly now: () => string;
}

export interface JudgedCount {
  /** Prompts with two distinct drafts or more. */
  readonly prompts: number;
  /** Prompts whose drafts are all the same: nothing to judge. */
  readonly same: number;
}

/** A question about two drafts of a prompt, in one order. */
interface DraftQuestion extends Question {
  readonly key: string;
  readonly order: readonly [number, number];
}

/** The prompts of some drafts that have something to judge. */
const judgeable = (drafts: readonly Draft[]): readonly (readonly Draft[])[] =>
  [...draftsByPrompt(drafts).values()].map(distinctDrafts).filter(({ length }) => length > 1);

/**
 * Lets a judge judge the drafts of a round, as far as it has not done so. Judgements are appended in small groups, so a
 * kill loses little. A judge of scores ranks all drafts of a prompt; a judge of pairs is asked about each two of them,
 * in both orders, and each order is a line.
 *
 * @throws MarginError `interrupted`; those of the judge and of the file
 */
export async function judgeDrafts(work: Judging): Promise<JudgedCount> {
  const prompts = judgeable(work.drafts);
  const known = (await readJudgements(work.path)).lines.filter(({ judge }) => judge === work.judge.id);
  if (work.judge.kind === 'scores') await scoreAll(work.judge, prompts, known, work);
  else await askAll(work.judge, prompts, known, work);
  return { prompts: prompts.length, same: draftsByPrompt(work.drafts).size - prompts.length };
}

/** The questions that a judge of pairs has not answered yet. */
function openQuestions(prompts: readonly (readonly Draft[])[], known: readonly Judgement[]): readonly DraftQuestion[] {
  const asked = new Set(known.map(({ prompt_key: key, order }) => `${key} ${order.join()}`));
  return prompts.flatMap((drafts) =>
    drafts.flatMap((one) =>
      drafts.flatMap((other): DraftQuestion[] => {
        const order = [one.draft, other.draft] as const;
        if (one === other || asked.has(`${one.prompt_key} ${order.join()}`)) return [];
        return [{ key: one.prompt_key, prompt: one.prompt, first: one.text, second: other.text, order }];
      }),
    ),
  );
}

/** The questions that a judge of pairs has not answered yet about the drafts of a round. */
export async function questionsFor(id: string, drafts: readonly Draft[], path: string): Promise<readonly Question[]> {
  const known = (await readJudgements(path)).lines.filter(({ judge }) => judge === id);
  return openQuestions(judgeable(drafts), known);
}

/** Questions or prompts between two writes. */
const groupSize = 16;

async function askAll(
  judge: PairJudge,
  prompts: readonly (readonly Draft[])[],
  known: readonly Judgement[],
  { path, signal, onProgress, now }: Judging,
): Promise<void> {
  const open = openQuestions(prompts, known);
  const total = prompts.reduce((sum, { length }) => sum + length * (length - 1), 0);
  for (let first = 0; first < open.length; first += groupSize) {
    onProgress(total - open.length + first, total);
    const group = open.slice(first, first + groupSize);
    const said = await judge.prefers(group, signal);
    const lines = group.map(({ key, order }, i): Judgement => {
      const { better, reason } = at(said, i);
      const [best, worst] = better === 'second' ? [order[1], order[0]] : order;
      const ranking =
        better === 'neither'
          ? ({ verdict: 'tie', best: null, worst: null } as const)
          : ({ verdict: 'ranked', best, worst } as const);
      return { prompt_key: key, judge: judge.id, by: null, ...ranking, order, edited: null, reason, at: now() };
    });
    appendJudgements(path, lines);
  }
  onProgress(total, total);
}

async function scoreAll(
  judge: ScoreJudge,
  prompts: readonly (readonly Draft[])[],
  known: readonly Judgement[],
  { path, signal, onProgress, now }: Judging,
): Promise<void> {
  // Another rule, or more drafts, make another judgement.
  const isKnown = (drafts: readonly Draft[]): boolean => {
    const last = known.findLast(({ prompt_key: key }) => key === at(drafts, 0).prompt_key);
    return last?.by === judge.by && last.order.join() === drafts.map(({ draft }) => draft).join();
  };
  const open = prompts.filter((drafts) => !isKnown(drafts));
  for (let first = 0; first < open.length; first += groupSize) {
    if (signal.aborted) throw new MarginError('interrupted', stopped);
    onProgress(prompts.length - open.length + first, prompts.length);
    const group = open.slice(first, first + groupSize);
    const scores = await judge.scores(group.flat(), signal);
    let next = 0;
    const lines = group.map((drafts): Judgement => {
      const own = scores.slice(next, (next += drafts.length));
      return { ...ranked(drafts, own), judge: judge.id, by: judge.by, edited: null, at: now() };
    });
    appendJudgements(path, lines);
  }
  onProgress(prompts.length, prompts.length);
}

/** Best and worst by score; of equal ones the first. A draft without a score is left out. */
function ranked(
  drafts: readonly Draft[],
  scores: readonly (number | null)[],
): Pick<Judgement, 'prompt_key' | 'verdict' | 'best' | 'worst' | 'order' | 'reason'> {
  const scored = drafts.flatMap(({ draft }, i) => {
    const score = at(scores, i);
    return score === null ? [] : [{ draft, score }];
  });
  const sorted = scored.toSorted((a, b) => b.score - a.score);
  const [best, last] = [sorted[0], sorted.at(-1)];
  const worst = last && scored.find(({ score }) => score === last.score);
  const common = { prompt_key: at(drafts, 0).prompt_key, order: drafts.map(({ draft }) => draft) };
  const reason = `scores ${scored.map(({ draft, score }) => `${draft}: ${Number(score.toFixed(4))}`).join(', ')}`;
  if (!best || !worst || best.score === worst.score)
    return { ...common, verdict: 'tie', best: null, worst: null, reason };
  return { ...common, verdict: 'ranked', best: best.draft, worst: worst.draft, reason };
}
