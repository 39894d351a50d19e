import { must } from '../../base/pure/must';
import type { MemoryPart } from '../../trl/estimate/types';
import { localTarget } from '../../trl/knownTargets';
import { bytes, time } from '../estimate/sentences';
import type { TargetEstimate } from './estimateTarget';

/** A number that is not known, and what would make it known. */
export interface UnknownNumber {
  readonly what: 'time' | 'cost' | 'fit';
  readonly why: string;
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
const money = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });
const gigabyte = 1e9;

/** Bytes of all parts together. */
export const memoryTotal = (parts: readonly MemoryPart[]): number => parts.reduce((sum, part) => sum + part.bytes, 0);

/** Whether the memory of a process fits; null if nobody said how much a GPU has. */
export function fitsIn({ memory, figures }: TargetEstimate): boolean | null {
  const { gpu_memory_gb: room } = figures;
  return room === null ? null : memoryTotal(memory) <= room * gigabyte;
}

/** The estimate in a line: `about 2 h 5 min, 12.50, 31.2 GB per GPU of 80 GB`. */
export function targetSummary(estimate: TargetEstimate): string {
  const { config, seconds, cost, memory, figures } = estimate;
  const room = figures.gpu_memory_gb === null ? '' : ` of ${figures.gpu_memory_gb} GB`;
  return [
    seconds === null ? 'time unknown' : `about ${time(seconds)}`,
    ...(config.target === localTarget ? [] : [cost === null ? 'cost unknown' : `cost about ${money(cost)}`]),
    `about ${bytes(memoryTotal(memory))}${room} per ${placeOf(config.device)}`,
  ].join(', ');
}

const placeOf = (device: string): string => (device === 'cpu' ? 'process' : 'GPU');

/** What the numbers stand on, a sentence each. */
export function targetAssumptions(estimate: TargetEstimate): string[] {
  const { config, work, train, held, rate, tokensPerSecond, figures, seconds, cost, batch } = estimate;
  const given = figures.tokens_per_second;
  const found: string[] = [
    `${count(work.steps)} steps over ${count(train.rows)} rows: ${count(work.trained)} tokens, with the prompt before each answer.`,
  ];
  if (held !== null && work.evaluated > 0)
    found.push(`Evaluations: ${count(work.evaluated)} tokens, each counted as one that is trained, which is too much.`);
  if ('tokensPerSecond' in rate) {
    const scaled =
      rate.scaledFrom === null
        ? 'the same model'
        : `a model of ${count(rate.scaledFrom)} parameters, scaled to ${count(estimate.sizes.parameters)}: work for a token is proportional to them`;
    found.push(`${count(rate.tokensPerSecond)} tokens/s, the median of the run ${rate.run} there with ${scaled}.`);
    if (given !== null) found.push(`The ${count(given)} tokens/s beside the target are not used.`);
  } else if (tokensPerSecond !== null) {
    found.push(`${count(tokensPerSecond)} tokens/s, the tokens_per_second beside the target.`);
  }
  if (seconds !== null) found.push('Start, waiting in a queue, saving, and scoring after the run are not in the time.');
  if (cost !== null) {
    const machines = config.num_machines === 1 ? '1 machine' : `${config.num_machines} machines`;
    found.push(
      `${machines} at ${money(must(figures.price_per_hour, 'the price of a cost'))} an hour, the price_per_hour beside the target.`,
    );
  }
  found.push(
    `The heaviest batch: ${batch.sequences} sequences, all padded to ${count(batch.length)} tokens. Attention keeps no scores (SDPA).`,
    'Not in the memory: CUDA’s own, gaps of the allocator, buffers of NCCL.',
  );
  return found;
}

/** The numbers that are not known, each with what would make it known. */
export function targetUnknowns({ config, rate, figures, seconds, tokensPerSecond }: TargetEstimate): UnknownNumber[] {
  const isLocal = config.target === localTarget;
  const place = isLocal ? 'this machine' : config.target;
  const write = (key: string): string =>
    isLocal ? '' : ` or write "${key}" into the entry of ${config.target} in .margin/targets.json`;
  const found: UnknownNumber[] = [];
  if (tokensPerSecond === null && 'reasons' in rate) {
    const earlier = rate.reasons.length === 0 ? `No run of TRL has been on ${place}.` : `${rate.reasons.join('; ')}.`;
    const next = `Train a few steps there (max_steps 20),${write('tokens_per_second')}`.replace(/,$/, '');
    found.push({ what: 'time', why: `${earlier} ${next}.` });
  }
  if (figures.price_per_hour === null && !isLocal)
    found.push({
      what: 'cost',
      why: `Write "price_per_hour", of one machine, into the entry of ${config.target} in .margin/targets.json.`,
    });
  else if (seconds === null && !isLocal) found.push({ what: 'cost', why: 'It needs the time.' });
  if (figures.gpu_memory_gb === null && !isLocal)
    found.push({
      what: 'fit',
      why: `Write "gpu_memory_gb" into the entry of ${config.target} in .margin/targets.json.`,
    });
  return found;
}
