import { objects, score } from './answersPart';
import { listFormat } from './listFormat';
import { text } from './parts';

/**
 * `{"user_input": "2 + 2?", "responses_and_scores": [{"response": "4", "score": 9, "source": "gpt4"}, …]}`: the
 * comparison data of "Instruction Tuning with GPT-4".
 */
export const comparisons = listFormat({
  id: 'gpt-4-llm-comparisons',
  label: 'user_input, responses_and_scores [response, score] (GPT-4-LLM)',
  tool: 'GPT-4-LLM',
  link: 'https://github.com/Instruction-Tuning-with-GPT-4/GPT-4-LLM',
  prompt: [text('user_input', 'user')],
  answers: objects({ keys: ['responses_and_scores'], texts: ['response'], measures: [score('score')] }),
});
