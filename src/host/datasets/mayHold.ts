import { basename } from 'node:path';
import { isMarksName } from '../../pairs/marks/marksName';

/** Names of files that may hold preference data. */
export const dataGlob = '**/*.{jsonl,ndjson,json,csv,tsv,parquet,jsonl.gz,jsonl.zst,jsonl.bz2,jsonl.xz}';

/** The files that hold rows, for VS Code's dialogs. */
export const dataFilters: Readonly<Record<string, string[]>> = {
  'Preference data': ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'gz', 'zst'],
};

/** Whether a file may be opened as pairs and trained on, by its name; the content decides when it is read. */
export function isDataName(path: string): boolean {
  const isOther = path.endsWith('.train.json') || isMarksName(path);
  return /\.(?:jsonl?|ndjson|csv|tsv|parquet)(?:\.(?:gz|zst))?$/i.test(path) && !isOther;
}

/** The name of such a file without its endings. */
export function stemOf(path: string): string {
  return basename(path).replace(/(?:\.(?:jsonl?|ndjson|csv|tsv|parquet))?(?:\.(?:gz|zst))?$/i, '');
}

/** Keys that only preference data has: those of TRL, OpenAI, Argilla, LLaMA-Factory, NeMo and similar formats. */
const keys: readonly string[] = [
  'chosen',
  'rejected',
  'chosen_response',
  'rejected_response',
  'preferred_output',
  'non_preferred_output',
  'preferred',
  'dispreferred',
  'completion',
  'completions',
  'response_a',
  'response_b',
  'response_0',
  'response_1',
  'response_j',
  'response_k',
  'human_ref_A',
  'ranking',
  'rejected_answer',
  'rejected_message',
  'rejected_messages',
  'rejected_conversations',
  'conversation_a',
  'kto_tag',
  'is_safe',
];
/**
 * Such a key with a text, a list or an object as its value. The vocabulary of a tokenizer has the same keys with
 * numbers.
 */
const inJson = new RegExp(`"(?:${keys.join('|')})"\\s*:\\s*["[{]`);
/** JSON files that hold something else, whatever keys they have. */
const settings = /(?:^|\.)(?:train|schema)\.json$|^(?:package|package-lock|tsconfig.*|tokenizer.*|config)\.json$/i;
/** Bytes read at the end of a Parquet file: its column names are there and take a few kilobytes. */
const maxFooter = 1 << 20;

/** Reads the rest of a file, for formats that describe their content at the end. */
export interface Rest {
  readonly size: number;
  /** Up to `length` bytes from `position` on. */
  readonly read: (position: number, length: number) => Promise<Buffer>;
}

/**
 * Whether a file may hold preference data: JSON Lines always may, other formats if they have one of the {@link keys}.
 */
export async function mayHold(name: string, head: Buffer, rest: Rest): Promise<boolean> {
  if (/\.(?:jsonl|ndjson)(?:\.\w+)?$/i.test(name)) return true;
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return parquetHas(rest);
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (/\.(?:csv|tsv)$/i.test(name)) return columnsHave(text);
  return !settings.test(name) && inJson.test(text);
}

/** Whether a file without such a key may still be a list or a table of rows, by its name. */
export function mayBeList(name: string): boolean {
  return /\.(?:json|csv|tsv)$/i.test(name) && !settings.test(name);
}

/** Reads the column names in the first line of CSV or TSV. */
function columnsHave(text: string): boolean {
  const columns = text
    .slice(0, text.search(/\r?\n|$/))
    .split(/[,;\t|]/)
    .map((column) => column.trim().replaceAll('"', ''));
  return columns.some((column) => keys.includes(column)) || (columns.includes('prompt') && columns.includes('label'));
}

/** Searches the footer, which is Thrift and holds names as plain bytes. Its length and `PAR1` end the file. */
async function parquetHas({ size, read }: Rest): Promise<boolean> {
  const end = await read(Math.max(0, size - maxFooter), maxFooter);
  const length = end.length >= 8 ? end.readUInt32LE(end.length - 8) : 0;
  const footer = end.subarray(Math.max(0, end.length - 8 - length)).toString('latin1');
  return keys.some((key) => footer.includes(key));
}
