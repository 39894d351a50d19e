import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { exportModel, type ExportedFile } from '../export/exportModel';
import { type ExportFormat, exportFormats, type ProgressListener } from '../export/options';
import { openSource } from '../export/source';
import { type OutType, outTypes } from '../model/gguf/writeModel';
import type { Precision } from '../model/precision';
import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { cacheFolder } from '../base/node/cacheFolder';
import { flag, number, onePositional, parseArguments, required, text, UsageError } from './args';
import type { Arguments } from './args';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { duration, Progress } from './progress';
import { megabytes } from './megabytes';

/** Milliseconds between two lines of progress with --json. */
const tellMs = 200;

const types: Readonly<Record<string, Precision>> = { float32: 'f32', bfloat16: 'bf16', float16: 'f16' };
/** The units of huggingface_hub, and the binary ones. */
const units: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

export const exportCommand: Command = {
  summary: 'export a checkpoint as a PEFT adapter, merged model or GGUF',
  help: `margin export RUN_OR_CHECKPOINT --format peft|merged|gguf|merged-gguf --out DIR [--step N | --best]

Writes the newest checkpoint of a run into a new folder, with a model card (data and its hash, settings, last metrics).
Instead of a run it also takes the folder of a checkpoint, of a PEFT LoRA adapter, or of a model.

  --format peft       Writes adapter_model.safetensors and adapter_config.json, for peft.
  --format merged     Writes a whole model with the adapter merged into its weights, for transformers, vLLM or training.
  --format gguf       Writes a LoRA adapter for llama.cpp: llama-cli -m BASE.gguf --lora FILE
  --format merged-gguf  Writes a whole model with the adapter merged, its tokenizer and its chat template as one file
                      for llama.cpp: llama-cli -m FILE
  --out DIR           The folder to create. An existing folder that is not empty is never changed.
  --step N            Exports the checkpoint of this step instead of the newest.
  --best              Exports the checkpoint of the best evaluation by metric_for_best_model.
  --model DIR         The base model of the adapter, if it is not where adapter_config.json says.
  --max_shard_size S  For merged: the largest weights file, such as 500MB; default 5GB.
  --dtype T           For merged: float32, bfloat16 or float16. By default each weight keeps its type, and quantised
                      weights become float32.
  --outtype T         For merged-gguf: f16 (default), q8_0, bf16 or f32, as llama.cpp's converter has it: vectors stay
                      f32, and in q8_0 a matrix whose rows are not a multiple of 32 values becomes f16.
  --json              Prints {"what", "done", "total"} in bytes during the export, then {"out", "format", "files"}.

Exit code: 0 success; 1 failed; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      format: 'value',
      out: 'value',
      step: 'value',
      best: 'flag',
      model: 'value',
      max_shard_size: 'value',
      dtype: 'value',
      outtype: 'value',
    });
    const path = resolve(surroundings.cwd, onePositional(args, 'RUN_OR_CHECKPOINT'));
    const options = readOptions(args, surroundings.cwd);
    const { signal } = interruption();
    const progress = new Progress(surroundings.output);
    progress.update(`opening ${path}`);
    try {
      const source = await openSource(
        { path, step: options.step, model: options.model },
        join(cacheFolder(), 'models'),
      );
      const files = await exportModel(source, {
        ...options,
        version,
        signal,
        onProgress: teller(progress, flag(args, 'json'), surroundings),
      });
      progress.end();
      report(files, options, flag(args, 'json'), surroundings);
    } catch (error) {
      progress.end();
      if (signal.aborted) throw new MarginError('interrupted', `Stopped; ${options.out} was not written.`);
      throw error;
    }
    return 0;
  },
};

interface Options {
  readonly format: ExportFormat;
  readonly out: string;
  readonly step: number | 'best' | null;
  readonly model: string | null;
  readonly maxShardBytes: number;
  readonly dtype: Precision | null;
  readonly outType: OutType;
}

function readOptions(args: Arguments, cwd: string): Options {
  const given = required(args, 'format');
  const format = exportFormats.find((one) => one === given);
  if (!format) throw new UsageError(`--format must be one of ${exportFormats.join(', ')}, not ${given}`);
  const foreign = ['max_shard_size', 'dtype'].find((name) => format !== 'merged' && args.options.has(name));
  if (foreign !== undefined)
    throw new UsageError(
      `--${foreign} is only for --format merged: adapters are one file in float32${format === 'merged-gguf' ? ', and merged-gguf has --outtype' : ''}`,
    );
  if (format !== 'merged-gguf' && args.options.has('outtype'))
    throw new UsageError('--outtype is only for --format merged-gguf');
  const model = text(args, 'model');
  return {
    format,
    out: resolve(cwd, required(args, 'out')),
    step: stepOf(args),
    model: model === null ? null : resolve(cwd, model),
    maxShardBytes: size(text(args, 'max_shard_size') ?? '5GB'),
    dtype: typeOf(text(args, 'dtype')),
    outType: outTypeOf(text(args, 'outtype')),
  };
}

function stepOf(args: Arguments): Options['step'] {
  const given = args.options.has('step') ? number(args, 'step', 0, { min: 1, integer: true }) : null;
  if (!flag(args, 'best')) return given;
  if (given !== null) throw new UsageError('--step and --best name two checkpoints: give only one of them');
  return 'best';
}

function size(given: string): number {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*$/.exec(given);
  if (parts) {
    const bytes = Number(parts[1]) * must(units[at(parts, 2)], 'the size of a unit');
    if (bytes >= 1) return Math.floor(bytes);
  }
  throw new UsageError(`--max_shard_size must be a size such as 500MB or 5GB, not ${given}`);
}

function typeOf(given: string | null): Precision | null {
  if (given === null) return null;
  const dtype = Object.hasOwn(types, given) ? types[given] : undefined;
  if (!dtype) throw new UsageError(`--dtype must be one of ${Object.keys(types).join(', ')}, not ${given}`);
  return dtype;
}

function outTypeOf(given: string | null): OutType {
  if (given === null) return 'f16';
  const outType = outTypes.find((one) => one === given);
  if (!outType) throw new UsageError(`--outtype must be one of ${outTypes.join(', ')}, not ${given}`);
  return outType;
}

function teller(progress: Progress, json: boolean, { output }: Surroundings): ProgressListener {
  let [phase, started, lastJson] = ['', 0, 0];
  return (what, done, total) => {
    if (what !== phase) [phase, started] = [what, Date.now()];
    const left = ((Date.now() - started) / 1000) * (total / Math.max(1, done) - 1);
    progress.update(
      `${what === 'data' ? 'reading the data for the model card' : 'writing weights'} · ${megabytes(done)} of ${megabytes(total)} MB · ${duration(left)} left`,
    );
    if (!json || Date.now() - lastJson < tellMs) return;
    lastJson = Date.now();
    output.json({ what, done, total });
  };
}

function report(
  files: readonly ExportedFile[],
  { out, format }: Options,
  json: boolean,
  { output }: Surroundings,
): void {
  if (json) output.json({ out, format, files });
  else output.line([`${out}:`, ...files.map(({ name, bytes }) => `  ${name} · ${megabytes(bytes)} MB`)].join('\n'));
}
