import { isRecord } from '../../base/pure/isRecord';
import { type Measure, numberOf, objects, score } from './answersPart';
import { listFormat } from './listFormat';
import { text } from './parts';

/** The mean of the ratings that an answer got for its aspects; an aspect may be rated `N/A`. */
const aspects: Measure = {
  name: 'annotations',
  best: 'highest',
  of: ({ annotations }) => {
    const rated = Object.values(isRecord(annotations) ? annotations : {})
      .map((aspect) => (isRecord(aspect) ? numberOf(aspect['Rating']) : null))
      .filter((rating) => rating !== null);
    return rated.length === 0 ? null : rated.reduce((sum, rating) => sum + rating, 0) / rated.length;
  },
};

/**
 * `{"instruction": "2 + 2?", "completions": [{"response": "4", "overall_score": 8.5, "fine-grained_score": 4.5,
 * "annotations": {"helpfulness": {"Rating": "5"}}}, …]}`: UltraFeedback as it was published. `overall_score` counts, as
 * in UltraFeedback Binarized; rows without it are read by `fine-grained_score`, or by the mean of the aspects.
 */
export const ultraFeedback = listFormat({
  id: 'ultrafeedback',
  label: 'instruction, completions [response, overall_score] (UltraFeedback)',
  tool: 'UltraFeedback',
  link: 'https://huggingface.co/datasets/openbmb/UltraFeedback',
  about: ['models', 'source', 'correct_answers', 'incorrect_answers'],
  prompt: [text('instruction', 'user')],
  answers: objects({
    keys: ['completions'],
    texts: ['response'],
    measures: [score('overall_score'), score('fine-grained_score'), aspects],
    mayBeEmpty: true,
  }),
});
