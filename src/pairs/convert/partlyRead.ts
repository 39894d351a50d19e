import { isRecord } from '../../base/pure/isRecord';
import { repeatedTurn } from '../formats/implicitConversational';
import type { PairOrJudged } from '../readPair';
import { loss, type Loss } from './loss';
import type { Target } from './target';

/** Keys that say how much better an answer is, or who said so; a pair only knows which one is better. */
const verdicts = ['preference_strength', 'overall_preference', 'preference'];

/** What a row has under the keys of its format without being part of its pair. */
export function partlyRead({ value, format }: PairOrJudged, target: Target): Loss[] {
  const lost = verdicts.filter((key) => format.keys.includes(key) && (value[key] ?? null) !== null);
  const { input, prompt } = value;
  if (format.id === 'openai-preference' && isRecord(input)) {
    const kept = target.id === 'openai' ? ['messages', 'tools', 'parallel_tool_calls'] : ['messages', 'tools'];
    lost.push(
      ...Object.keys(input)
        .filter((key) => !kept.includes(key))
        .map((key) => `input.${key}`),
    );
  }
  const repeats = format.id === 'implicit-conversational' || format.id === 'axolotl-ultra';
  if (repeats && typeof prompt === 'string' && prompt.trim() !== '' && repeatedTurn(value) < 0) lost.push('prompt');
  return lost.map((key) => loss('column', key));
}
