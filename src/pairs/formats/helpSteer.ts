import { messages, oneOf, text } from './parts';
import { bySign, bySize, verdictFormat } from './verdict';

/**
 * `{"prompt": "2 + 2?", "response_1": "4", "response_2": "5", "preference_strength": -3}`: HelpSteer2's preferences.
 * Below 0 the first response is better, above 0 the second (NVIDIA, data card of HelpSteer2). The sizes are 1 (slightly
 * better) to 3 (much better); the weight is the size over 2.
 */
export const helpSteer2 = verdictFormat({
  id: 'helpsteer2',
  label: 'prompt, response_1, response_2, preference_strength (HelpSteer2)',
  tool: 'NVIDIA HelpSteer2',
  link: 'https://huggingface.co/datasets/nvidia/HelpSteer2',
  about: [
    'preference_statement',
    'preference_elaboration',
    'three_most_similar_preferences',
    'all_preferences_unprocessed',
  ],
  prompt: [text('prompt', 'user')],
  answers: [text('response_1', 'assistant'), text('response_2', 'assistant')],
  verdict: ['preference_strength'],
  ...bySign('preference_strength'),
  strength: bySize('preference_strength', 2),
  blank: { preference_strength: -1 },
});

/**
 * `{"context": [user], "response1": "4", "response2": "5", "overall_preference": -3}`: HelpSteer3, with the same signs
 * and sizes. Some tools write `context` as a text.
 */
export const helpSteer3 = verdictFormat({
  id: 'helpsteer3',
  label: 'context, response1, response2, overall_preference (HelpSteer3)',
  tool: 'NVIDIA HelpSteer3',
  link: 'https://huggingface.co/datasets/nvidia/HelpSteer3',
  about: ['individual_preference'],
  prompt: [oneOf(messages('context', 'user'), text('context', 'user'))],
  answers: [text('response1', 'assistant'), text('response2', 'assistant')],
  verdict: ['overall_preference'],
  ...bySign('overall_preference'),
  strength: bySize('overall_preference', 2),
  blank: { overall_preference: -1 },
});
