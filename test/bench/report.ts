import type { EngineRates } from './engine';
import { spread } from './measure';
import type { Timed } from './training';

/** The runs of each side, one per round. */
export interface TrainingRounds {
  readonly margin: Timed[];
  /** Margin with weights stored in bfloat16. */
  readonly bf16: Timed[];
  readonly trl: Timed[];
  /** TRL with precomputed reference log-probs. */
  readonly cached: Timed[];
}

export interface Rates {
  readonly scoring: number;
  readonly generation: number;
}

interface Line {
  readonly what: string;
  readonly margin: readonly number[];
  readonly peer: readonly number[];
  /** True if more is better. */
  readonly more: boolean;
  readonly digits: number;
}

/**
 * Both sides see the same batches. Margin sees them twice: in the first epoch it computes the reference log-probs, in
 * the second it reads them. The rates cover the same batches on both sides. Margin evaluates its starting point during
 * the second step, so rates with the reference in the loop count from the third batch on, the others from the second.
 */
export function trainingTable(
  name: string,
  { margin, bf16, trl, cached }: TrainingRounds,
  { steps, batch }: { readonly steps: number; readonly batch: number },
): string {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rates = (runs: readonly Timed[], from: number, to: number): number[] =>
    runs.map((run) => (batch * (to - from)) / sum(run.steps.slice(from, to)));
  const cpu = (runs: readonly Timed[]): number[] =>
    runs.map((run) => sum(run.cpu.slice(1, steps - 1)) / (batch * (steps - 2)));
  const loop = (runs: readonly Timed[]): number[] => rates(runs, 1, steps - 1);
  const later = (runs: readonly Timed[]): number[] => rates(runs, steps, 2 * steps - 1);
  const peak = (runs: readonly Timed[], of: 'resident' | 'own' | 'file'): number[] => runs.map((run) => run.usage[of]);
  const first = (runs: readonly Timed[]): number[] => runs.map((run) => run.firstLoss);
  // TRL's better mode counts for each figure.
  const leaner = [...peak(trl, 'resident'), ...peak(cached, 'resident')].sort((a, b) => a - b).slice(0, trl.length);
  return table(`${name}: Margin beside TRL`, [
    { what: 'pairs/s, reference in the loop', margin: loop(margin), peer: loop(trl), more: true, digits: 2 },
    {
      what: 'pairs/s, reference known',
      margin: later(margin),
      peer: rates(cached, 0, steps - 1),
      more: true,
      digits: 2,
    },
    {
      what: 'pairs/s, reference known, bf16 base (beside Margin’s f32)',
      margin: later(bf16),
      peer: later(margin),
      more: true,
      digits: 2,
    },
    {
      what: 'CPU seconds per pair, reference in the loop',
      margin: cpu(margin),
      peer: cpu(trl),
      more: false,
      digits: 2,
    },
    { what: 'peak resident MB', margin: peak(margin, 'resident'), peer: leaner, more: false, digits: 0 },
    { what: '… own memory', margin: peak(margin, 'own'), peer: peak(trl, 'own'), more: false, digits: 0 },
    {
      what: '… mapped file pages',
      margin: peak(margin, 'file'),
      peer: peak(trl, 'file'),
      more: false,
      digits: 0,
    },
    {
      what: 'peak own MB, bf16 base (beside TRL f32)',
      margin: peak(bf16, 'own'),
      peer: peak(trl, 'own'),
      more: false,
      digits: 0,
    },
    { what: 'seconds to the first loss', margin: first(margin), peer: first(trl), more: false, digits: 1 },
  ]);
}

export function engineTable(margin: readonly EngineRates[], peer: readonly Rates[]): string {
  return table('Engine: Margin beside transformers', [
    {
      what: 'scoring, pairs/s',
      margin: margin.map((one) => one.scoring),
      peer: peer.map((one) => one.scoring),
      more: true,
      digits: 2,
    },
    {
      what: 'generation, tokens/s',
      margin: margin.map((one) => one.generation),
      peer: peer.map((one) => one.generation),
      more: true,
      digits: 1,
    },
    {
      what: 'GFLOP/s of matrix products in training (beside ONNX Runtime’s plain products)',
      margin: margin.flatMap((one) => one.kernels),
      peer: margin.flatMap((one) => one.products),
      more: true,
      digits: 0,
    },
    {
      what: '… over whole steps',
      margin: margin.flatMap((one) => one.training),
      peer: margin.flatMap((one) => one.products),
      more: true,
      digits: 0,
    },
  ]);
}

/** The engine's own figures, the best of its rounds. */
export function engineLines(rounds: readonly EngineRates[]): string {
  const costs = rounds.flatMap(({ tokenCosts }) => tokenCosts);
  const least = (tokens: number, part: 'rest' | 'attention'): string =>
    Math.min(...costs.filter((cost) => cost.tokens === tokens).map((cost) => cost[part])).toFixed(2);
  const lengths = [...new Set(costs.map(({ tokens }) => tokens))];
  return [
    `TypeScript's share of a step: ${rounds.map(({ script }) => `${(100 * script).toFixed(1)} %`).join(', ')}`,
    ...lengths.map(
      (tokens) =>
        `a pair of ${tokens} tokens: ${least(tokens, 'rest')} ms per token, and ${least(tokens, 'attention')} ms for attention`,
    ),
    '',
  ].join('\n');
}

/** A Markdown table: median (smallest to largest) of each side, and the ratio of the medians. */
function table(title: string, lines: readonly Line[]): string {
  const cell = (values: readonly number[], digits: number): string => {
    const { min, median, max } = spread(values);
    return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
  };
  const rows = lines.map(({ what, margin, peer, digits, more }) => {
    const ratio = spread(margin).median / spread(peer).median;
    return `| ${what} | ${cell(margin, digits)} | ${cell(peer, digits)} | ${ratio.toFixed(2)}×, ${more ? 'more' : 'less'} is better |`;
  });
  return `\n${title}\n\n| | Margin | peer | ratio |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}
