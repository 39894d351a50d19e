import type { Checkpoint } from '../model/types';
import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { loadJudged } from '../reward/loadJudged';
import { loadPairs } from '../reward/loadPairs';
import { rowRemarks, type Remark } from '../reward/remarks';
import type { LoadedPairs, LoadOptions } from '../reward/rowCollector';
import { RowMarks } from '../reward/rowMarks';
import { readingOf } from '../run/reading';
import type { TrainConfig } from '../run/types';
import { sampleCount } from './samples';
import { hasPairs, hasReference, tokenEnds } from './trainers';

/** Tokens that a row of a run may have: `max_length`, or the model's positions if those are fewer. */
export const maxRowTokens = ({ max_length: limit }: TrainConfig, { model }: Checkpoint): number =>
  limit === null ? model.maxPositions : Math.min(limit, model.maxPositions);

/**
 * Loads the rows of a file: pairs, or judged answers for KTO.
 *
 * @param maxLength tokens of prompt and answer
 * @throws MarginError `config` if rows have weights that the objective cannot use, and those of loading
 */
export async function loadRows(
  file: string,
  config: TrainConfig,
  tokenizer: TextTokenizer,
  maxLength: number,
  loading: Pick<LoadOptions, 'wants' | 'scratch' | 'onProgress' | 'onRow'> = {},
): Promise<LoadedPairs> {
  const options = {
    ...loading,
    reading: readingOf(config),
    maxLength,
    ends: tokenEnds(config),
    weights: true,
    marks: config.use_marks ? await RowMarks.open(file) : null,
    prompts: sampleCount,
  };
  const mismatchIn = config.loss_type.includes('kto') ? config.per_device_train_batch_size : null;
  const loaded = hasPairs(config)
    ? await loadPairs(file, tokenizer, options)
    : await loadJudged(file, tokenizer, { ...options, mismatchIn });
  const [line] = loaded.weighted.first;
  const sorting = config.loss_type.find((type) => type === 'aot' || type === 'aot_unpaired');
  if (line !== undefined && sorting) {
    await loaded.rows.close();
    const from = loaded.marks?.weighted.count ? ' (use_marks makes the strength of a verdict its weight)' : '';
    throw new MarginError(
      'config',
      `${file}:${line} has a weight of its own${from}, but loss_type "${sorting}" sorts the rows of a batch and cannot tell whose loss to weigh. Remove the weights (a row whose strength weighs it gets "weight": 1), or choose another loss_type.`,
      { file, line },
    );
  }
  return loaded;
}

/** Remarks about a file's rows, for the run's notes and for `check`. */
export function remarksOn(file: string, loaded: LoadedPairs, config: TrainConfig): Remark[] {
  const balance = file === config.train_file ? balanceAdvice(loaded, config) : '';
  return [
    ...rowRemarks(file, loaded, hasReference(config) ? '' : ', because TRL’s loss would be NaN there'),
    ...(balance === '' ? [] : [{ severity: 'warning' as const, code: 'balance', message: balance }]),
  ];
}

/** Bounds for λ_D·n_D / (λ_U·n_U) (KTO, arXiv:2402.01306, equation 8, as TRL 1.16 rounds it). */
const [leastBalance, mostBalance] = [1, 1.33];

/** TRL's advice if good or bad judged answers outweigh the others; '' if they are balanced. */
function balanceAdvice(
  { rows, desirable: count }: LoadedPairs,
  { desirable_weight: good, undesirable_weight: bad, ...config }: TrainConfig,
): string {
  if (hasPairs(config)) return '';
  // If all answers are of one kind, FileCheck reports it.
  if (count === 0 || count === rows.count) return '';
  const desirable = count;
  const undesirable = rows.count - count;
  if (desirable === undesirable) return '';
  const two = (value: number): number => Number(value.toFixed(2));
  const goods = [leastBalance, mostBalance].map((bound) => two(((undesirable * bad) / desirable) * bound));
  const bads = [mostBalance, leastBalance].map((bound) => two((desirable * good) / undesirable / bound));
  const within = (value: number, bounds: readonly number[]): boolean =>
    at(bounds, 0) <= value && value <= at(bounds, 1);
  if (within(good, goods) || within(bad, bads)) return '';
  return `${desirable} good answers and ${undesirable} bad ones: set either desirable_weight to ${goods.join('–')} or undesirable_weight to ${bads.join('–')}, not both, so that neither kind outweighs the other`;
}
