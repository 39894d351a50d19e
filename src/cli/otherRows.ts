import { join } from 'node:path';
import { statOrNull } from '../base/node/statOrNull';
import { cacheFolder } from '../base/node/cacheFolder';
import { hashFile } from '../base/node/fileHash';
import { MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import { openLazily, openScoreSession } from '../engine/scoreSession';
import { withWeightCheck } from '../model/finite';
import { openTokenizer } from '../model/tokenizer';
import { scorePairs } from '../reward/scorePairs';
import { checkpointSteps } from '../run/find';
import { readRunConfig, readState } from '../run/folder';
import { endStep } from '../run/scoring';
import { loadRows, maxRowTokens } from '../train/loadRows';
import { openBase } from '../train/openBase';
import { policyOf, referenceOf } from '../train/savedModel';
import { openReference } from '../train/scoreRun';
import type { Output } from './output';
import { Progress } from './progress';
import { RewardFile } from './rewardFile';

/**
 * Scores the pairs of a file with the final model of a run that did not train on them. The result is kept in the run
 * folder under the hash of the file, so it is computed once.
 *
 * @returns the file of rewards
 * @throws MarginError `interrupted`, `not-finite`, those of opening the model and of reading and writing
 */
export async function scoreOtherRows(
  folder: string,
  file: string,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<string> {
  const path = join(folder, 'rewards', `other-${(await hashFile(file)).slice(0, 12)}.jsonl`);
  if ((await statOrNull(path))?.isFile()) return path;
  const asked = await readRunConfig(folder);
  const step = must(
    endStep(asked.config, await readState(folder), await checkpointSteps(folder)),
    `the last checkpoint of ${folder}`,
  );
  const base = await openBase(asked.config);
  const { config, checkpoint } = base;
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const { rows } = await loadRows(file, config, tokenizer, maxRowTokens(config, checkpoint));
  const cache = base.foundThroughAdapter ? null : join(cacheFolder(), 'reference');
  const policy = await openScoreSession(await policyOf(folder, step, base));
  const reference = openLazily(async () =>
    openReference({ folder, asked, cache, base }, await referenceOf(folder, step, base)),
  );
  const out = await RewardFile.create(path);
  const progress = new Progress(output);
  try {
    await withWeightCheck([checkpoint], async () => {
      const { beta, per_device_train_batch_size: batchSize } = config;
      let done = 0;
      for await (const reward of scorePairs(rows, policy, reference, { beta, batchSize, signal })) {
        await out.append(reward);
        progress.update(`scoring held-out pairs: ${++done}/${rows.count}`);
      }
      if (done < rows.count) throw new MarginError('interrupted', 'Stopped. What is trained and scored is kept.');
      await out.finish();
    });
    return path;
  } finally {
    progress.end();
    await out.discard();
    await Promise.all([policy.release(), reference.release(), rows.close()]);
  }
}
