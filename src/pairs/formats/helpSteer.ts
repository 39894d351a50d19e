import { messages, text } from './parts';
import { bySign, verdictFormat } from './verdict';

/**
 * `{"prompt": "2 + 2?", "response_1": "4", "response_2": "5", "preference_strength": -3}`: HelpSteer2's preferences.
 * Below 0 the first response is better, above 0 the second (NVIDIA, data card of HelpSteer2).
 */
export const helpSteer2 = verdictFormat({
  id: 'helpsteer2',
  label: 'prompt, response_1, response_2, preference_strength (HelpSteer2)',
  tool: 'NVIDIA HelpSteer2',
  link: 'https://huggingface.co/datasets/nvidia/HelpSteer2',
  prompt: [text('prompt', 'user')],
  answers: [text('response_1', 'assistant'), text('response_2', 'assistant')],
  verdict: ['preference_strength'],
  ...bySign('preference_strength'),
  blank: { preference_strength: -1 },
});

/**
 * `{"context": [user], "response1": "4", "response2": "5", "overall_preference": -3}`: HelpSteer3, with the same signs.
 */
export const helpSteer3 = verdictFormat({
  id: 'helpsteer3',
  label: 'context, response1, response2, overall_preference (HelpSteer3)',
  tool: 'NVIDIA HelpSteer3',
  link: 'https://huggingface.co/datasets/nvidia/HelpSteer3',
  prompt: [messages('context', 'user')],
  answers: [text('response1', 'assistant'), text('response2', 'assistant')],
  verdict: ['overall_preference'],
  ...bySign('overall_preference'),
  blank: { overall_preference: -1 },
});
