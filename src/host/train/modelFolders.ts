import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { readSmallFile } from '../../base/node/smallFile';
import { hubSnapshot } from '../../base/node/hubSnapshot';
import { isGguf } from '../../base/pure/isGguf';
import { browse, type Choice, openOne } from '../quickSteps';

const excluded = '**/{node_modules,.margin}/**';
const maxFound = 200;
/** Most bytes of a config.json; a model's has some kilobytes. */
const maxConfig = 1 << 20;

export type ModelChoice = { readonly folder: string } | 'browse';

/**
 * The model folders of the workspace, the nearest to a file first, then the model of the sample, then *Browse…*.
 *
 * @param near path of a dataset; null sorts by path
 */
export async function modelChoices(extension: vscode.Uri, near: string | null): Promise<Choice<ModelChoice>[]> {
  const weights = await vscode.workspace.findFiles('**/*.safetensors', excluded, maxFound);
  const folders = [...new Set(weights.map(({ fsPath }) => dirname(fsPath)))].sort();
  if (near !== null) folders.sort((a, b) => distance(near, a) - distance(near, b));
  const sample = vscode.Uri.joinPath(extension, 'media', 'sample', 'model').fsPath;
  const found = await Promise.all(folders.map((folder) => choice(folder, vscode.workspace.asRelativePath(folder))));
  const supplied = folders.includes(sample) ? null : await choice(sample, 'the tiny model of the sample');
  return [...found, supplied].filter((item) => item !== null).concat(browse<ModelChoice>('browse'));
}

/** The chosen folder. For *Browse…* a dialog asks for it. @returns null if the person closed it */
export async function chosenFolder(answer: ModelChoice, title: string): Promise<string | null> {
  if (answer !== 'browse') return answer.folder;
  return (await openOne(title, { canSelectFolders: true, canSelectFiles: false }))?.fsPath ?? null;
}

/**
 * Bytes of a GGUF file, or of the safetensors in a folder or in its snapshot in the Hugging Face cache; null if it has
 * none.
 */
export async function weightBytes(path: string): Promise<number | null> {
  if (isGguf(path)) return (await stat(path)).size;
  const snapshot = await hubSnapshot(path);
  const folder = snapshot && 'folder' in snapshot ? snapshot.folder : path;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'));
  if (names.length === 0) return null;
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function choice(folder: string, description: string): Promise<Choice<ModelChoice> | null> {
  const type = await modelType(folder);
  if (type === null) return null;
  const bytes = await weightBytes(folder);
  const detail = [type, ...(bytes === null ? [] : [megabytes(bytes)])].join(' · ');
  return { label: basename(folder), description, detail, value: { folder } };
}

/** `840 MB`, `1,200 MB`. */
export function megabytes(bytes: number): string {
  const number = bytes / 1e6;
  return `${number.toLocaleString(vscode.env.language, { maximumFractionDigits: number < 10 ? 1 : 0 })} MB`;
}

/** The `model_type` of a folder; null if it holds no model, for example because it holds an adapter. */
async function modelType(folder: string): Promise<string | null> {
  // A folder whose config.json is missing or unreadable offers no model.
  const bytes = await readSmallFile(join(folder, 'config.json'), maxConfig).catch(() => null);
  return bytes === null ? null : (/"model_type"\s*:\s*"([^"]+)"/.exec(bytes.toString('utf8'))?.[1] ?? null);
}

/** Number of steps up and down the tree, from the folder of a file. */
function distance(file: string, folder: string): number {
  return relative(dirname(file), folder).split(sep).length;
}
