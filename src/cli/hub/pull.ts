import { homedir } from 'node:os';
import { join } from 'node:path';
import { cachedPull } from '../../hub/cachedPull';
import { HubClient } from '../../hub/hubClient';
import { hubSettings } from '../../hub/hubSettings';
import { type PulledFile, planPull, pull as pullFiles, type PullOptions } from '../../hub/pull';
import { parseRepo, parseRevision, type Repo, repoPath } from '../../hub/repo';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { flag, onePositional, parseArguments, text, UsageError } from '../args';
import type { Arguments } from '../args';
import type { Command } from '../command';
import { interruption } from '../interruption';
import type { Output } from '../output';
import { ProgressTeller } from '../progressTeller';
import { printSuggested } from './suggested';
import { megabytes } from '../megabytes';

/** What `margin pull --json` prints at the end. */
interface Pulled {
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  /** What `model_name_or_path` or `train_file` gets: the snapshot, or the only file. */
  readonly path: string;
  readonly files: readonly PulledFile[];
}

export const pull: Command = {
  summary: 'download a model or data set from the Hugging Face Hub',
  help: `margin pull ID [--revision R] [--file NAME] [--config C] [--split S] [--dry_run]
margin pull --suggested

Downloads what Margin needs of a repository into the cache that it shares with Python's huggingface_hub. ID is org/name
for a model, datasets/org/name for a data set. Of a model these are its safetensors, config, tokenizer and chat template;
if it has none, its GGUF file. Of a data set these are the Parquet files of the Hub's own conversion
(refs/convert/parquet), or, where there is none, the repository's files of rows. A broken download goes on where it
stopped, and each file is checked against the checksum that the Hub lists.

  --revision R   A branch, tag or commit; default main. With it, a data set's own files are taken.
  --file NAME    Only this file: one of several GGUF files, or one file of a data set.
  --config C     The configuration of a data set with several.
  --split S      Only this split of a data set, such as train.
  --dry_run      Prints what would come, and downloads nothing.
  --suggested    Lists small models to begin with, and what of them fits in the free memory; asks the Hub nothing.
  --json         Prints {"progress": {"file", "done", "total"}} in bytes meanwhile; {"choices"} if one of several files
                 or configurations must be chosen; at the end {"repo", "revision", "commit", "path", "files"}, where
                 path is what model_name_or_path or train_file gets. With --suggested {"suggested", "free"}.

Environment, as for huggingface_hub: HF_TOKEN (or the token of hf auth login), HF_ENDPOINT, HF_HOME, HF_HUB_CACHE,
HF_HUB_OFFLINE=1 to use only what the cache has.

Exit code: 0 success; 1 failed; 2 wrong usage.`,

  async run(argv, { output }) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      dry_run: 'flag',
      suggested: 'flag',
      revision: 'value',
      file: 'value',
      config: 'value',
      split: 'value',
    });
    if (flag(args, 'suggested')) {
      await printSuggested(flag(args, 'json'), output);
      return 0;
    }
    const repo = parseRepo(onePositional(args, 'ID'));
    const options = optionsOf(args, repo);
    const { signal } = interruption();
    const progress = new ProgressTeller<{ file: string; done: number; total: number }>(
      output,
      flag(args, 'json'),
      ({ file, done, total }) => `${file} · ${megabytes(done)} of ${megabytes(total)} MB`,
    );
    try {
      const settings = await hubSettings(process.env, homedir());
      if (settings.offline) {
        report(repo, await cachedPull(settings, repo, options), args, output);
        return 0;
      }
      const client = new HubClient(settings, repo, { signal, onWait: (said) => output.say(said) });
      const plan = await planPull(client, options);
      if (flag(args, 'dry_run')) {
        const files = plan.files.map(({ path, bytes, cached }) => ({ name: path, path, bytes, cached }));
        report(repo, { ...plan, files }, args, output);
        return 0;
      }
      const files = await pullFiles(client, plan, (file, done, total) => progress.tell({ file, done, total }));
      progress.end();
      report(repo, { ...plan, files }, args, output);
      return 0;
    } catch (error) {
      progress.end();
      if (signal.aborted)
        throw new MarginError('interrupted', 'Stopped. What has come is kept; the same command goes on there.');
      if (flag(args, 'json') && error instanceof MarginError && errorCode(error) === 'hub-choose')
        output.json(error.details);
      throw error;
    }
  },
};

function optionsOf(args: Arguments, { kind }: Repo): PullOptions {
  const given = text(args, 'revision');
  const [file, config, split] = [text(args, 'file'), text(args, 'config'), text(args, 'split')];
  const foreign = ['config', 'split'].find((name) => kind === 'model' && args.options.has(name));
  if (foreign !== undefined) throw new UsageError(`--${foreign} is only for data sets: name datasets/org/name`);
  if (config !== null && given !== null)
    throw new UsageError('--config is of the Parquet branch, and --revision names another: leave out one');
  return { revision: given === null ? null : parseRevision(given), file, config, split };
}

function report(
  repo: Repo,
  { revision, commit, files }: Pick<Pulled, 'revision' | 'commit' | 'files'>,
  args: Arguments,
  output: Output,
): void {
  const path = flag(args, 'dry_run') ? repoPath(repo) : pathOf(repo, files);
  if (flag(args, 'json')) {
    output.json({ repo: repoPath(repo), revision, commit, path, files } satisfies Pulled);
    return;
  }
  const bytes = files.reduce((sum, file) => sum + (file.cached ? 0 : file.bytes), 0);
  output.line(`${repoPath(repo)} at ${revision} (${commit.slice(0, 8)}), ${megabytes(bytes)} MB to download:`);
  for (const file of files)
    output.line(`  ${file.name} · ${megabytes(file.bytes)} MB${file.cached ? ' · in the cache' : ''}`);
  if (flag(args, 'dry_run')) return;
  output.line(repo.kind === 'model' ? `model_name_or_path: ${path}` : files.map((file) => file.path).join('\n'));
}

/** The only file, such as a GGUF file; otherwise the folder of the snapshot. */
function pathOf({ kind }: Repo, files: readonly PulledFile[]): string {
  const [first] = files;
  if (first === undefined) throw new MarginError('hub-no-file', 'Nothing was pulled.');
  const isOne = kind === 'dataset' ? files.length === 1 : first.name.endsWith('.gguf');
  return isOne ? first.path : join(first.path, ...first.name.split('/').map(() => '..'));
}
