import { MarginError } from '../base/pure/marginError';
import { unusableFiles } from '../run/resolve';
import { refuseUnwritable } from '../run/outputFolder';
import { checkTrainConfig, readTrainConfig } from '../run/trainConfig';
import { checkRun } from '../train/checkRun';
import { problems } from '../train/estimate/sentences';
import { quickRefusal } from '../train/estimate/estimate';
import type { Finding } from './findings';
import { refuseItself } from './refuseItself';

/**
 * The problems of a config, its files, its model and its rows that `train` would refuse, leave out or note, with the
 * same messages.
 */
export async function* configFindings(file: string): AsyncGenerator<Finding> {
  const whole = { file, line: null, column: null, field: null };
  const { config, problems: wrong } = checkTrainConfig(await readTrainConfig(file), file);
  for (const problem of wrong) yield { file, severity: 'error', code: 'config', ...problem };
  if (config === null) return;
  const files = [...(await refusalOf(async () => refuseItself(config, file))), ...(await unusableFiles(config))];
  const refused = [...(await refusalOf(() => refuseUnwritable(config.output_dir))), ...files];
  for (const { code, message } of refused) yield { ...whole, severity: 'error', code, message };
  if (files.length > 0) return;
  const refusal = await quickRefusal(config);
  for (const message of refusal ? problems(refusal) : [])
    yield { ...whole, severity: 'warning', code: 'does-not-fit', message };
  for (const remark of await checkRun(config)) yield { ...whole, ...remark };
}

async function refusalOf(work: () => Promise<void>): Promise<MarginError[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof MarginError) return [error];
    throw error;
  }
}
