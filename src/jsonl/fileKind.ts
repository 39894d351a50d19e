import { MarginError } from '../base/pure/marginError';
import { must } from '../base/pure/must';
import type { Container } from './containers/container';
import type { ElementLayout } from './elementScanner';
import type { RowLayout } from './rowIndex';
import { textKind } from './textKind';

/** Bytes at the start of a file that decide its kind. */
export const headBytes = 1 << 16;

/** A kind of file that is not JSON Lines. */
interface Kind {
  readonly name: string;
  /** What to do with it, where `FILE` stands for its name; null if its rows are read. */
  readonly todo: string | null;
  /** How its rows are read; absent if they are not. */
  readonly container?: Container;
}

const unpack = (tool: string): string => `unpack it first (${tool})`;
const asLines = (reader: string): string =>
  `write it as JSON Lines, in Python: pandas.${reader}("FILE").to_json("rows.jsonl", orient="records", lines=True)`;
const notRows = 'name a file of JSON Lines, one row a line';

/** The first bytes of files of other kinds, as latin1 text. */
const magic: readonly (readonly [start: string, kind: Kind])[] = [
  ['\x1f\x8b', { name: 'compressed with gzip', todo: null, container: { kind: 'gzip' } }],
  ['PK\x03\x04', { name: 'a zip archive', todo: unpack('unzip FILE') }],
  ['PK\x05\x06', { name: 'an empty zip archive', todo: notRows }],
  ['\x28\xb5\x2f\xfd', { name: 'compressed with zstd', todo: null, container: { kind: 'zstd' } }],
  // pzstd begins with a skippable frame (RFC 8878, section 3.1.2).
  ...Array.from({ length: 16 }, (_, i): readonly [string, Kind] => [
    `${String.fromCharCode(0x50 + i)}\x2a\x4d\x18`,
    { name: 'compressed with zstd', todo: null, container: { kind: 'zstd' } },
  ]),
  ['BZh', { name: 'compressed with bzip2', todo: unpack('bunzip2 -k FILE') }],
  ['\xfd7zXZ\0', { name: 'compressed with xz', todo: unpack('xz -dk FILE') }],
  ['\x04\x22\x4d\x18', { name: 'compressed with lz4', todo: unpack('lz4 -d FILE') }],
  ['7z\xbc\xaf\x27\x1c', { name: 'a 7-Zip archive', todo: unpack('7z x FILE') }],
  ['Rar!\x1a\x07', { name: 'a RAR archive', todo: unpack('unrar x FILE') }],
  ['PAR1', { name: 'a Parquet file', todo: null, container: { kind: 'parquet' } }],
  ['ARROW1', { name: 'an Arrow file', todo: asLines('read_feather') }],
  ['FEA1', { name: 'a Feather file', todo: asLines('read_feather') }],
  [
    '\xff\xff\xff\xff',
    {
      name: 'an Arrow stream',
      todo: 'write it as JSON Lines, in Python: datasets.Dataset.from_file("FILE").to_json("rows.jsonl")',
    },
  ],
  ['ORC', { name: 'an ORC file', todo: asLines('read_orc') }],
  ['Obj\x01', { name: 'an Avro file', todo: 'write its records as JSON Lines, one row a line' }],
  [
    'SQLite format 3\0',
    { name: 'an SQLite database', todo: 'write its rows as JSON Lines (sqlite3 FILE, .mode json)' },
  ],
  ['\x89HDF\r\n\x1a\n', { name: 'an HDF5 file', todo: asLines('read_hdf') }],
  ['\x93NUMPY', { name: 'a NumPy array', todo: notRows }],
  ['GGUF', { name: 'a GGUF model', todo: notRows }],
  ['%PDF-', { name: 'a PDF', todo: notRows }],
  ['\x89PNG', { name: 'a PNG image', todo: notRows }],
  ['\xff\xd8\xff', { name: 'a JPEG image', todo: notRows }],
  [
    'version https://git-lfs.github.com/spec/',
    { name: 'a Git LFS pointer and not the data', todo: 'run git lfs pull' },
  ],
];

/**
 * Recognises files whose rows Margin does not read, by their content and never by their name. For a zip archive the
 * message is `prefs.jsonl is a zip archive: unpack it first (unzip prefs.jsonl).`
 *
 * @param head the first bytes of the file, at most {@link headBytes}
 * @param whole whether `head` is the whole file
 * @param file the path, for the message
 * @returns an error to throw (`not-json-lines` or `not-utf8`) that says what to do; null if the rows can be read
 */
export function notLines(head: Uint8Array, whole: boolean, file: string): MarginError | null {
  const kind = kindOf(head, whole, file);
  return kind === null || typeof kind === 'string' || kind.container ? null : refusal(kind, file);
}

/** A kind of file whose rows are read and never written. */
export interface ReadOnlyKind {
  /** Such as `compressed with gzip` or `a Parquet file`. */
  readonly name: string;
  readonly container: Container;
}

