import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { wordsOf } from '../sideColumns';
import { majority } from './perRow';
import { twins } from './twins';
import type { Better } from './verdict';

/** The questions of an Argilla record, wherever the record keeps them. */
export interface Questions {
  readonly names: readonly string[];
  /** The submitted answers to a question. */
  responses(name: string): readonly unknown[];
  /** What a model suggested as the answer. */
  suggestion(name: string): unknown;
  /** The row with each answer and suggestion of a question changed. */
  turned(name: string, change: (answer: unknown) => unknown): JsonObject;
  /** The row with the answers and suggestions of two questions exchanged. */
  exchanged(one: string, other: string): JsonObject;
}

export interface ArgillaVerdict {
  readonly better: Exclude<Better, null>;
  /** The question with the verdict; for two ratings, both questions. */
  readonly question: string;
  /** Whether nobody answered, so that the suggestion counts. */
  readonly suggested: boolean;
  /** The row with the opposite verdict. */
  flip(): JsonObject;
}

type Names = readonly [string, string];

/** The verdict on two answers, or a sentence that says why there is none. */
export function verdictOf(questions: Questions, names: Names): ArgillaVerdict | string {
  const answered = questions.names.map((name) => ({ name, ...answersTo(questions, name) }));
  const rated = byRatings(questions, answered);
  if (rated) return rated;
  const votes = answered.flatMap(({ name, answers, suggested }) => {
    const better = majority(answers.flatMap((answer) => voteOf(answer, names) ?? []));
    return better === null ? [] : [{ question: name, suggested, better }];
  });
  const [vote] = votes;
  if (vote && votes.length === 1)
    return { ...vote, flip: () => questions.turned(vote.question, (answer) => otherVote(answer, names)) };
  return votes.length > 1
    ? `Several questions (${votes.map(({ question }) => question).join(', ')}) say which answer is better: leave one of them. The row is left out.`
    : 'No question says which of the two answers is better. The row is left out.';
}

interface Answered {
  readonly name: string;
  readonly answers: readonly unknown[];
  readonly suggested: boolean;
}

function answersTo(questions: Questions, name: string): Omit<Answered, 'name'> {
  const responses = questions.responses(name);
  const suggestion = questions.suggestion(name) ?? null;
  if (responses.length > 0 || suggestion === null) return { answers: responses, suggested: false };
  return { answers: [suggestion], suggested: true };
}

/** Two ratings, one for each answer: the higher mean is the better answer. */
function byRatings(questions: Questions, answered: readonly Answered[]): ArgillaVerdict | null {
  const ratings = answered.filter(({ answers }) => answers.length > 0 && answers.every(isNumber));
  const pair = twins(ratings.map(({ name }) => name));
  if (!pair) return null;
  const [first = 0, second = 0] = pair.map((name) => meanOf(questions, name));
  return {
    better: first === second ? 'tie' : first > second ? 0 : 1,
    question: pair.join(' and '),
    suggested: pair.every((name) => answersTo(questions, name).suggested),
    flip: () => questions.exchanged(...pair),
  };
}

function meanOf(questions: Questions, name: string): number {
  const answers = answersTo(questions, name).answers.map(Number);
  return answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
}

/** What an answer says: the name of a field, its number from 1, a ranking, or "tie"; null for anything else. */
function voteOf(answer: unknown, names: Names): 0 | 1 | 'tie' | null {
  if (Array.isArray(answer)) return rankingOf(answer, names);
  if (answer === 1 || answer === '1') return 0;
  if (answer === 2 || answer === '2') return 1;
  if (typeof answer !== 'string') return null;
  if (answer.toLowerCase() === 'tie') return 'tie';
  const index = names.findIndex((name) => sameName(name, answer));
  return index === 0 || index === 1 ? index : null;
}

/** A ranking as names from the best to the worst, or as `{value, rank}`. */
function rankingOf(ranking: readonly unknown[], names: Names): 0 | 1 | 'tie' | null {
  const [first, second] = names.map((name) =>
    ranking.findIndex((item) => sameName(name, isRecord(item) ? item['value'] : item)),
  );
  if (first === undefined || second === undefined || first < 0 || second < 0) return null;
  const [one, other] = [first, second].map((index) => {
    const item = ranking[index];
    return isRecord(item) && typeof item['rank'] === 'number' ? item['rank'] : index;
  });
  if (one === undefined || other === undefined) return null;
  return one === other ? 'tie' : one < other ? 0 : 1;
}

function otherVote(answer: unknown, names: Names): unknown {
  if (Array.isArray(answer)) return answer.map((item) => otherVote(item, names));
  if (isRecord(answer)) return { ...answer, value: otherVote(answer['value'], names) };
  if (answer === 1 || answer === 2) return 3 - answer;
  if (answer === '1' || answer === '2') return answer === '1' ? '2' : '1';
  const index = names.findIndex((name) => sameName(name, answer));
  return index < 0 || typeof answer !== 'string' ? answer : spelledLike(answer, names, index);
}

/** The other field's name, in the spelling of the answer: `response-1` for a field `response1`. */
function spelledLike(answer: string, names: Names, index: number): string {
  const [own, other] = index === 0 ? names : [names[1], names[0]];
  if (answer === own) return other;
  const [from, to] = [wordsOf(own), wordsOf(other)];
  const place = from.findIndex((word, i) => word !== to[i]);
  const mark = from[place];
  const at = mark === undefined ? -1 : answer.toLowerCase().lastIndexOf(mark);
  return mark === undefined || at < 0
    ? other
    : answer.slice(0, at) + String(to[place]) + answer.slice(at + mark.length);
}

function sameName(name: string, answer: unknown): boolean {
  return typeof answer === 'string' && wordsOf(name).join(' ') === wordsOf(answer).join(' ');
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
