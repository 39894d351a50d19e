import { access } from 'node:fs/promises';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { editLine } from '../../pairs/marks/markLines';
import type { IgnoredRules } from '../../pairs/marks/ignore';
import { marksName } from '../../pairs/marks/marksName';
import type { Reading } from '../../pairs/reading';
import { readPair } from '../../pairs/readPair';
import type { Fix } from '../../pairs/rules/fixes/fix';
import { fixRow } from '../../pairs/rules/fixes/fixRow';
import { headBytes, notLines, readOnlyKind } from '../fileKind';
import { LinesDocument } from './document';
import { keepCopy } from './keepCopy';
import { ignoredIn, ignoredOfFile, rowKeys } from './marks/ignoredIn';
import { appendMarks } from './marks/appendMarks';

/** Rows that are read together. */
const pageRows = 256;

export interface MendOptions {
  readonly reading: Reading;
  readonly wants: (fix: Fix) => boolean;
  /** Only counts what would be mended. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

/** What was mended in a file, or would be. */
export interface Mended {
  /** Number of rows that are different. */
  readonly rows: number;
  /** Number of rows by rule. */
  readonly fixed: Readonly<Record<string, number>>;
  /** The copy of the file before; null if none was needed. */
  readonly copy: string | null;
}

/**
 * Mends the rows of a file, in place and atomically. Other rows keep their bytes. A file whose content git does not
 * have is copied first. Marks of the pairs are carried along, if the file has marks. A problem whose rule is ignored in
 * its row stays.
 *
 * @throws MarginError `read-only-kind` for Parquet and packed files; those of {@link LinesDocument}; the signal's
 * reason
 */
export async function mendFile(file: string, options: MendOptions): Promise<Mended> {
  await refuseReadOnly(file);
  const document = await LinesDocument.open(file);
  try {
    await document.whenIndexed();
    const { fixed, edits } = await mended(document, options, (await ignoredOfFile(file)).rules);
    if (options.dryRun || edits.length === 0) return { rows: edits.length, fixed, copy: null };
    options.signal.throwIfAborted();
    const copy = await keepCopy(file, 'before-fix', true);
    await document.save({ signal: options.signal });
    await carryMarks(file, edits, options.reading);
    return { rows: edits.length, fixed, copy };
  } finally {
    await document.close();
  }
}

interface LineEdit {
  readonly before: string;
  readonly after: string;
}

async function mended(
  document: LinesDocument,
  { reading, wants, dryRun, signal, onProgress }: MendOptions,
  ignored: IgnoredRules | null,
): Promise<{ readonly fixed: Record<string, number>; readonly edits: readonly LineEdit[] }> {
  const fixed: Record<string, number> = {};
  const edits: LineEdit[] = [];
  for (let from = 0; from < document.rowCount; from += pageRows) {
    signal.throwIfAborted();
    const lines = await document.lines(from, Math.min(pageRows, document.rowCount - from));
    for (const [i, line] of lines.entries()) {
      const found = fixRow(line, reading, (fix) => wants(fix) && !isIgnored(fix.rule, line, reading, ignored));
      if (!found) continue;
      for (const rule of found.fixed) fixed[rule] = (fixed[rule] ?? 0) + 1;
      edits.push({ before: line, after: found.line });
      if (!dryRun) document.applyEdit({ op: 'replace', row: from + i, line: found.line, previous: line });
    }
    onProgress(from + lines.length);
  }
  return { fixed, edits };
}

function isIgnored(rule: string, line: string, reading: Reading, ignored: IgnoredRules | null): boolean {
  return ignored !== null && ignoredIn(readPair(line, reading), ignored).some((one) => one.rule === rule);
}

async function refuseReadOnly(file: string): Promise<void> {
  const handle = await openRegular(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { size } = await handle.stat();
    const [head, whole] = [buffer.subarray(0, bytesRead), size <= headBytes] as const;
    const other = notLines(head, whole, file);
    if (other) throw other;
    const kind = readOnlyKind(head, whole, file);
    if (kind === null) return;
    const message = `${file} is ${kind.name}, which is never written: convert it first (margin convert), and mend the result.`;
    throw new MarginError('read-only-kind', message, { file });
  } finally {
    await handle.close();
  }
}

/** Marks belong to the content of a pair, so an edit record carries them to the new content. */
async function carryMarks(file: string, edits: readonly LineEdit[], reading: Reading): Promise<void> {
  const marks = marksName(file);
  const exists = await access(marks).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  const at = new Date().toISOString();
  const records = edits.map(({ before, after }) => ({
    key: keyOf(before, reading),
    to: keyOf(after, reading),
    action: 'Fix problems',
    before: parsed(before),
    after: parsed(after),
    swapped: false,
    by: '',
    at,
  }));
  await appendMarks(marks, records.map(editLine));
}

function keyOf(line: string, reading: Reading): string | null {
  return rowKeys(readPair(line, reading))?.own ?? null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that is not JSON is recorded as a text.
    return line;
  }
}
