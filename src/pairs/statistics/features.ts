import { refusesIn } from '../rules/refusal';

/** What is looked at in an answer besides its text, in the order of {@link featuresOf}. */
const featureNames = ['length', 'lists', 'bold', 'headings', 'code', 'refusal'] as const;

/** The columns of a row of differences: each feature (chosen − rejected), then the position. */
export const featureColumns = [...featureNames, 'position'] as const;
export type FeatureColumn = (typeof featureColumns)[number];

/** Lines that are looked at; more say nothing more. */
const looked = 20_000;
const list = /^[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]/gm;
const bold = /\*\*[^*\n]+\*\*|__[^_\n]+__/g;
const heading = /^#{1,6}[ \t]/gm;
const code = /^[ \t]*```/gm;

/**
 * The features of an answer: log₂(1 + n) of its characters, list items, bold texts, headings and code fences, so that a
 * doubling counts the same anywhere; and 1 for a refusal, else 0.
 */
export function featuresOf(answer: string): number[] {
  const text = answer.length > looked ? answer.slice(0, looked) : answer;
  const count = (pattern: RegExp, hint: string): number =>
    Math.log2(1 + (hint === '' || text.includes(hint) ? matches(text, pattern) : 0));
  return [
    Math.log2(1 + answer.length),
    count(list, ''),
    count(bold, text.includes('**') ? '**' : '__'),
    count(heading, '#'),
    count(code, '```'),
    refusesIn(answer) ? 1 : 0,
  ];
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
