import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { readSmallFile } from '../../base/node/smallFile';
import { browse, type Choice, openOne } from '../quickSteps';

const excluded = '**/{node_modules,.margin}/**';
const maxFound = 200;
/** A model's config.json has kilobytes. */
const maxConfig = 1 << 20;

export type ModelChoice = { readonly folder: string } | 'browse';

/**
 * Model folders of the workspace, those nearest to the dataset first, then the model that came with Margin, then
 * Browse.
 */
export async function modelChoices(extension: vscode.Uri, near: string): Promise<Choice<ModelChoice>[]> {
  const weights = await vscode.workspace.findFiles('**/*.safetensors', excluded, maxFound);
  const folders = [...new Set(weights.map(({ fsPath }) => dirname(fsPath)))].sort(
    (a, b) => distance(near, a) - distance(near, b),
  );
  const sample = vscode.Uri.joinPath(extension, 'media', 'sample', 'model').fsPath;
  const found = await Promise.all(folders.map((folder) => choice(folder, vscode.workspace.asRelativePath(folder))));
  const supplied = folders.includes(sample) ? null : await choice(sample, 'the tiny model of the sample');
  return [...found, supplied].filter((item) => item !== null).concat(browse<ModelChoice>('browse'));
}

/** The folder of an answer; null if the person closed the dialog. */
export async function chosenFolder(answer: ModelChoice, title: string): Promise<string | null> {
  if (answer !== 'browse') return answer.folder;
  return (await openOne(title, { canSelectFolders: true, canSelectFiles: false }))?.fsPath ?? null;
}

/**
 * Bytes of the weights in a folder; null where it holds no safetensors itself: a GGUF file, a folder of the Hugging
 * Face cache.
 */
export async function weightBytes(folder: string): Promise<number | null> {
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

function megabytes(bytes: number): string {
  const number = bytes / 1e6;
  return `${number.toLocaleString(vscode.env.language, { maximumFractionDigits: number < 10 ? 1 : 0 })} MB`;
}

/** Null for folders that hold no model: an adapter, a checkpoint of optimizer state. */
async function modelType(folder: string): Promise<string | null> {
  // Not there, not readable or no such file as a model has: no model to offer.
  const bytes = await readSmallFile(join(folder, 'config.json'), maxConfig).catch(() => null);
  return /"model_type"\s*:\s*"([^"]+)"/.exec(bytes?.toString('utf8') ?? '')?.[1] ?? null;
}

/** Steps up and down the tree from a file's folder. */
function distance(file: string, folder: string): number {
  return relative(dirname(file), folder).split(sep).length;
}
