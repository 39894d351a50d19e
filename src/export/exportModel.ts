import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeGgufAdapter } from '../model/gguf/loraAdapter';
import { writeGgufModel } from '../model/gguf/writeModel';
import { MarginError } from '../base/pure/marginError';
import { modelLabel } from '../base/node/modelLabel';
import { writeMerged } from './merged';
import { modelCard } from './modelCard';
import { ggufFile, ggufModelFile } from './names';
import type { ExportFormat, ExportOptions } from './options';
import { writePeft } from './peft';
import { trainingFacts } from './trainingFacts';
import type { Source } from './source';
import { requireEmpty, wholeFolder } from './wholeFolder';

export interface ExportedFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Exports a checkpoint for other programs, with a model card, into a new folder. The folder appears complete or not at
 * all.
 *
 * @returns the files of the folder, sorted by name
 * @throws MarginError `no-adapter` for a format that needs an adapter | `not-empty` | `unsupported-gguf` |
 *   `bad-weight`, and file errors such as `disk-full` and `not-writable`; AbortError
 */
export async function exportModel(source: Source, options: ExportOptions): Promise<ExportedFile[]> {
  const { out } = options;
  const write = writerOf(source, options);
  await requireEmpty(out);
  const facts = source.origin && (await trainingFacts(source.origin, options));
  await wholeFolder(out, async (folder) => {
    await write(folder);
    options.signal.throwIfAborted();
    await writeFile(join(folder, 'README.md'), modelCard(source, facts, options));
  });
  const names = (await readdir(out)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(out, name))).size })));
}

/** The function that writes the model's files in the chosen format. */
function writerOf(source: Source, options: ExportOptions): (folder: string) => Promise<void> {
  if (options.format === 'merged') return (folder) => writeMerged(folder, source, options);
  const { adapter, adapterFolder } = source;
  const names = { name: source.name, base: modelLabel(source.base) };
  if (options.format === 'merged-gguf') {
    const { outType, signal, onProgress } = options;
    const file = ggufModelFile(source.name, outType);
    return (folder) =>
      writeGgufModel(join(folder, file), source.checkpoint, adapter, {
        ...names,
        outType,
        signal,
        onProgress: (done, total) => onProgress('weights', done, total),
      });
  }
  if (!adapter || adapterFolder === null) throw noAdapter(source, options.format);
  if (options.format === 'peft') return (folder) => writePeft(folder, adapterFolder, source.base);
  const file = ggufFile(source.name);
  return (folder) => writeGgufAdapter(join(folder, file), adapter, source.checkpoint, names);
}

function noAdapter({ checkpoint: { folder } }: Source, format: ExportFormat): MarginError {
  return new MarginError(
    'no-adapter',
    `${folder} is a whole model without an adapter, so it cannot be written as ${format}. Export it with --format merged or merged-gguf.`,
    { folder },
  );
}
