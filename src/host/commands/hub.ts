import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { dataFilters, isDataName } from '../datasets/mayHold';
import { type PulledRepo, pullFromHub } from '../hub/pullFromHub';
import { pushToHub } from '../hub/pushToHub';
import { openOne, pickOne } from '../quickSteps';
import { allCheckpoints, checkpointItem, checkpointsOf } from '../runs/checkpoints';
import { savedFor } from '../savedFor';
import { requireTrust } from '../train/requireTrust';
import { openPairs } from './files';
import { type CommandServices, type Commands, fileOf, folderOf } from './target';

/** Commands about the Hugging Face Hub. */
export function hubCommands(services: CommandServices) {
  const { hub, notices } = services;
  return {
    /** @returns the path of the model or data; null if none was pulled */
    'margin.pullFromHub': async (asked) => {
      requireTrust();
      const pulled = await pullFromHub(hub.work);
      // Who asks for a model to train goes on with it.
      if (pulled && asked !== 'forTraining') await offer(services, pulled);
      return pulled?.path ?? null;
    },
    'margin.pushAdapter': async (target) => {
      requireTrust();
      const source = await adapterOf(services, folderOf(target));
      if (source !== null) await done(services, await pushToHub(['adapter', source], { ...services, work: hub.work }));
    },
    'margin.pushData': async (target) => {
      requireTrust();
      const given = fileOf(target);
      const isData = given !== undefined && isDataName(given.path);
      const file = isData ? given : await openOne('Margin: Push Data Set', { filters: dataFilters });
      if (!file || !(await savedFor(notices, file.fsPath, 'Save and Push'))) return;
      await done(services, await pushToHub(['data', file.fsPath], { ...services, work: hub.work }));
    },
    'margin.setHubToken': () => hub.token.ask(),
  } satisfies Partial<Commands>;
}

async function offer({ notices }: CommandServices, { id, isData, path, files }: PulledRepo): Promise<void> {
  const open = 'Open as Pairs';
  if (isData) {
    const answer = await notices.info(`${id} is here: ${files.length} files.`, open);
    if (answer === open) await openPairs(vscode.Uri.file(at(files, 0)));
    return;
  }
  const copy = 'Copy Path';
  const answer = await notices.info(`${id} is here. Train… lists it under Find Models on This Machine.`, copy);
  if (answer === copy) await vscode.env.clipboard.writeText(path);
}

/** The adapter of a run, or of one that the person chooses. @returns null if the list was closed */
async function adapterOf({ runs }: CommandServices, run: string | null): Promise<string | null> {
  const found = run === null ? await allCheckpoints(runs) : await checkpointsOf(run);
  const adapters = found.filter(({ isAdapter }) => isAdapter);
  if (adapters.length === 0)
    throw new MarginError('no-checkpoint', 'There is no run with an adapter yet. Train one with LoRA first.');
  const items = adapters.map((checkpoint) => ({ ...checkpointItem(checkpoint), folder: checkpoint.folder }));
  const picked = await pickOne(items, { title: 'Margin: Push Adapter', placeHolder: 'Which checkpoint?' });
  return picked?.folder ?? null;
}

async function done({ notices }: CommandServices, url: string | null): Promise<void> {
  if (url === null) return;
  const open = 'Open in Browser';
  if ((await notices.info(`Pushed: ${url}`, open)) === open) await vscode.env.openExternal(vscode.Uri.parse(url));
}
