import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';
import { RowCollector, type LoadedPairs, type LoadOptions } from './rowCollector';
import { answerSides, tokenizePair } from './tokenizePair';

/**
 * Reads and tokenises every pair of a file.
 *
 * @throws MarginError `no-usable-pairs` | `all-too-long` | `bad-weight`, and those of reading and tokenising, with the line
 */
export async function loadPairs(file: string, tokenizer: TextTokenizer, options: LoadOptions): Promise<LoadedPairs> {
  return RowCollector.collect(file, 'pair', options, async (collector) => {
    for await (const { line, result } of collector.lines()) {
      if (result.kind !== 'pair') {
        collector.leaveOut(line, result.reason);
        continue;
      }
      if (options.wants?.(result.pair.prompt) === false) continue;
      const { pair, lost, mismatched } = tokenizePair(result.pair, tokenizer, options);
      collector.truncated.add(line, pair ? answerSides.filter((side) => lost[side].length > 0).length : 0);
      collector.mismatched.add(line, answerSides.filter((side) => mismatched[side]).length);
      const weight = options.weights ? weightOf(result.value, `${file}:${line}`) : {};
      if (pair) await collector.keep({ line, source: result.pair, training: { ...pair, ...weight } });
      else collector.tooLong.add(line);
    }
  });
}

/** A row's own `weight`, if it has one. @throws MarginError `bad-weight` */
export function weightOf({ weight }: Readonly<Record<string, unknown>>, place: string): { readonly weight?: number } {
  if (weight === undefined || weight === null) return {};
  if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) return { weight };
  throw new MarginError('bad-weight', `${place}: weight multiplies the row's loss, so it must be a number at least 0, not ${JSON.stringify(weight)}. Correct it, or rename the field if it means something else.`, { place });
}
