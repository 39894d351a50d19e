import { MarginError } from '../base/pure/marginError';
import type { HubFile } from './hubFiles';
import { choose, type Wanted } from './neededFiles';

/** The branch on which the Hub keeps each public data set as Parquet (huggingface.co/docs/dataset-viewer/parquet). */
export const parquetBranch = 'refs/convert/parquet';

/** `CONFIG/SPLIT/0000.parquet`; a split that is converted in part is `partial-train`. */
const converted = /^([^/]+)\/([^/]+)\/\d{4}\.parquet$/;
const rows = /\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz|\.zst)?$/;
/** Files about a data set that are no rows. */
const notRows = /^(dataset_infos?|dataset_dict|state|config)\.json$/;

/**
 * The files of the Parquet branch: those of one configuration.
 *
 * @throws MarginError `hub-choose` if several configurations are there and none is named; `hub-no-file`
 */
export function convertedFiles(files: readonly HubFile[], { config, split }: Wanted, repo: string): readonly HubFile[] {
  const parts = files.flatMap((file) => {
    const [, name, of] = converted.exec(file.path) ?? [];
    return name === undefined || of === undefined ? [] : [{ file, config: name, split: of }];
  });
  const configs = [...new Set(parts.map((part) => part.config))];
  if (config === null && configs.length > 1)
    throw choose(
      `${repo} has ${configs.length} configurations`,
      '--config',
      configs.map((path) => ({
        path,
        bytes: parts.filter((part) => part.config === path).reduce((sum, { file }) => sum + file.bytes, 0),
      })),
    );
  const inConfig = parts.filter((part) => config === null || part.config === config);
  const found = inConfig.filter((part) => split === null || part.split === split || part.split === `partial-${split}`);
  if (found.length > 0) return found.map(({ file }) => file);
  const had =
    inConfig.length > 0 ? `splits ${words(inConfig.map((part) => part.split))}` : `configurations ${words(configs)}`;
  throw new MarginError('hub-no-file', `${repo} has no such rows as Parquet; it has the ${had}.`, { repo });
}

/**
 * The files with rows that the repository itself has.
 *
 * @throws MarginError `hub-no-file`
 */
export function ownFiles(files: readonly HubFile[], { file, split }: Wanted, repo: string): readonly HubFile[] {
  const all = files.filter(({ path }) => rows.test(path) && !notRows.test(path.split('/').at(-1) ?? ''));
  const found = all.filter(
    ({ path }) => (file === null || path === file) && (split === null || namesSplit(path, split)),
  );
  if (found.length > 0) return found;
  const had = all.length === 0 ? 'no file of rows that Margin reads' : `only ${words(all.map(({ path }) => path))}`;
  throw new MarginError('hub-no-file', `${repo} has ${had}.`, { repo });
}

/** `data/train-00000-of-00001.parquet` and `train.jsonl` name the split `train`. */
export const namesSplit = (path: string, split: string): boolean => path.split(/[/._-]/).includes(split);

const words = (names: readonly string[]): string => [...new Set(names)].slice(0, 20).join(', ');
