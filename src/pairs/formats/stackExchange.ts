import { objects, score } from './answersPart';
import { listFormat } from './listFormat';
import { text } from './parts';

/**
 * `{"question": "2 + 2?", "answers": [{"text": "4", "pm_score": 5, "selected": true}, …]}`: stack-exchange-preferences.
 * `pm_score` is log₂(1 + votes), plus 1 for the accepted answer (Askell et al. 2021, arXiv:2112.00861).
 */
export const stackExchange = listFormat({
  id: 'stack-exchange-preferences',
  label: 'question, answers [text, pm_score] (stack-exchange-preferences)',
  tool: 'HuggingFaceH4',
  link: 'https://huggingface.co/datasets/HuggingFaceH4/stack-exchange-preferences',
  about: ['qid', 'metadata', 'date'],
  prompt: [text('question', 'user')],
  answers: objects({ keys: ['answers'], texts: ['text'], measures: [score('pm_score')] }),
});
