/** What files that may hold preference data are called. */
export const dataGlob = '**/*.{jsonl,ndjson,json,csv,tsv,parquet,jsonl.gz,jsonl.zst,jsonl.bz2,jsonl.xz}';

/** Keys that only preference data has, in the formats of TRL, OpenAI, Argilla, LLaMA-Factory, NeMo and their like. */
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
];
/**
 * A text, a list or an object belongs to such a key: the vocabulary of a tokenizer has such words too, with numbers.
 */
const inJson = new RegExp(`"(?:${keys.join('|')})"\\s*:\\s*["[{]`);
/** JSON files that hold something else, whatever their keys are. */
const settings = /(?:^|\.)(?:train|schema)\.json$|^(?:package|package-lock|tsconfig.*|tokenizer.*|config)\.json$/i;
/** Column names stand at the end of a Parquet file, in a few kilobytes. */
const maxFooter = 1 << 20;

/** The rest of a file, for kinds that tell what they hold at their end. */
export interface Rest {
  readonly size: number;
  /** Up to `length` bytes from `position` on. */
  readonly read: (position: number, length: number) => Promise<Buffer>;
}

/**
 * Whether a file may hold preference data, by its name and first bytes: JSON Lines always, other kinds where their keys
 * say so.
 */
export async function mayHold(name: string, head: Buffer, rest: Rest): Promise<boolean> {
  if (/\.(?:jsonl|ndjson)(?:\.\w+)?$/i.test(name)) return true;
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return parquetHas(rest);
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (/\.(?:csv|tsv)$/i.test(name)) return columnsHave(text);
  return !settings.test(name) && inJson.test(text);
}

/** The first line of CSV or TSV names the columns. */
function columnsHave(text: string): boolean {
  const columns = text
    .slice(0, text.search(/\r?\n|$/))
    .split(/[,;\t|]/)
    .map((column) => column.trim().replaceAll('"', ''));
  return columns.some((column) => keys.includes(column)) || (columns.includes('prompt') && columns.includes('label'));
}

/** The footer is Thrift, in which names stand as they are; its length and `PAR1` end the file. */
async function parquetHas({ size, read }: Rest): Promise<boolean> {
  const end = await read(Math.max(0, size - maxFooter), maxFooter);
  const length = end.length >= 8 ? end.readUInt32LE(end.length - 8) : 0;
  const footer = end.subarray(Math.max(0, end.length - 8 - length)).toString('latin1');
  return keys.some((key) => footer.includes(key));
}
