import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { oneOf, text } from './parts';
import { type Better, verdictFormat } from './verdict';

interface Response extends JsonObject {
  readonly value: unknown;
}

/**
 * `{"prompt": "2 + 2?", "response-1": "4", "response-2": "5", "preference": [{"user_id": "u1", "value": 1, "status":
 * "submitted"}]}`: an export of Argilla 1. Each person's answer is a response; the majority of the submitted ones is
 * the verdict.
 */
export const argillaV1 = verdictFormat({
  id: 'argilla-v1',
  label: 'prompt, response-1, response-2, preference (Argilla 1 export)',
  tool: 'Argilla',
  link: 'https://docs.v1.argilla.io/en/latest/practical_guides/export_dataset.html',
  prompt: [oneOf(text('prompt', 'user'), text('instruction', 'user'))],
  answers: [text('response-1', 'assistant'), text('response-2', 'assistant')],
  verdict: ['preference'],
  better,
  flip: (value) => ({ ...value, preference: responses(value).map(flipped) }),
  blank: { preference: [{ user_id: null, value: 1, status: 'submitted' }] },
});

function better(value: JsonObject): Better {
  const votes = responses(value).filter(({ status }) => status === undefined || status === 'submitted');
  const first = votes.filter((vote) => isVote(vote, 1)).length;
  const second = votes.filter((vote) => isVote(vote, 2)).length;
  if (first + second === 0) return null;
  return first === second ? 'tie' : first > second ? 0 : 1;
}

function responses({ preference }: JsonObject): Response[] {
  return Array.isArray(preference)
    ? preference.filter((item): item is Response => isRecord(item) && 'value' in item)
    : [];
}

/** Ratings are numbers or texts; labels name the response. */
function isVote({ value }: Response, number: 1 | 2): boolean {
  return value === number || value === String(number) || value === `response-${number}`;
}

function flipped(response: Response): Response {
  const { value } = response;
  if (typeof value === 'number') return { ...response, value: 3 - value };
  return { ...response, value: String(value).replace(/[12]$/, (digit) => (digit === '1' ? '2' : '1')) };
}
