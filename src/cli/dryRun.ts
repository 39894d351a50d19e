import { join } from 'node:path';
import type { TrainConfig } from '../run/types';
import { estimate, quickRefusal } from '../train/estimate/estimate';
import { problems, report, summary } from '../train/estimate/sentences';
import type { Phase } from '../train/estimate/types';
import type { Surroundings } from './command';
import { interruption } from './interruption';
import type { Output } from './output';
import { Progress } from './progress';

const doing: Readonly<Record<Phase, string>> = {
  open: 'opening the model and the rows',
  scoring: 'scoring',
  light: 'a step on one pair',
  typical: 'steps on a typical micro-batch',
  heavy: 'steps on the heaviest micro-batch',
  answering: 'answering',
};

/** Prints what a run would need, as text or as one JSON object. Returns the exit code: 1 if it would not fit. */
export async function showEstimate(
  config: TrainConfig,
  json: boolean,
  { output, programs }: Surroundings,
): Promise<number> {
  const progress = new Progress(output);
  const remarks: string[] = [];
  const options = {
    trainer: join(programs, 'trainer.js'),
    node: process.execPath,
    onPhase: (phase: Phase): void => progress.update(`dry run: ${doing[phase]}`),
    onRemark: (message: string): void => void remarks.push(message),
    signal: interruption().signal,
  };
  try {
    const found = await estimate(config, options);
    progress.end();
    if (json) output.json({ ...found, remarks, summary: summary(found), problems: problems(found) });
    else for (const line of [...remarks, ...report(found)]) output.line(line);
    return found.fits ? 0 : 1;
  } finally {
    progress.end();
  }
}

/** Warns before a run if an estimate without a dry run says that it does not fit. The run starts anyway. */
export async function warnOfMemory(config: TrainConfig, output: Output): Promise<void> {
  // Creating the run reports what is wrong with the model.
  const refusal = await quickRefusal(config).catch(() => null);
  if (refusal) for (const sentence of problems(refusal)) output.say(sentence);
}
