import { refuseName } from '../run/trainConfig';
import { bytes } from '../train/estimate/sentences';
import { estimateTarget, type TargetEstimate } from '../train/trl/estimateTarget';
import { fitsIn, memoryTotal, targetAssumptions, targetSummary, targetUnknowns } from '../train/trl/targetSentences';
import { flag, parseArguments, UsageError } from './args';
import type { Surroundings } from './command';
import { overrideOptions } from './overrides';
import { Progress } from './progress';
import { table } from './table';
import { readConfig } from './trainingConfig';

/** `margin targets estimate CONFIG`. @param argv what follows `estimate` */
export async function showTargetEstimate(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArguments(argv, { json: 'flag', ...overrideOptions() }, refuseName);
  const config = await readConfig(args, surroundings);
  if (config.backend !== 'trl')
    throw new UsageError('this estimates runs of TRL: add --backend trl, or see margin train --dry_run');
  const { output } = surroundings;
  const progress = new Progress(output);
  try {
    const found = await estimateTarget(config, async (rows) => {
      progress.update(`reading rows: ${rows.toLocaleString('en')}`);
    });
    progress.end();
    if (flag(args, 'json')) output.json(jsonOf(found));
    else for (const line of report(found)) output.line(line);
    return fitsIn(found) === false ? 1 : 0;
  } finally {
    progress.end();
  }
}

function jsonOf(found: TargetEstimate): object {
  const { config, sizes, work, train, held, rate, tokensPerSecond, seconds, cost, memory, figures } = found;
  return {
    target: config.target,
    parameters: sizes.parameters,
    trained: sizes.trained,
    rows: train.rows,
    held_out: held === null ? 0 : held.rows,
    steps: work.steps,
    tokens: Math.round(work.trained + work.evaluated),
    tokens_per_second: tokensPerSecond,
    measured_in: 'run' in rate ? rate.run : null,
    seconds,
    cost,
    processes: config.num_processes,
    memory: { bytes: memoryTotal(memory), parts: memory },
    gpu_memory: figures.gpu_memory_gb === null ? null : figures.gpu_memory_gb * 1e9,
    fits: fitsIn(found),
    summary: targetSummary(found),
    assumptions: targetAssumptions(found),
    unknown: targetUnknowns(found),
  };
}

function report(found: TargetEstimate): string[] {
  const rows = found.memory.map(({ name, bytes: size, how }) => [name, bytes(size), how]);
  const fits = fitsIn(found);
  return [
    `${found.config.target}: ${targetSummary(found)}${fits === false ? '. It does not fit.' : ''}`,
    table(['memory of a process', 'about', 'because'], rows),
    ...targetAssumptions(found),
    ...targetUnknowns(found).map(({ what, why }) => `Unknown: ${what === 'fit' ? 'whether it fits' : what}. ${why}`),
  ];
}