/**
 * The kind of a file whose rows are read and never written; null for any other file. Parameters as for {@link
 * notLines}.
 */
export function readOnlyKind(head: Uint8Array, whole: boolean, file: string): ReadOnlyKind | null {
  const kind = kindOf(head, whole, file);
  if (kind === null || typeof kind === 'string' || !kind.container || kind.container.kind === 'csv') return null;
  return { name: kind.name, container: kind.container };
}

/**
 * How the rows of a file are read. The content decides. Only if a text may or may not be a table, the name decides:
 * `.csv` or `.tsv` means a table.
 *
 * @param head as for {@link notLines}
 * @throws MarginError the error that {@link notLines} returns for a kind of file that is not read
 */
export function containerOf(head: Uint8Array, whole: boolean, file: string): Container {
  const kind = kindOf(head, whole, file);
  if (kind === null) return { kind: 'lines' };
  if (typeof kind === 'string') return { kind };
  if (kind.container) return kind.container;
  throw refusal(kind, file);
}

/** How a file holds its rows; `lines` for every kind that {@link notLines} refuses. Parameters as there. */
export function layoutOf(head: Uint8Array, whole: boolean, file: string): RowLayout {
  const kind = kindOf(head, whole, file);
  if (typeof kind === 'string') return kind;
  return kind?.container?.kind === 'csv' ? `csv${kind.container.delimiter}` : 'lines';
}

function refusal(kind: CodedKind, file: string): MarginError {
  const todo = must(kind.todo, 'what to do with a file that is not read').replaceAll('FILE', () => baseName(file));
  return new MarginError(kind.code, `${file} is ${kind.name}: ${todo}.`, { file });
}

/** Names of tables. The content of such a file must agree, see {@link textKind}. */
const tableName = /\.(?:csv|tsv)(?:\.\w+)?$/i;

type CodedKind = Kind & { readonly code: string };

function kindOf(head: Uint8Array, whole: boolean, file: string): CodedKind | ElementLayout | null {
  const start = String.fromCharCode(...head.subarray(0, 64));
  const encoding = encodingOf(head);
  if (encoding)
    return {
      code: 'not-utf8',
      name: `${encoding}, not UTF-8`,
      todo: encoding.startsWith('UTF-16') ? null : `save it as UTF-8 (iconv -f ${encoding} -t UTF-8 FILE > rows.jsonl)`,
      ...(encoding === 'UTF-16LE' && { container: { kind: 'utf-16le' } }),
      ...(encoding === 'UTF-16BE' && { container: { kind: 'utf-16be' } }),
    };
  const known = magic.find(([bytes]) => start.startsWith(bytes));
  if (known) return { code: 'not-json-lines', ...known[1] };
  if (isPickle(head)) return { code: 'not-json-lines', name: 'a Python pickle', todo: asLines('read_pickle') };
  const text = textOf(head, whole);
  const kind = textKind(text, whole, tableName.test(file));
  if (typeof kind === 'string') return kind;
  if (kind) {
    const { name, todo, delimiter } = kind;
    return { code: 'not-json-lines', name, todo, ...(delimiter && { container: { kind: 'csv', delimiter } }) };
  }
  return isBinary(head) ? { code: 'not-json-lines', name: 'a binary file', todo: notRows } : null;
}

/**
 * The encoding of a text that is UTF-16 or UTF-32. The byte order mark shows it, or else the positions of zero bytes:
 * the first characters of JSON are ASCII (RFC 4627, section 3).
 */
function encodingOf(head: Uint8Array): string | null {
  const [a, b, c, d, e, f] = head;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32BE';
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  // TFRecord and safetensors begin with a length of 8 bytes, which is not text.
  if (a > 0 && b === 0 && c === 0 && d === 0) return e !== 0 && f === 0 ? 'UTF-32LE' : null;
  if (a === 0 && b === 0 && c === 0 && d > 0) return 'UTF-32BE';
  if (a > 0 && b === 0 && c > 0 && d === 0) return 'UTF-16LE';
  return a === 0 && b > 0 && c === 0 ? 'UTF-16BE' : null;
}

function isPickle(head: Uint8Array): boolean {
  const [proto, version, frame] = head;
  return (
    proto === 0x80 &&
    version !== undefined &&
    version >= 2 &&
    version <= 5 &&
    frame !== undefined &&
    frame < 0x80 + 0x20
  );
}

/** Text has no zero bytes. A crash may leave some in a line; they are a problem of that line. */
function isBinary(head: Uint8Array): boolean {
  const line = head.subarray(0, Math.min(head.length, 1024));
  return line.includes(0) && line[0] !== 0x7b;
}

function textOf(head: Uint8Array, whole: boolean): string {
  return new TextDecoder('utf-8').decode(head, { stream: !whole });
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
