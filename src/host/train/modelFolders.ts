import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { browse, type Choice, openOne } from '../quickSteps';

const excluded = '**/{node_modules,.margin}/**';
const maxFound = 200;

export type ModelChoice = { readonly folder: string } | 'browse';

/** Model folders of the workspace, those nearest to the dataset first, then the model that came with Margin, then Browse. */
export async function modelChoices(extension: vscode.Uri, near: string): Promise<Choice<ModelChoice>[]> {
  const weights = await vscode.workspace.findFiles('**/*.safetensors', excluded, maxFound);
  const folders = [...new Set(weights.map(({ fsPath }) => dirname(fsPath)))].sort((a, b) => distance(near, a) - distance(near, b));
  const sample = vscode.Uri.joinPath(extension, 'media', 'sample', 'model').fsPath;
  const found = await Promise.all(folders.map((folder) => choice(folder, vscode.workspace.asRelativePath(folder))));
  const supplied = folders.includes(sample) ? null : await choice(sample, vscode.l10n.t('the tiny model of the sample'));
  return [...found, supplied].filter((item) => item !== null).concat(browse<ModelChoice>('browse'));
}

/** The folder of an answer; null if the person closed the dialog. */
export async function chosenFolder(answer: ModelChoice, title: string): Promise<string | null> {
  if (answer !== 'browse') return answer.folder;
  return (await openOne(title, { canSelectFolders: true, canSelectFiles: false }))?.fsPath ?? null;
}

/** Bytes of the weights in a folder. */
export async function weightBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function choice(folder: string, description: string): Promise<Choice<ModelChoice> | null> {
  const type = await modelType(folder);
  if (type === null) return null;
  const megabytes = (await weightBytes(folder)) / 1e6;
  const detail = `${type} · ${megabytes.toLocaleString(vscode.env.language, { maximumFractionDigits: megabytes < 10 ? 1 : 0 })} MB`;
  return { label: basename(folder), description, detail, value: { folder } };
}

/** Null for folders that hold no model: an adapter, a checkpoint of optimizer state. */
async function modelType(folder: string): Promise<string | null> {
  // Not there or not readable: no model to offer.
  const isModel = await access(join(folder, 'config.json')).then(() => true, () => false);
  if (!isModel) return null;
  const text = await readFile(join(folder, 'config.json'), 'utf8');
  return /"model_type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null;
}

/** Steps up and down the tree from a file's folder. */
function distance(file: string, folder: string): number {
  return relative(dirname(file), folder).split(sep).length;
}
