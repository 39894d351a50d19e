import { alpacaQuestion } from './alpaca';
import { objects, rank, score } from './answersPart';
import { listFormat } from './listFormat';
import { parallelLists } from './parallelLists';
import { earlierTurns, messages, oneOf, type Part, systemText, text } from './parts';
import { shareGptList } from './shareGpt';

const question = oneOf(
  alpacaQuestion,
  text('prompt', 'user'),
  messages('prompt', 'user'),
  text('question', 'user'),
  text('query', 'user'),
  text('input', 'user'),
  messages('messages', 'user'),
  shareGptList('conversations'),
  // NeMo-RL, whose completions have ranks.
  messages('context', 'user'),
  text('context', 'user'),
);
const prompt: readonly [Part, ...Part[]] = [systemText, earlierTurns, question];
const scores = ['scores', 'ratings', 'rewards', 'score', 'rating', 'reward', 'all_rm_scores'];
const ranks = ['ranks', 'rankings', 'rank', 'ranking'];
const measures = [
  ...scores.map((name) => ({ name, best: 'highest' as const })),
  ...ranks.map((name) => ({ name, best: 'lowest' as const })),
];

/**
 * `{"instruction": "2 + 2?", "generations": ["4", "5"], "ratings": [5, 1]}`: what distilabel's task UltraFeedback adds.
 * A rating that the judge did not give is null.
 */
export const generations = listFormat({
  id: 'distilabel-generations',
  label: 'instruction, generations, ratings (distilabel)',
  tool: 'distilabel',
  link: 'https://distilabel.argilla.io/latest/components-gallery/tasks/ultrafeedback/',
  about: [
    'rationales',
    'rationales-for-ratings',
    'types',
    'generation_models',
    'generation_model',
    'model_names',
    'raw_generation_responses',
  ],
  prompt,
  answers: parallelLists({
    keys: ['generations'],
    measures: [
      { name: 'ratings', best: 'highest' },
      { name: 'rating', best: 'highest' },
    ],
    models: ['generation_models', 'generation_model', 'model_names'],
  }),
});

/** `{"query": "2 + 2?", "responses": ["4", "5"], "scores": [0.9, 0.1]}`: lists side by side, as RRHF reads them. */
export const scoredLists = listFormat({
  id: 'scored-lists',
  label: 'prompt, responses (or completions, candidates, …), scores (or ratings, rewards, ranks) (RRHF)',
  tool: 'RRHF',
  link: 'https://github.com/GanjinZero/RRHF',
  prompt,
  answers: parallelLists({
    keys: [
      ...['responses', 'completions', 'candidates', 'answers', 'outputs', 'generations', 'replies'],
      'all_generated_responses',
    ],
    measures,
    models: ['models', 'model_names', 'generation_models'],
  }),
});

/** `{"prompt": "2 + 2?", "responses": [{"text": "4", "score": 0.9}, {"text": "5", "score": 0.1}]}`. */
export const scoredAnswers = listFormat({
  id: 'scored-answers',
  label: 'prompt, responses (or completions, candidates, …) [text, score (or rating, reward, rank)]',
  tool: 'reward models and annotation tools',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  prompt,
  answers: objects({
    keys: ['responses', 'completions', 'candidates', 'answers', 'outputs', 'generations', 'replies'],
    texts: ['text', 'content', 'response', 'completion', 'answer', 'output', 'generation', 'message', 'messages'],
    measures: [...['score', 'rating', 'reward', 'overall_score'].map(score), ...['rank', 'ranking'].map(rank)],
  }),
});
