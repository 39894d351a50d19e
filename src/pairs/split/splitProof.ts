import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import type { Reading } from '../reading';

/** One side of a split. */
export interface SplitSide {
  /** The path of its file from the folder of the proof, with slashes. */
  readonly file: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
  readonly rows: number;
  /**
   * One hash for each group, ascending. Each prompt of the group, as the JSON `[[role, content], …]` without spaces,
   * has a SHA-256 in hex. These hashes, each once, ascending and each followed by a line feed, are hashed again; the
   * first 16 hex digits of that SHA-256 are the group's hash. If a prompt has no text, the turns of the answers follow
   * it.
   */
  readonly groups: readonly string[];
}

/** Shows that no group of rows is on both sides of a split. Its file is `NAME.split.json`. */
export interface SplitProof {
  readonly version: 1;
  readonly source: { readonly file: string; readonly sha256: string; readonly rows: number };
  readonly seed: number;
  /** What was asked: a share of the rows, or their number. */
  readonly eval_size: number;
  /** The least similarity of near duplicates, which are in one group. */
  readonly near: number;
  /** The key path of the column by which the sides were balanced. */
  readonly stratify: string | null;
  /** How the rows are read. */
  readonly reading: Reading;
  readonly train: SplitSide;
  readonly eval: SplitSide;
}

/**
 * Reads a proof.
 *
 * @param file names it in errors
 * @throws MarginError `not-a-proof`
 */
export function readProof(value: Readonly<Record<string, unknown>>, file: string): SplitProof {
  const { version, source, seed, eval_size: size, near, reading, train, eval: held } = value;
  const { stratify = null } = value;
  const isWhole =
    version === 1 &&
    isRecord(source) &&
    typeof seed === 'number' &&
    typeof size === 'number' &&
    typeof near === 'number' &&
    (stratify === null || typeof stratify === 'string') &&
    isRecord(reading) &&
    // Null: the rule of the format, or the default.
    (reading['rule'] === null || isRecord(reading['rule']));
  if (!isWhole) throw notAProof(file, 'a field is missing, or a later version wrote it');
  return {
    version,
    source: { file: textIn(source, 'file', file), sha256: textIn(source, 'sha256', file), rows: countIn(source, file) },
    seed,
    eval_size: size,
    near,
    stratify,
    reading: reading as unknown as Reading,
    train: sideIn(train, 'train', file),
    eval: sideIn(held, 'eval', file),
  };
}

function sideIn(value: unknown, name: string, file: string): SplitSide {
  if (!isRecord(value)) throw notAProof(file, `"${name}" is missing`);
  const { groups } = value;
  const isHashes =
    Array.isArray(groups) && groups.every((one) => typeof one === 'string' && /^[0-9a-f]{16}$/.test(one));
  if (!isHashes) throw notAProof(file, `the "groups" of "${name}" are not hashes`);
  return {
    file: textIn(value, 'file', file),
    sha256: textIn(value, 'sha256', file),
    rows: countIn(value, file),
    groups: groups as readonly string[],
  };
}

function textIn(value: Readonly<Record<string, unknown>>, name: string, file: string): string {
  const text = value[name];
  if (typeof text !== 'string') throw notAProof(file, `"${name}" is missing`);
  return text;
}

function countIn({ rows }: Readonly<Record<string, unknown>>, file: string): number {
  if (typeof rows !== 'number') throw notAProof(file, '"rows" is missing');
  return rows;
}

function notAProof(file: string, why: string): MarginError {
  const message = `${file} is not the proof of a split: ${why}. Split the file again with margin split, or delete the proof.`;
  return new MarginError('not-a-proof', message, { file });
}

/** The first hash that both sides have; null if no group is on both. */
export function sharedGroup({ train, eval: held }: SplitProof): string | null {
  const trained = new Set(train.groups);
  return held.groups.find((hash) => trained.has(hash)) ?? null;
}
