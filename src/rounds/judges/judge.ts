import type { Message } from '../../pairs/pair';
import type { Answered } from '../answerSource';

/** Two answers to a prompt, in the order in which a judge sees them. */
export interface Question {
  readonly prompt: readonly Message[];
  readonly first: string;
  readonly second: string;
}

export interface Preference {
  readonly better: 'first' | 'second' | 'neither';
  /** What the judge said or computed; null if it said nothing more. */
  readonly reason: string | null;
}

/** A judge that gives each answer a score. The order of answers changes nothing. */
export interface ScoreJudge {
  readonly kind: 'scores';
  /** As in judgements.jsonl. */
  readonly id: string;
  /** What it is, for people. */
  readonly by: string;
  /** @returns a number for each answer, the higher the better; null if it cannot say */
  scores(answers: readonly Answered[], signal: AbortSignal): Promise<readonly (number | null)[]>;
  release(): Promise<void>;
}

/** A judge that sees two answers at a time. It is asked in both orders. */
export interface PairJudge {
  readonly kind: 'pairs';
  readonly id: string;
  readonly by: string;
  prefers(questions: readonly Question[], signal: AbortSignal): Promise<readonly Preference[]>;
  release(): Promise<void>;
}

export type Judge = ScoreJudge | PairJudge;

/** Two answers to a prompt, whose order means nothing. */
export interface Contest {
  readonly prompt: readonly Message[];
  readonly a: string;
  readonly b: string;
}

/**
 * Who wins each contest. A judge of pairs is asked in both orders, and must prefer the same answer in both. Equal texts
 * are a tie without a question.
 */
export async function winners(
  judge: Judge,
  contests: readonly Contest[],
  signal: AbortSignal,
): Promise<readonly ('a' | 'b' | 'tie')[]> {
  const open = contests.filter(({ a, b }) => a !== b);
  const found = judge.kind === 'scores' ? await byScore(judge, open, signal) : await inBothOrders(judge, open, signal);
  const results = new Map(open.map((contest, i) => [contest, found[i]]));
  return contests.map((contest) => results.get(contest) ?? 'tie');
}

async function byScore(
  judge: ScoreJudge,
  contests: readonly Contest[],
  signal: AbortSignal,
): Promise<('a' | 'b' | 'tie')[]> {
  const answers = contests.flatMap(({ prompt, a, b }) => [a, b].map((text) => ({ prompt, text })));
  const scores = await judge.scores(answers, signal);
  return contests.map((_, i) => {
    const [a, b] = [scores[2 * i] ?? null, scores[2 * i + 1] ?? null];
    if (a === null || b === null || a === b) return 'tie';
    return a > b ? 'a' : 'b';
  });
}

async function inBothOrders(
  judge: PairJudge,
  contests: readonly Contest[],
  signal: AbortSignal,
): Promise<('a' | 'b' | 'tie')[]> {
  const questions = contests.flatMap(({ prompt, a, b }): Question[] => [
    { prompt, first: a, second: b },
    { prompt, first: b, second: a },
  ]);
  const said = await judge.prefers(questions, signal);
  return contests.map((_, i) => {
    const [one, other] = [said[2 * i]?.better, said[2 * i + 1]?.better];
    if (one === 'first' && other === 'second') return 'a';
    return one === 'second' && other === 'first' ? 'b' : 'tie';
  });
}
