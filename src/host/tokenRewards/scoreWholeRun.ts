import type * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { readingOf } from '../../run/reading';
import type { TrainConfig } from '../../run/types';
import type { Notices } from '../notices';
import { checkpointsOf } from '../runs/checkpoints';
import { modelsOf } from '../score/askPolicy';
import { runScoring } from '../score/runScoring';

/**
 * Scores all pairs of a run's dataset token by token, with its checkpoint of a step.
 *
 * @returns the file of rewards
 * @throws MarginError `other-reference` if `margin score` has no option for the run's reference, `no-checkpoint`, and
 *   those of {@link runScoring}; CancellationError
 */
export async function scoreWholeRun(
  extension: vscode.Uri,
  notices: Notices,
  folder: string,
  step: number,
  config: TrainConfig,
): Promise<string> {
  if (config.sync_ref_model || (config.adapter_name_or_path !== null && config.ref_model === 'start'))
    throw new MarginError(
      'other-reference',
      'The reference of this run is neither its model nor fixed, so only single pairs can be scored token by token.',
      { folder },
    );
  const checkpoint = (await checkpointsOf(folder)).find((one) => one.step === step);
  if (!checkpoint)
    throw new MarginError('no-checkpoint', `The run has no checkpoint of step ${step} any more.`, { folder });
  const scoring = { dataset: config.train_file, policy: modelsOf(checkpoint) };
  // The CLI writes `null` for no limit, as the config does.
  const limits = ['--beta', String(config.beta), '--max_length', String(config.max_length), '--device', config.device];
  const options = ['--per_token', ...limits];
  return (await runScoring(extension, notices, scoring, readingOf(config), options)).file;
}
