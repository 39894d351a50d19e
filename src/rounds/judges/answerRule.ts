import { readJsonObject } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import type { ScoreJudge } from './judge';
import { rewardJudge } from '../../run/rounds/decisions';

/**
 * A simple rule that values answers, as a file states it. The score is the sum of its parts, so a person can check each
 * by hand. A phrase is found in any case.
 */
export interface AnswerRule {
  /** What the rule is for, in a sentence. */
  readonly about: string;
  /** What each phrase that the answer has is worth, once: `{ "Ugh.": -1 }`. */
  readonly phrases: Readonly<Record<string, number>>;
  /** What each word beyond `words` costs; 0: nothing. */
  readonly per_word: number;
  readonly words: number;
}

/** A list of a thousand phrases has some 50 KB. */
const maxBytes = 1 << 20;
const keys = ['about', 'phrases', 'per_word', 'words'];

/** @throws MarginError `bad-rule` with file and field; those of `readJsonObject` */
export async function readRule(path: string): Promise<AnswerRule> {
  const value = await readJsonObject(path, maxBytes);
  const refuse = (what: string): never => {
    throw new MarginError('bad-rule', `${path}: ${what}`, { path });
  };
  const { about, phrases, per_word: perWord = 0, words = 0 } = value;
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) return refuse(`${unknown} is not a key of a rule; they are ${keys.join(', ')}.`);
  if (typeof about !== 'string' || about.trim() === '')
    return refuse('about must say in a sentence what the rule is for.');
  if (!isNumber(perWord) || !isNumber(words)) return refuse('per_word and words must be numbers.');
  if (!isPhrases(phrases)) return refuse('phrases must be an object of numbers, such as { "Thank you": 1 }.');
  return { about, phrases, per_word: perWord, words };
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isPhrases = (value: unknown): value is Readonly<Record<string, number>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([phrase, worth]) => phrase !== '' && isNumber(worth));

/** The score of an answer by a rule. */
export function ruleScore({ phrases, per_word: perWord, words }: AnswerRule, text: string): number {
  const lower = text.toLowerCase();
  const found = Object.entries(phrases).filter(([phrase]) => lower.includes(phrase.toLowerCase()));
  const extra = Math.max(0, (text.match(/\S+/g) ?? []).length - words);
  return found.reduce((sum, [, worth]) => sum + worth, 0) + perWord * extra;
}

/** The judge that is a rule. */
export function ruleJudge(rule: AnswerRule): ScoreJudge {
  return {
    kind: 'scores',
    id: rewardJudge,
    by: `a rule: ${rule.about}`,
    scores: (answers) => Promise.resolve(answers.map(({ text }) => ruleScore(rule, text))),
    release: () => Promise.resolve(),
  };
}
