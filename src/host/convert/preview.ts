import { basename } from 'node:path';
import { readPairs } from '../../jsonl/node/readPairs';
import { convertRow } from '../../pairs/convert/convertRow';
import { ReportCount, reportLines } from '../../pairs/convert/report';
import type { ConvertOptions, Target } from '../../pairs/convert/target';
import type { JsonObject } from '../../pairs/json';
import { detectAll } from '../../pairs/reading';
import { Slices } from '../pairEditor/slices';
import { plainLines } from '../plainText';
import type { AskedConversion } from './askConversion';
import type { Converted } from './runConversion';

/** Rows that a preview converts; the conversion itself reads all. */
const previewRows = 1000;
const shownRows = 3;

/**
 * The first three rows of a conversion, and the report of the first 1000 rows, as JSON with comments.
 *
 * @throws MarginError as {@link readPairs}
 */
export async function previewText(file: string, target: Target, options: ConvertOptions): Promise<string> {
  const slices = new Slices();
  const count = new ReportCount();
  const rows: JsonObject[] = [];
  let read = 0;
  for await (const { line, result } of readPairs(file, { reading: detectAll })) {
    const written = convertRow(result, target, options);
    count.add(`${basename(file)}:${line}`, result, written);
    if (rows.length < shownRows) rows.push(...written.rows.slice(0, shownRows - rows.length));
    if (++read === previewRows) break;
    await slices.breathe();
  }
  const of = read === previewRows ? `Of the first ${previewRows} rows:` : 'Of all rows:';
  const lines = [`${basename(file)} as ${target.label}`, target.link, '', of, ...reportLines(count.report)];
  const head = [...lines, '', rows.length > 0 ? 'The first rows:' : 'No row can be converted.'];
  return [
    ...head.map((line) => `// ${plainLines(line)}`.trimEnd()),
    ...rows.map((row) => JSON.stringify(row, null, 2)),
  ].join('\n');
}

/** The whole report of a conversion, as text. */
export function reportText({ file, target, out }: AskedConversion, { notes, ...report }: Converted): string {
  const head = [`${file} → ${out}`, target.label, target.link, ''];
  return [...head, ...reportLines(report), '', ...notes].map(plainLines).join('\n').trimEnd();
}
