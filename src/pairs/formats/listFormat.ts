import type { AnswerList } from '../answerList';
import type { JsonObject } from '../json';
import { defaultPairRule, type PairRule } from '../pairRule';
import type { Problem } from '../problem';
import type { AnswersPart } from './answersPart';
import { writePrompt } from './columns';
import type { Format } from './format';
import { keysRead, type Part } from './parts';
import { toolsOf } from './toolsOf';

/**
 * The format of a row with several scored or ranked answers. Like {@link Format}, which is for pairs; a pair rule makes
 * pairs from such rows.
 */
export interface ListFormat extends Pick<
  Format,
  'id' | 'label' | 'tool' | 'link' | 'keys' | 'keysIn' | 'about' | 'toolsAt' | 'toolsAsText'
> {
  /** The rule that makes pairs from its lists if nobody chose one; undefined: {@link defaultPairRule}. */
  readonly rule?: PairRule;
  detect(value: JsonObject): boolean;
  /** Why a row that {@link detect} accepted cannot be read; null if it can. */
  refuse(value: JsonObject): Problem | null;
  read(value: JsonObject): AnswerList;
  /** The row `value` with the texts, scores and ranks of `list`, which has the turns of `read(value)`. */
  write(value: JsonObject, list: AnswerList): JsonObject;
}

/** What a format of lists is made of. */
export interface Lists extends Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'about'> {
  /** The parts of the prompt, in the order of its turns. */
  readonly prompt: readonly [Part, ...Part[]];
  readonly answers: AnswersPart;
  readonly rule?: PairRule;
}

/** How lists of a format become pairs if nobody chose a rule. */
export function ruleOf({ rule }: Pick<ListFormat, 'rule'>): PairRule {
  return rule ?? defaultPairRule;
}

/** The format of such rows. All of them are chats, except those whose prompt is a transcript. */
export function listFormat({ prompt, answers, ...facts }: Lists): ListFormat {
  return {
    ...facts,
    keys: [...new Set([...prompt.flatMap(({ keys }) => keys), ...answers.keys, 'tools'])],
    keysIn: (value) => [...prompt.flatMap((part) => keysRead(part, value)), ...answers.keys, 'tools'],
    detect: (value) => prompt.every((part) => part.fits(value)) && answers.fits(value),
    refuse: (value) => answers.refuse(value),
    read: (value) => ({
      style: 'chat',
      prompt: prompt.flatMap((part) => part.read(value)),
      ...answers.read(value),
      ...toolsOf(value),
    }),
    write: (value, list) => answers.write(writePrompt(prompt, value, list.prompt), list.answers),
  };
}
