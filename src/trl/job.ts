import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { writeJson } from '../base/node/jsonFile';
import { must } from '../base/pure/must';
import type { TrainConfig } from '../run/types';
import { accelerateYaml } from './accelerate';
import { requirementsOf } from './requirements';
import { trainerArguments } from './trainerArguments';

/** What starts a run of TRL. Its folder may be copied to another machine together with the run folder. */
export interface TrlJob {
  /** `RUN/trl`, in which the command runs. */
  readonly folder: string;
  /** `python` is any Python with the packages of requirements.txt. */
  readonly command: readonly string[];
  /** For the command, besides the variables that it inherits. */
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: number;
  readonly nodes: number;
}

/** A file of job.json. Its path starts at the job's folder. */
export interface JobFile {
  readonly file: string;
  readonly sha256: string;
}

/** The rows that were written for a run, and what it starts from. */
export interface JobParts {
  /** The folder of the model. */
  readonly model: string;
  /** Whether `RUN/trl/adapter` has the adapter that the run starts from. */
  readonly adapter: boolean;
  readonly train: JobFile & { readonly rows: number };
  readonly held: (JobFile & { readonly rows: number }) | null;
  /** The order of the rows as unsigned 32-bit numbers, epoch after epoch; null: that of the file. */
  readonly order: (JobFile & { readonly epochs: number }) | null;
}

/** The folder of a run's job. */
export const jobFolder = (runFolder: string): string => join(runFolder, 'trl');

/** Keeps the libraries from reporting their use, and from loading anything that the job does not name. */
const quietEnvironment: Readonly<Record<string, string>> = {
  HF_HUB_DISABLE_TELEMETRY: '1',
  HF_HUB_OFFLINE: '1',
  DO_NOT_TRACK: '1',
  HF_HUB_DISABLE_PROGRESS_BARS: '1',
  TRL_EXPERIMENTAL_SILENCE: '1',
  TOKENIZERS_PARALLELISM: 'false',
  PYTHONUTF8: '1',
  PYTHONUNBUFFERED: '1',
};

/**
 * Completes a run's job: runner.py, job.json, accelerate.yaml and requirements.txt, beside the rows that `parts`
 * names. Errors as {@link fileError}.
 */
export async function writeJob(config: TrainConfig, runFolder: string, parts: JobParts): Promise<TrlJob> {
  const folder = jobFolder(runFolder);
  try {
    await makeFolder(folder);
    await copyFile(runnerFile(), join(folder, 'runner.py'));
    await writeFile(join(folder, 'accelerate.yaml'), accelerateYaml(config));
    await writeFile(join(folder, 'requirements.txt'), requirementsOf(config));
    await writeJson(join(folder, 'job.json'), jobOf(config, parts));
  } catch (error) {
    throw fileError(error, 'write', folder);
  }
  return jobStart(config, runFolder);
}

/** How the job of a run is started. Needs no file. */
export function jobStart(config: TrainConfig, runFolder: string): TrlJob {
  return {
    folder: jobFolder(runFolder),
    command: [...launcher(config), 'runner.py', 'job.json'],
    environment: config.device === 'cpu' ? { ...quietEnvironment, ACCELERATE_USE_CPU: 'true' } : quietEnvironment,
    processes: config.num_processes,
    nodes: config.num_machines,
  };
}

/**
 * What starts the processes. `accelerate launch` starts several processes on the CPU through MPI only, so torchrun does
 * that; it needs no config file.
 */
function launcher(config: TrainConfig): readonly string[] {
  const { distributed_type: type, num_processes: count, num_machines: machines } = config;
  if (type === 'NO') return ['python'];
  if (type !== 'MULTI_CPU') return ['accelerate', 'launch', '--config_file', 'accelerate.yaml'];
  const { main_process_ip: host, main_process_port: port } = config;
  const given = host === null ? [] : ['--master_addr', host, '--master_port', String(port)];
  const meet = machines === 1 ? ['--standalone'] : given;
  return ['torchrun', '--nnodes', String(machines), '--nproc_per_node', String(count / machines), ...meet];
}

/** Plain data for runner.py. */
function jobOf(config: TrainConfig, { model, adapter, train, held, order }: JobParts): object {
  const { early_stopping_patience: patience, early_stopping_threshold: threshold } = config;
  return {
    version: 1,
    trainer: config.trainer,
    arguments: trainerArguments(config, held !== null),
    model,
    adapter: adapter ? 'adapter' : null,
    // `auto` is float32, in which Margin computes.
    dtype: config.dtype === 'bfloat16' ? 'bfloat16' : 'float32',
    load_in_4bit: config.load_in_4bit,
    early_stopping: patience === null ? null : { patience, threshold },
    train,
    held,
    order,
  };
}

/** Folders between a bundle or a source file and the folder that has `media`, at most. */
const maxUp = 4;

function runnerFile(): string {
  const above = Array.from({ length: maxUp }, (_, up) => join(__dirname, ...Array<string>(up).fill('..')));
  const places = above.map((folder) => join(folder, 'media', 'trl', 'runner.py'));
  return must(
    places.find((place) => existsSync(place)),
    'media/trl/runner.py',
  );
}
