import type { TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../pairs/marginError';
import { loadJudged } from '../reward/loadJudged';
import { loadPairs, type LoadedPairs } from '../reward/loadPairs';
import type { TrainConfig } from '../run/types';
import { hasPairs, tokenEnds } from './trainers';

/**
 * The rows of a file as the run's trainer wants them.
 *
 * @throws MarginError `config` where rows have weights that the objective cannot take, and those of loading
 */
export async function loadRows(file: string, config: TrainConfig, tokenizer: TextTokenizer, maxLength: number): Promise<LoadedPairs> {
  const options = { maxLength, ends: tokenEnds(config), weights: true };
  const mismatchIn = config.loss_type.includes('kto') ? config.per_device_train_batch_size : null;
  const loaded = hasPairs(config) ? await loadPairs(file, tokenizer, options) : await loadJudged(file, tokenizer, { ...options, mismatchIn });
  const [weighted] = weightedRows(loaded);
  const sorting = config.loss_type.find((type) => type === 'aot' || type === 'aot_unpaired');
  if (weighted && sorting) {
    throw new MarginError('config', `${file}:${weighted.line} has weight ${weighted.training.weight}, but loss_type "${sorting}" sorts the rows of a batch and cannot tell whose loss to weigh. Take the weights out, or another loss_type.`, { file, line: weighted.line });
  }
  return loaded;
}

export function weightedRows({ rows }: LoadedPairs): LoadedPairs['rows'] {
  return rows.filter(({ training: { weight = 1 } }) => weight !== 1);
}

/** What a reader of the run should know of a file's rows, a sentence each. */
export function remarksOn(file: string, loaded: LoadedPairs, config: TrainConfig): string[] {
  const { unusable, tooLong, truncated, mismatched } = loaded;
  const lines = (numbers: readonly number[]): string => `${numbers.slice(0, 10).join(', ')}${numbers.length > 10 ? ', …' : ''}`;
  const weighted = weightedRows(loaded).length;
  return [
    unusable.length > 0 ? `${unusable.length} lines of ${file} hold no ${hasPairs(config) ? 'pair' : 'judged answer'} and are left out: ${lines(unusable)}` : '',
    tooLong.length > 0 ? `${tooLong.length} prompts of ${file} fill max_length by themselves and are left out: lines ${lines(tooLong)}` : '',
    truncated > 0 ? `${truncated} answers of ${file} are longer than max_length and lose their end` : '',
    mismatched > 0 ? `${mismatched} answers of ${file} tokenise differently together with their prompt; the answer begins where the two differ, as in TRL` : '',
    weighted > 0 ? `${weighted} rows of ${file} have a weight of their own, which multiplies their loss; TRL would ignore it` : '',
    file === config.train_file ? balanceAdvice(loaded, config) : '',
  ].filter((sentence) => sentence !== '');
}

/** λ_D·n_D / (λ_U·n_U) is to lie within these (KTO, arXiv:2402.01306, equation 8, as TRL 1.16 rounds it). */
const [leastBalance, mostBalance] = [1, 1.33];

/** TRL's advice where judged answers of one kind outweigh the others; '' where all is well. */
function balanceAdvice({ rows }: LoadedPairs, { desirable_weight: good, undesirable_weight: bad, ...config }: TrainConfig): string {
  const desirable = Math.max(1, rows.filter(({ training }) => training.desirable === true).length);
  const undesirable = Math.max(1, rows.length - desirable);
  if (hasPairs(config) || desirable === undesirable) return '';
  const two = (value: number): number => Number(value.toFixed(2));
  const goods = [leastBalance, mostBalance].map((bound) => two(((undesirable * bad) / desirable) * bound));
  const bads = [mostBalance, leastBalance].map((bound) => two((desirable * good) / undesirable / bound));
  const within = (value: number, [low = 0, high = 0]: readonly number[]): boolean => low <= value && value <= high;
  if (within(good, goods) || within(bad, bads)) return '';
  return `${desirable} good answers and ${undesirable} bad ones: set either desirable_weight to ${goods.join('–')} or undesirable_weight to ${bads.join('–')}, not both, so that neither kind outweighs the other`;
}
