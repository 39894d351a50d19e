import { readdir, stat } from 'node:fs/promises';
import { isGguf } from '../base/pure/isGguf';
import { basename, dirname, join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { hubSnapshot } from '../base/node/hubSnapshot';
import { splitGguf } from '../base/pure/splitGguf';
import { quickSha256Of } from '../base/node/fileHash';
import { fingerprint, missing } from './fingerprint';
import { createRunFolder } from './folder';
import { fingerprintGuard } from './guardFile';
import { checkSamplePrompts } from './samplePrompts';
import { fingerprintMarks } from './marksRecord';
import { refuseUnwritable } from './outputFolder';
import { runVersion } from './types';
import type { FileFingerprint, ModelFingerprint, RunConfig, TrainConfig } from './types';

/** The files of a model or adapter folder that affect its results. */
const modelFile = /\.(json|safetensors|jinja|model|txt)$/;

/**
 * Fingerprints the files that a config names and creates its run folder in `output_dir`; returns the folder. Nothing is
 * written if a file is missing. Errors: `config-file` with the field, `disk-full`, `not-writable`.
 *
 * @param versions the versions of Margin and its platform, for the record
 */
export async function createRun(config: TrainConfig, versions: Readonly<Record<string, string>>): Promise<string> {
  await refuseUnwritable(config.output_dir);
  return createRunFolder(config.output_dir, await resolveRun(config, versions));
}

/** The `versions` of a config.json: those of Margin, Node and the platform. */
export function recordedVersions(margin: string): Readonly<Record<string, string>> {
  return { margin, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
}

/** The content of a run's config.json. Errors: `config-file` with the field. */
export async function resolveRun(asked: TrainConfig, versions: Readonly<Record<string, string>>): Promise<RunConfig> {
  const config = await resolvePaths(asked);
  const data = await fingerprintData(config);
  await fingerprintHeldOut(config);
  const guard = await fingerprintGuard(config);
  await checkSamplePrompts(config);
  const marks = await fingerprintMarks(config);
  const model = await fingerprintModel(config);
  const adapter = await fingerprintStart(config);
  return {
    version: runVersion,
    name: config.run_name === null ? 'run' : config.run_name,
    created: Date.now(),
    config,
    data,
    guard,
    marks,
    model: [...model, ...adapter],
    versions,
  };
}

/** All errors in the files that a config names. {@link resolveRun} throws the first of them. */
export async function unusableFiles(asked: TrainConfig): Promise<readonly MarginError[]> {
  const errors: MarginError[] = [];
  const attempt = async <T>(look: () => Promise<T>): Promise<T | null> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      errors.push(error);
      return null;
    }
  };
  const config = (await attempt(() => resolvePaths(asked))) ?? asked;
  await attempt(() => fingerprintData(config));
  await attempt(() => fingerprintHeldOut(config));
  await attempt(() => fingerprintGuard(config));
  await attempt(() => checkSamplePrompts(config));
  await attempt(() => fingerprintMarks(config));
  // If the path of the model is wrong, the list has that error already, and looking for the model would only repeat it.
  if (errors.some(({ details }) => details['field'] === 'model_name_or_path')) return errors;
  await attempt(() => fingerprintModel(config));
  await attempt(() => fingerprintStart(config));
  return errors;
}

/** The config with its paths resolved. A path to an adapter becomes the path of its base and `adapter_name_or_path`. */
async function resolvePaths(asked: TrainConfig): Promise<TrainConfig> {
  const path = await snapshot('model_name_or_path', asked.model_name_or_path);
  const own = (await isAdapter(path)) ? path : null;
  const { adapter_name_or_path: adapter } = asked;
  const start = adapter === null ? own : await snapshot('adapter_name_or_path', adapter);
  return { ...asked, model_name_or_path: path, adapter_name_or_path: start };
}

async function fingerprintData({ train_file: path }: TrainConfig): Promise<FileFingerprint> {
  const data = await fingerprint('train_file', path);
  if (data.size > 0) return data;
  const message = `train_file: ${path} is empty; it needs one pair per line.`;
  throw new MarginError('config-file', message, { field: 'train_file', path });
}

async function fingerprintHeldOut({ eval_file: path }: TrainConfig): Promise<void> {
  if (path !== null) await fingerprint('eval_file', path);
}

/** The adapter that a run starts from, if the model's path does not name the same adapter. */
async function fingerprintStart(config: TrainConfig): Promise<ModelFingerprint[]> {
  const { model_name_or_path: model, adapter_name_or_path: start } = config;
  if (start === null || start === model) return [];
  return fingerprintFolder('adapter_name_or_path', start, 'adapter_config.json');
}

/**
 * The current snapshot of a folder in the Hugging Face cache. A run records it, so that it resumes on the same weights
 * even if the cache has a newer snapshot by then.
 */
async function snapshot(field: string, path: string): Promise<string> {
  const found = await hubSnapshot(path);
  if (found && 'unclear' in found) throw new MarginError('config-file', `${field}: ${found.unclear}`, { field, path });
  return found?.folder ?? path;
}

/**
 * The files of a model: a .gguf file with the other parts of its model, the folder of a model, or the folder of an
 * adapter, whose base the trainer finds.
 */
async function fingerprintModel({
  model_name_or_path: path,
  use_peft: adapters,
}: TrainConfig): Promise<ModelFingerprint[]> {
  const field = 'model_name_or_path';
  if (isGguf(path)) return Promise.all((await ggufFiles(path)).map((file) => fingerprintLarge(field, file)));
  const isOne = await isAdapter(path);
  if (isOne && !adapters)
    throw new MarginError(
      'config-file',
      `${field}: ${path} is an adapter. To train all weights, name the folder of a model.`,
      { field, path },
    );
  const prints = await fingerprintFolder(field, path, isOne ? 'adapter_config.json' : 'config.json');
  if (prints.some(({ path: file }) => file.endsWith('.safetensors'))) return prints;
  throw new MarginError(
    'config-file',
    `${field}: ${path} has no *.safetensors file. Margin reads weights from *.safetensors and .gguf files.`,
    { field },
  );
}

async function isAdapter(path: string): Promise<boolean> {
  const names = await readdir(path).catch((): string[] => []);
  return !names.includes('config.json') && names.includes('adapter_config.json');
}

/** The file, or the existing parts of its split model. The trainer reports missing parts. */
async function ggufFiles(file: string): Promise<readonly string[]> {
  const there = new Set(await readdir(dirname(file)).catch((): string[] => []));
  const parts = splitGguf(file)?.parts.filter((part) => there.has(basename(part)));
  return parts?.includes(file) ? parts : [file];
}

async function fingerprintFolder(field: string, folder: string, needs: string): Promise<ModelFingerprint[]> {
  const names = await readdir(folder).catch((error: unknown) =>
    Promise.reject(missing(error, field, folder, 'folder')),
  );
  if (!names.includes(needs)) {
    throw new MarginError('config-file', `${field}: ${folder} has no ${needs}. Name the folder that has it.`, {
      field,
      path: folder,
    });
  }
  const wanted = names.filter((name) => modelFile.test(name)).sort();
  const prints: ModelFingerprint[] = [];
  for (const name of wanted) prints.push(await fingerprintLarge(field, join(folder, name)));
  return prints;
}

/**
 * The fingerprint of a model's file. A large file that was never hashed has no hash yet: see {@link ModelFingerprint}.
 */
async function fingerprintLarge(field: string, path: string): Promise<ModelFingerprint> {
  try {
    return { path, size: (await stat(path)).size, sha256: await quickSha256Of(path) };
  } catch (error) {
    throw missing(error, field, path, 'file');
  }
}
