import { basename } from 'node:path';
import { findSweeps } from '../../run/sweep/files';
import { valuesText } from '../../run/sweep/summary';
import { askConfigFile, isConfig } from '../askConfigFile';
import { pickOne } from '../quickSteps';
import { requireTrainerOf } from '../runtimeOf';
import { askSweep, sweepTitle } from '../sweeps/askSweep';
import { plannedTrials, startSweep } from '../sweeps/startSweep';
import { requireTrust } from '../train/requireTrust';
import { type CommandServices, type Commands, fileOf } from './target';

/** Trials that the question lists. */
const listed = 12;

/** Commands of sweeps. */
export function sweepCommands(services: CommandServices) {
  return {
    'margin.sweep': (target) => sweep(services, target),
    'margin.openSweep': () => openSweep(services),
  } satisfies Partial<Commands>;
}

async function sweep({ extension, notices, starter, sweeps }: CommandServices, target: unknown): Promise<void> {
  requireTrust();
  const file = fileOf(target);
  const config = isConfig(file) ? file : await askConfigFile(notices, sweepTitle, 'Config to vary', 'A sweep');
  if (!config) return;
  await requireTrainerOf(extension, config);
  if (!(await starter.allowsTargetOf(config))) return;
  const argv = await askSweep(config);
  if (argv === null) return;
  const { trials, array } = await plannedTrials(extension, argv);
  const lines = trials.slice(0, listed).map(valuesText);
  const more = trials.length > listed ? [`and ${trials.length - listed} more`] : [];
  const detail = [...lines, ...more].join('\n');
  const how = array === null ? 'one after another' : `as one job of ${array}`;
  const question = `Train ${trials.length === 1 ? '1 run' : `${trials.length} runs`}, ${how}?`;
  if ((await notices.ask('info', question, detail, 'Start')) !== 'Start') return;
  const folder = await startSweep(extension, argv);
  notices.log.info(`Sweep started: ${folder}`);
  sweeps.show(folder);
}

async function openSweep({ runs, notices, sweeps }: CommandServices): Promise<void> {
  const dirs = await runs.outputDirs();
  const folders = (await Promise.all(dirs.map(findSweeps))).flat().reverse();
  if (folders.length === 0) return void (await notices.info('No sweeps yet. Margin: Sweep… starts one.'));
  const items = folders.map((folder) => ({ label: basename(folder), detail: folder, folder }));
  const picked = await pickOne(items, { title: 'Margin: Open Sweep' });
  if (picked) sweeps.show(picked.folder);
}
