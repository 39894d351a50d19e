import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { inside } from './inside';
import { messages, oneOf, type Part, text } from './parts';
import { type Better, verdictFormat } from './verdict';

const completion = (index: 0 | 1): Part =>
  inside(['completions', index], oneOf(messages('completion', 'assistant'), text('completion', 'assistant')));

/**
 * `{"context": [user], "completions": [{"rank": 0, "completion": [assistant]}, {"rank": 1, "completion":
 * [assistant]}]}`: NeMo-RL's PreferenceDataset, whose DPO takes two completions. The lower rank is the better one.
 */
export const nemoRl = verdictFormat({
  id: 'nemo-rl',
  label: 'context, completions [rank, completion] (NeMo-RL)',
  tool: 'NeMo-RL',
  link: 'https://docs.nvidia.com/nemo/rl/latest/guides/dpo.html',
  about: ['task_name'],
  prompt: [oneOf(messages('context', 'user'), text('context', 'user'))],
  answers: [completion(0), completion(1)],
  verdict: ['completions'],
  better,
  tie: () => 'Both completions have the same rank',
  flip: (value) => {
    const [first, second] = ranksOf(value);
    return {
      ...value,
      completions: completionsOf(value).map((one, i) => ({ ...one, rank: i === 0 ? second : first })),
    };
  },
  blank: {
    completions: [0, 1].map((rank) => ({ rank, completion: [{ role: 'assistant', content: '' }] })),
  },
});

function better(value: JsonObject): Better {
  const [first, second] = ranksOf(value);
  if (typeof first !== 'number' || typeof second !== 'number' || completionsOf(value).length !== 2) return null;
  return first === second ? 'tie' : first < second ? 0 : 1;
}

function ranksOf(value: JsonObject): readonly unknown[] {
  return completionsOf(value).map(({ rank }) => rank);
}

function completionsOf({ completions }: JsonObject): readonly JsonObject[] {
  return Array.isArray(completions) ? completions.filter(isRecord) : [];
}
