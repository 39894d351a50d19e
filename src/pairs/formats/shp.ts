import { text } from './parts';
import { byValue, verdictFormat } from './verdict';

/**
 * `{"history": "2 + 2?", "human_ref_A": "4", "human_ref_B": "5", "labels": 1}`: Stanford's SHP; `labels` 1 means that A
 * is better.
 */
export const shp = verdictFormat({
  id: 'shp',
  label: 'history, human_ref_A, human_ref_B, labels (SHP)',
  tool: 'Stanford SHP',
  link: 'https://huggingface.co/datasets/stanfordnlp/SHP',
  prompt: [text('history', 'user')],
  answers: [text('human_ref_A', 'assistant'), text('human_ref_B', 'assistant')],
  verdict: ['labels'],
  ...byValue('labels', [1, 0]),
  blank: { labels: 1 },
});
