import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { type Choice, pickOne } from '../quickSteps';
import { megabytes } from '../train/modelFolders';
import { hubAddress } from './hubToken';
import type { HubWork } from './hubWork';

export interface PulledRepo {
  readonly id: string;
  readonly isData: boolean;
  /** What `model_name_or_path` or `train_file` gets. */
  readonly path: string;
  readonly files: readonly string[];
}

const title = 'Margin: Pull from the Hub';
const fits: Readonly<Record<string, string>> = {
  all: 'fits, with LoRA or all weights',
  lora: 'fits with LoRA',
  none: 'does not fit in the free memory',
};

/** Asks for a model or data set and downloads it. @returns null if the person closed a list or field */
export async function pullFromHub(work: HubWork): Promise<PulledRepo | null> {
  const id = await askId(work);
  if (id === null) return null;
  for (let more: readonly string[] = []; ;) {
    try {
      const line = (await work.run(`Pulling ${id}`, ['pull', id, ...more])).at(-1);
      const files = Array.isArray(line?.['files']) ? (line['files'] as readonly { readonly path: string }[]) : [];
      return {
        id,
        isData: id.startsWith('datasets/'),
        path: String(line?.['path']),
        files: files.map(({ path }) => path),
      };
    } catch (error) {
      const chosen = await chooseFrom(error);
      if (chosen === null) return null;
      more = [...more, ...chosen];
    }
  }
}

async function askId(work: HubWork): Promise<string | null> {
  const line = (await work.run('Looking for what fits…', ['pull', '--suggested'])).at(-1);
  const suggested = Array.isArray(line?.['suggested']) ? line['suggested'].filter(isRecord) : [];
  const choices = suggested.map(({ id, bytes, licence, fit }): Choice<string | null> => ({
    label: String(id),
    description: `about ${megabytes(Number(bytes))} · ${String(licence)}`,
    detail: must(fits[String(fit)], `the words for ${String(fit)}`),
    value: String(id),
  }));
  const byId: Choice<string | null> = {
    label: 'Model or Data Set by Its Id…',
    iconPath: new vscode.ThemeIcon('edit'),
    alwaysShow: true,
    value: null,
  };
  const placeHolder = `A small model to begin with, or the id of any from ${hubAddress()}`;
  const picked = await pickOne([byId, ...choices], { title, placeHolder, matchOnDescription: true });
  if (!picked) return null;
  return picked.value ?? askText();
}

async function askText(): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'org/name for a model, datasets/org/name for a data set',
    ignoreFocusOut: true,
    validateInput: (given) => (/^\s*[\w.-]+(\/[\w.-]+){0,2}\s*$/.test(given) ? null : 'An id such as org/name.'),
  });
  return text === undefined ? null : text.trim();
}

/** Asks for one of several files or configurations, if that is what the error says. Throws any other error. */
async function chooseFrom(error: unknown): Promise<readonly string[] | null> {
  if (!(error instanceof MarginError) || error.code !== 'hub-choose') throw error;
  const { option, choices } = error.details;
  if (typeof option !== 'string' || !Array.isArray(choices)) throw error;
  const items = choices.filter(isRecord).map(({ path, bytes }) => ({
    label: String(path),
    description: megabytes(Number(bytes)),
  }));
  const placeHolder = option === '--file' ? 'Which file?' : 'Which configuration of the data set?';
  const picked = await pickOne(items, { title, placeHolder });
  return picked ? [option, picked.label] : null;
}
