import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import { firstInParts } from './parts';
import type { RuleFamily } from './rule';

/** Names of variables that people fill prompts with. Pages and code have other names in such brackets. */
const variable =
  /\{\{ ?(?:prompt|instruction|question|query|user_?(?:input|prompt|message|query)|system_?prompt|completion|chosen|rejected) ?\}\}/i;
/** A text that is nothing but a variable. */
const onlyVariable = /^\s*\{{1,2} ?\w{2,30} ?\}{1,2}\s*$/;
/** A turn of a person inside an answer, as models without a stop go on: `\n\nHuman: …`. */
const nextTurn = /\n\s*(?:###? ?)?(?:Human|User|USER) ?: ?\S/;

export const leftoverRules: RuleFamily = {
  title: 'Leftovers of templates',
  checks: [unfilled, inventedTurns],
  rules: [
    {
      id: 'unfilled-template',
      severity: 'warning',
      foundBy: 'row',
      title: 'A variable of a template was not filled in',
      doc: 'The text holds {{prompt}}, {{ question }} or another variable of a template, or is nothing but {input}. The program that made the row did not fill it in. Write what belongs there, or delete the row.',
    },
    {
      id: 'invented-turn',
      severity: 'info',
      foundBy: 'row',
      title: 'An answer goes on with the user’s next turn',
      doc: 'The answer contains "Human:" or "User:" at the start of a line, although the prompt does not. Models write this if nothing stopped them at the end of their turn, and a model that is trained on it does the same. Delete the answer from there on, unless the answer is a dialogue that was asked for.',
    },
  ],
};

function unfilled(row: CheckedRow): Problem[] {
  return firstInParts(row, variableIn).map(([field, name]) => {
    const message = `${field} holds ${name}, a variable that was not filled in.`;
    return problem('warning', 'unfilled-template', field, message);
  });
}

/** The variable that a text holds and that was not filled in; null if there is none. */
export function variableIn(text: string): string | null {
  if (!text.includes('{')) return null;
  const found = variable.exec(text) ?? onlyVariable.exec(text);
  return found ? found[0].trim() : null;
}

function inventedTurns({ prompt, answers }: CheckedRow): Problem[] {
  const speaking = answers.filter(({ turns }) => turns.some(({ content }) => speaks(content)));
  if (speaking.length === 0 || prompt.some(({ content }) => speaks(content))) return [];
  return speaking.map(({ field, name }) => {
    const message = `${name} seems to go on with the next turn of the user ("Human:" or "User:" inside it).`;
    return problem('info', 'invented-turn', field, message);
  });
}

function speaks(text: string): boolean {
  return turnOfUser(text) >= 0;
}

/** Where the next turn of a person begins inside a text; -1 if there is none. */
export function turnOfUser(text: string): number {
  return text.includes('Human') || text.includes('User') || text.includes('USER') ? text.search(nextTurn) : -1;
}
