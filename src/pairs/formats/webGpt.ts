import type { JsonObject } from '../json';
import { inside } from './inside';
import { oneOf, text } from './parts';
import { type Better, verdictFormat } from './verdict';

/**
 * `{"question": {"full_text": "2 + 2?"}, "answer_0": "4", "answer_1": "5", "score_0": 1, "score_1": -1}`: OpenAI's
 * WebGPT comparisons. The higher score is the better answer.
 */
export const webGpt = verdictFormat({
  id: 'webgpt-comparisons',
  label: 'question.full_text, answer_0, answer_1, score_0, score_1 (WebGPT)',
  tool: 'WebGPT comparisons',
  link: 'https://huggingface.co/datasets/openai/webgpt_comparisons',
  about: ['quotes_0', 'quotes_1', 'tokens_0', 'tokens_1'],
  prompt: [oneOf(inside(['question'], text('full_text', 'user')), text('question', 'user'))],
  answers: [text('answer_0', 'assistant'), text('answer_1', 'assistant')],
  verdict: ['score_0', 'score_1'],
  better,
  tie: () => 'Both answers have the same score',
  flip: (value) => ({ ...value, score_0: value['score_1'], score_1: value['score_0'] }),
  blank: { question: { full_text: '' }, score_0: 1, score_1: -1 },
});

function better({ score_0: first, score_1: second }: JsonObject): Better {
  if (typeof first !== 'number' || typeof second !== 'number') return null;
  return first === second ? 'tie' : first > second ? 0 : 1;
}
