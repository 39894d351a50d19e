import { at } from '../../base/pure/must';
import type { JsonObject } from '../json';
import { alpacaQuestion } from './alpaca';
import { columns } from './columns';
import { messageTurns, shareGptTurns } from './dialogue';
import type { Format } from './format';
import { isMessageList } from './messages';
import { earlierTurns, messages, oneOf, oneText, type Part, systemText, text } from './parts';

/** What data sets call the better and the worse answer. */
const sides = [
  ['response_chosen', 'response_rejected'],
  ['accepted', 'rejected'],
  ['preferred', 'dispreferred'],
  ['preferred', 'rejected'],
  ['preferred_response', 'rejected_response'],
  ['preferred_response', 'dispreferred_response'],
  ['preferred_output', 'non_preferred_output'],
  ['win', 'lose'],
  ['winner', 'loser'],
  ['better', 'worse'],
  ['better_response', 'worse_response'],
  ['pos_resp', 'neg_resp'],
  ['good_edited_response', 'bad_edited_response'],
  ['answer_j', 'answer_k'],
  ['text', 'rejected_text'],
  ['Chosen', 'Rejected'],
] as const;

const questions = ['prompt', 'question', 'query', 'instruction', 'input', 'user_prompt', 'Prompt', 'Question'] as const;
const asked = oneOf(
  text('question', 'user'),
  alpacaQuestion,
  oneText(questions, 'user'),
  messages('prompt', 'user'),
  messages('input', 'user'),
  messageTurns,
  shareGptTurns,
);
const facts = {
  id: 'named-sides',
  label: 'question, response_chosen, response_rejected (or accepted, preferred, win, …) (MedicalGPT and others)',
  tool: 'MedicalGPT',
  link: 'https://github.com/shibing624/MedicalGPT',
} as const;

const formats = sides.map(([better, worse]) => {
  const answer = (key: string): Part => oneOf(text(key, 'assistant'), messages(key, 'assistant'));
  return {
    better,
    worse,
    rows: columns({
      ...facts,
      prompt: [systemText, earlierTurns, asked],
      chosen: answer(better),
      rejected: answer(worse),
    }),
  };
});

/** The format of a row by the names of its answers; null if it has none of them. */
function formatOf(value: JsonObject): Format | null {
  const found = formats.find(
    ({ better, worse, rows }) => isAnswer(value[better]) && isAnswer(value[worse]) && rows.detect(value),
  );
  return found ? found.rows : null;
}

/** Whether a value can be an answer, which has no question in it. */
function isAnswer(value: unknown): boolean {
  if (typeof value === 'string') return true;
  return isMessageList(value) && value.length > 0 && value.every(({ role }) => role !== 'user' && role !== 'system');
}

function rowsOf(value: JsonObject): Format {
  return formatOf(value) ?? at(formats, 0).rows;
}

/**
 * `{"system": "Be brief.", "history": [], "question": "2 + 2?", "response_chosen": "4", "response_rejected": "5"}`: two
 * answers whose keys say which one is better, as MedicalGPT and other tools and data sets name them.
 */
export const namedSides: Format = {
  ...facts,
  keys: [...new Set(formats.flatMap(({ rows }) => rows.keys))],
  keysIn: (value) => {
    const rows = rowsOf(value);
    return rows.keysIn ? rows.keysIn(value) : rows.keys;
  },
  detect: (value) => formatOf(value) !== null,
  read: (value) => rowsOf(value).read(value),
  write: (value, pair) => rowsOf(value).write(value, pair),
  swap: (value) => {
    const { better, worse } = formats.find(({ rows }) => rows === rowsOf(value)) ?? at(formats, 0);
    return { ...value, [better]: value[worse], [worse]: value[better] };
  },
  blank: (neighbour) => rowsOf(neighbour).blank(neighbour),
};
