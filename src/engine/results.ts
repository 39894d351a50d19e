import { must } from '../base/pure/must';
import type { MeasureOptions } from './head';
import type { BatchMeasures, BatchScores } from './types';

/** The outputs of one run of a graph, by name. */
export type Results = Readonly<Record<string, Float32Array>>;

/** An output that the graph has. @throws MarginError `missing` */
export const resultOf = (results: Results, name: string): Float32Array => must(results[name], `the output ${name}`);

/** The log-probs of a batch, from a graph with `scoreHead`. */
export function scoresOf(results: Results): BatchScores {
  return { sequenceLogps: resultOf(results, 'sequenceLogps'), tokenLogps: resultOf(results, 'tokenLogps') };
}

/** The measures of a batch, from a graph with `measureHead` or `trainHead`. `agreement` is empty if not asked for. */
export function measuresOf(results: Results, { agreement }: MeasureOptions): BatchMeasures {
  return {
    ...scoresOf(results),
    entropy: resultOf(results, 'entropy'),
    meanLogit: resultOf(results, 'meanLogit'),
    top1: resultOf(results, 'top1'),
    agreement: agreement ? resultOf(results, 'agreement') : new Float32Array(),
  };
}
