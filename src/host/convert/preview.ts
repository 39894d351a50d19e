import { basename } from 'node:path';
import { readPairs } from '../../jsonl/node/readPairs';
import { convertRow } from '../../pairs/convert/convertRow';
import { ReportCount, reportLines, summaryOf } from '../../pairs/convert/report';
import type { ConvertOptions, Target } from '../../pairs/convert/target';
import type { JsonObject } from '../../pairs/json';
import type { Reading } from '../../pairs/reading';
import { Slices } from '../../editor/slices';
import { plainLines } from '../../base/pure/plainText';
import type { AskedConversion } from './askConversion';
import type { Converted } from './runConversion';

/** Rows that a preview converts; the conversion itself reads all. */
const previewRows = 1000;
const shownRows = 3;

export interface Preview {
  /** What happens to the rows, as one sentence. */
  readonly summary: string;
  /** The first rows and the report, as JSON with comments. */
  readonly text: string;
}

/**
 * The first three rows of a conversion, and the report of the first 1000 rows.
 *
 * @throws MarginError as {@link readPairs}
 */
export async function previewOf(
  file: string,
  reading: Reading,
  target: Target,
  options: ConvertOptions,
): Promise<Preview> {
  const slices = new Slices();
  const count = new ReportCount();
  const rows: JsonObject[] = [];
  let read = 0;
  for await (const { line, result } of readPairs(file, { reading })) {
    const written = convertRow(result, target, options);
    count.add(`${basename(file)}:${line}`, result, written);
    if (rows.length < shownRows) rows.push(...written.rows.slice(0, shownRows - rows.length));
    if (++read === previewRows) break;
    await slices.breathe();
  }
  const { report } = count;
  const of = read === previewRows ? `the first ${previewRows} rows` : 'all rows';
  const summary = `Of ${of}: ${summaryOf(report, target.file === 'jsonl' ? 'JSON Lines' : target.label)}`;
  const head = [`${basename(file)} as ${target.label}`, target.link, ...(report.lists ? [ruleHint] : [])];
  const lines = [...head, '', `Of ${of}:`, ...reportLines(report), ''];
  const comments = lines.map((line) => `// ${plainLines(line)}`.trimEnd());
  return { summary, text: [...comments, JSON.stringify(rows, null, 2)].join('\n') };
}

const ruleHint = 'Margin: Choose Pair Rule… changes the pair rule of its lists.';

/** The whole report of a conversion, as text. */
export function reportText({ file, target, out }: AskedConversion, { notes, ...report }: Converted): string {
  const head = [`${file} → ${out}`, target.label, target.link, ''];
  return [...head, ...reportLines(report), '', ...notes].map(plainLines).join('\n').trimEnd();
}
