import type { JsonObject } from '../json';
import { alpacaQuestion } from './alpaca';
import { text } from './parts';
import { type Better, verdictFormat } from './verdict';

/**
 * `{"instruction": "Add.", "input": "2 + 2", "output_1": "4", "output_2": "5", "preference": 1}`: AlpacaFarm and the
 * annotations of AlpacaEval. A preference below 1.5 is for the first output, above 1.5 for the second; 1.5 and 0 are
 * ties.
 */
export const alpacaFarm = verdictFormat({
  id: 'alpaca-farm',
  label: 'instruction, input, output_1, output_2, preference (AlpacaFarm, AlpacaEval)',
  tool: 'AlpacaFarm',
  link: 'https://huggingface.co/datasets/tatsu-lab/alpaca_farm',
  about: ['raw_preference', 'generator_1', 'generator_2', 'annotator', 'raw_completion'],
  prompt: [alpacaQuestion],
  answers: [text('output_1', 'assistant'), text('output_2', 'assistant')],
  verdict: ['preference'],
  better,
  flip: (value) => ({ ...value, preference: 3 - Number(value['preference']) }),
  blank: { preference: 1 },
});

function better({ preference }: JsonObject): Better {
  if (typeof preference !== 'number') return null;
  if (preference === 0 || preference === 1.5) return 'tie';
  return preference >= 1 && preference <= 2 ? (preference < 1.5 ? 0 : 1) : null;
}
