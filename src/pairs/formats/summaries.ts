import { howRead } from './format';
import { valueAt } from '../own/keyPath';
import { inside } from './inside';
import { oneOf, type Part, text } from './parts';
import { byValue, verdictFormat } from './verdict';

const summary = (index: 0 | 1): Part => inside(['summaries', index], text('text', 'assistant'));

/**
 * `{"info": {"post": "…"}, "summaries": [{"text": "…"}, {"text": "…"}], "choice": 0}`: comparisons of OpenAI's
 * "Learning to summarize from human feedback". `choice` is the index of the better summary. A row of news has an
 * `article` in place of the `post`.
 */
export const summaries = verdictFormat({
  id: 'summarize-from-feedback',
  label: 'info.post, summaries [text], choice (summarize-from-feedback)',
  tool: 'summarize-from-feedback',
  link: 'https://huggingface.co/datasets/openai/summarize_from_feedback',
  about: ['worker', 'batch', 'split', 'extra'],
  prompt: [oneOf(inside(['info'], text('post', 'user')), inside(['info'], text('article', 'user')))],
  answers: [summary(0), summary(1)],
  verdict: ['choice'],
  ...byValue('choice', [0, 1]),
  notes: (value) => {
    const title = valueAt(value, ['info', 'title']);
    return typeof title === 'string' && title !== '' ? [howRead('info', unread)] : [];
  },
  blank: { info: { post: '' }, summaries: [{ text: '' }, { text: '' }], choice: 0 },
});

const unread = 'The prompt is the post or article alone; info.title and info.subreddit are not read.';
