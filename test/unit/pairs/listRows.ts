import { assistant, user } from './formatRows';

/** A row of each format of lists: question Q, best answer a, then b and c, which are equal. */
export const listRows: Readonly<Record<string, object>> = {
  ultrafeedback: {
    source: 'evol_instruct',
    instruction: 'Q',
    models: ['x', 'y', 'z'],
    completions: [
      {
        model: 'x',
        response: 'b',
        overall_score: 2,
        'fine-grained_score': 5,
        annotations: { honesty: { Rating: '5' } },
      },
      {
        model: 'y',
        response: 'a',
        overall_score: 8.5,
        'fine-grained_score': 1,
        annotations: { honesty: { Rating: '1' } },
      },
      {
        model: 'z',
        response: 'c',
        overall_score: 2,
        'fine-grained_score': 4,
        annotations: { honesty: { Rating: 'N/A' } },
      },
    ],
    correct_answers: ['None'],
  },
  nectar: {
    prompt: '\n\nHuman: Q\n\nAssistant: ',
    answers: [
      { answer: 'b', model: 'x', rank: 2 },
      { answer: 'a', model: 'y', rank: 1 },
      { answer: 'c', model: 'z', rank: 2 },
    ],
    turns: 1,
    num_responses: 3,
    source: ['lmsys-chat-1m'],
    good_natured: true,
  },
  'stack-exchange-preferences': {
    qid: 1,
    question: 'Q',
    answers: [
      { answer_id: 1, text: 'b', pm_score: 0, selected: false },
      { answer_id: 2, text: 'a', pm_score: 5, selected: true },
      { answer_id: 3, text: 'c', pm_score: 0, selected: false },
    ],
    date: '2019/01/01',
  },
  'gpt-4-llm-comparisons': {
    user_input: 'Q',
    responses_and_scores: [
      { response: 'b', source: 'davinci', score: 7 },
      { response: 'a', source: 'gpt4', score: 9 },
      { response: 'c', source: 'opt', score: 7 },
    ],
  },
  'distilabel-generations': {
    instruction: 'Q',
    generations: ['b', 'a', 'c'],
    generation_models: ['x', 'y', 'z'],
    ratings: ['3', '5', '3'],
    rationales: ['…', '…', '…'],
  },
  'scored-lists': { prompt: [user('Q')], responses: ['b', 'a', 'c'], ranks: [2, 1, 2] },
  'scored-answers': {
    query: 'Q',
    completions: [
      { message: assistant('b'), reward: -1 },
      { message: assistant('a'), reward: 0.5 },
      { message: assistant('c'), reward: -1 },
    ],
  },
  'rewardbench-2': {
    id: '7',
    prompt: 'Q',
    chosen: ['a'],
    rejected: ['b', 'c'],
    num_correct: 1,
    num_rejected: 2,
    total_completions: 3,
    models: ['x', 'y', 'z'],
    subset: 'Math',
    additional_metadata: null,
  },
};
