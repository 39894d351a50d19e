import type { JsonObject } from '../json';
import { alpacaQuestion } from './alpaca';
import { messageTurns, shareGptTurns, systemBefore } from './dialogue';
import { howRead } from './format';
import { isMessageList } from './messages';
import { earlierTurns, messages, oneOf, oneText, type Part, text } from './parts';
import { type Layout, perRow } from './perRow';
import { allTwins } from './twins';
import { verdictIn } from './winnerWords';

/** Keys that say which of two answers is better, in the order in which they count. */
const verdicts = [
  ...['winner', 'preference', 'preferred', 'preferred_response', 'preferred_answer', 'preferred_completion'],
  ...['human_preference', 'better', 'better_response', 'better_answer', 'best', 'best_response', 'choice', 'chosen'],
  ...['verdict', 'judgment', 'judgement', 'vote', 'winning_response', 'winner_model', 'label'],
];

const questions = ['prompt', 'instruction', 'question', 'query', 'input', 'input_text', 'user_prompt'] as const;
const asked = oneOf(
  alpacaQuestion,
  oneText(questions, 'user'),
  messages('prompt', 'user'),
  messageTurns,
  shareGptTurns,
);
const answerName = /^(?:response|answer|output|completion|candidate|reply|generation|summary|assistant)[ _-]?\w+$/i;

/**
 * `{"prompt": "2 + 2?", "completion_a": "5", "completion_b": "4", "winner": "b"}`: two answers with numbers or letters
 * in their names, and a key that names one of them, as judges and annotation tools write.
 */
export const winner = perRow({
  id: 'two-answers-winner',
  label:
    'question, two answers (response_a, response_b; output_1, output_2), winner (or preference, label, …) (judges)',
  tool: 'judges',
  link: 'https://github.com/princeton-nlp/LLMBar',
  keys: ['winner', ...asked.keys],
  keysIn: (value) => {
    const found = findIn(value);
    return found ? found.keys : ['winner'];
  },
  layoutOf: (value) => findIn(value)?.layout ?? null,
  blank: { prompt: '', response_a: '', response_b: '', winner: 'a' },
});

interface Found {
  readonly layout: Layout;
  readonly keys: readonly string[];
}

function findIn(value: JsonObject): Found | null {
  if (!asked.fits(value)) return null;
  const pairs = allTwins(Object.keys(value).filter((key) => answerName.test(key) && isAnswer(value[key])));
  const [names] = pairs;
  if (!names || pairs.length !== 1) return null;
  const said = verdicts.flatMap((key) => {
    const verdict = verdictIn(value, key, names);
    return verdict === null ? [] : [{ key, ...verdict }];
  });
  const [first] = said;
  if (!first || said.some(({ better }) => better !== first.better)) return null;
  const system = systemBefore(asked);
  return {
    keys: [...asked.keys, ...system.keys, ...earlierTurns.keys, ...names, ...said.map(({ key }) => key)],
    layout: {
      prompt: [system, earlierTurns, asked],
      answers: [part(names[0]), part(names[1])],
      better: first.better,
      tie: `${first.key} is ${JSON.stringify(value[first.key])}`,
      flip: () => ({ ...value, ...Object.fromEntries(said.map(({ key, opposite }) => [key, opposite])) }),
      notes: typeof value[first.key] === 'number' ? [howRead(first.key, meaning(first.key, names))] : [],
    },
  };
}

function meaning(key: string, [first, second]: readonly [string, string]): string {
  return `${key} is read as the number in the name of the better answer, ${first} or ${second}.`;
}

function isAnswer(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (isMessageList(value) && value.length > 0 && value.every(({ role }) => role === 'assistant'))
  );
}

function part(key: string): Part {
  return oneOf(text(key, 'assistant'), messages(key, 'assistant'));
}
