import { basename, dirname, join, resolve } from 'node:path';
import { nullIfMissing } from '../../base/node/jsonFile';
import { parseJsonObject, readSmallText } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { errorMessage, MarginError } from '../../base/pure/marginError';
import type { JsonObject } from '../../pairs/json';
import { axolotlColumns } from '../../pairs/own/axolotl';
import { datasetInfoColumns } from '../../pairs/own/datasetInfo';
import type { FoundColumns } from '../../pairs/own/foundColumns';
import { type OwnColumns, parseColumns } from '../../pairs/own/ownColumns';

/** LLaMA-Factory's own list has about 20 KB. */
const maxBytes = 1 << 20;
const filePattern = /^(?<file>.+\.(?:json|ya?ml))(?::(?<entry>[^/\\]+))?$/i;

/**
 * The columns that a text names: `prompt=q,chosen=a,rejected=b`, a JSON object, or a file of another tool with the name
 * of the entry: `dataset_info.json:NAME` (LLaMA-Factory), `axolotl.yml:PATH` (the `path` in its `datasets`). Without
 * the name of an entry, the entry for `dataFile` is used, or the only entry.
 *
 * @param cwd the folder that relative paths start from
 * @throws MarginError `bad-columns`; those of reading the file
 */
export async function readColumns(given: string, cwd: string, dataFile: string | null): Promise<FoundColumns> {
  const parts = given.trimStart().startsWith('{') || given.includes('=') ? null : filePattern.exec(given)?.groups;
  if (parts?.['file'] !== undefined) {
    const file = resolve(cwd, parts['file']);
    return columnsIn(file, parts['entry'] ?? null, dataFile);
  }
  const columns = parseColumns(given);
  if (typeof columns === 'string') throw badColumns(`The columns ${columns}.`);
  return { columns, notes: [] };
}

/** An entry of a file of another tool that names the columns of data. */
export interface ColumnsEntry {
  readonly file: string;
  readonly name: string;
  readonly found: FoundColumns | string;
  /** Whether this entry describes the data file. */
  readonly isOf: (dataFile: string) => boolean;
}

/**
 * The entry for a data file in the `dataset_info.json` beside it; null if there is none. A damaged list counts as
 * empty, because nobody asked for that file.
 *
 * @throws errors that are not of reading the file
 */
export async function columnsBeside(
  dataFile: string,
): Promise<{ readonly entry: string; readonly columns: OwnColumns } | null> {
  const file = join(dirname(dataFile), 'dataset_info.json');
  try {
    const text = await nullIfMissing(readSmallText(file, maxBytes));
    if (text === null) return null;
    const entry = datasetInfoEntries(parseJsonObject(text, file), file).find(({ isOf }) => isOf(dataFile));
    if (!entry || typeof entry.found === 'string') return null;
    return { entry: `dataset_info.json:${entry.name}`, columns: entry.found.columns };
  } catch (error) {
    if (error instanceof MarginError) return null;
    throw error;
  }
}

async function columnsIn(file: string, name: string | null, dataFile: string | null): Promise<FoundColumns> {
  const text = await readSmallText(file, maxBytes);
  const entries = /\.json$/i.test(file)
    ? datasetInfoEntries(parseJsonObject(text, file), file)
    : axolotlEntries(await parsedYaml(text, file), file);
  const entry = chosenEntry(entries, file, name, dataFile);
  if (typeof entry.found === 'string') throw badColumns(`${file}: "${entry.name}" cannot be used: ${entry.found}.`);
  return entry.found;
}

function chosenEntry(
  entries: readonly ColumnsEntry[],
  file: string,
  name: string | null,
  dataFile: string | null,
): ColumnsEntry {
  const fits = entries.filter((entry) =>
    name === null ? dataFile !== null && entry.isOf(dataFile) : entry.name === name,
  );
  const candidates = name === null && fits.length === 0 ? entries : fits;
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const names = entries.map((entry) => entry.name).slice(0, 20);
  if (names.length === 0) throw badColumns(`${file} describes no data sets.`);
  const which = name === null ? `several data sets: name one as ${basename(file)}:NAME` : `no data set "${name}"`;
  throw badColumns(`${file} has ${which}. It has ${names.join(', ')}.`);
}

function datasetInfoEntries(list: JsonObject, file: string): ColumnsEntry[] {
  return Object.entries(list).flatMap(([name, entry]) =>
    isRecord(entry)
      ? [
          {
            file,
            name,
            found: datasetInfoColumns(entry),
            isOf: (dataFile: string) => entry['file_name'] === basename(dataFile),
          },
        ]
      : [],
  );
}

function axolotlEntries(config: unknown, file: string): ColumnsEntry[] {
  if (!isRecord(config) || !Array.isArray(config['datasets'])) return [];
  const isKto = config['rl'] === 'kto';
  const listed: readonly unknown[] = config['datasets'];
  return listed.filter(isRecord).map((entry) => {
    const names = [entry['path'], entry['data_files']].flat().filter((one) => typeof one === 'string');
    return {
      file,
      name: String(names[0] ?? 'datasets'),
      found: axolotlColumns(entry, isKto),
      isOf: (dataFile: string) => names.some((one) => basename(one) === basename(dataFile)),
    };
  });
}

async function parsedYaml(text: string, file: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    // Nested aliases could turn a small text into a huge value.
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw badColumns(`${file} is not YAML: ${errorMessage(error)}`);
  }
}

function badColumns(message: string): MarginError {
  return new MarginError('bad-columns', message);
}
