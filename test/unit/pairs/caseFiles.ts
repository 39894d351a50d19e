import { readPairs, type ReadRow } from '../../../src/jsonl/node/readPairs';
import { MarginError } from '../../../src/base/pure/marginError';
import { FileCheck } from '../../../src/pairs/fileCheck';
import { noLevels } from '../../../src/pairs/rules/levels';
import { detectAll } from '../../../src/pairs/reading';

/** What Margin finds in a file: its rows, and its findings as "severity code field lines". */
export interface Said {
  readonly rows: readonly ReadRow[];
  readonly said: readonly string[];
  readonly messages: string;
}

export const caseFolder = new URL('cases/', import.meta.url).pathname;

export async function sayAbout(file: string): Promise<Said> {
  const check = new FileCheck('line', noLevels);
  const rows: ReadRow[] = [];
  const said: string[] = [];
  const messages: string[] = [];
  try {
    for await (const row of readPairs(file, { reading: detectAll })) {
      if (row.result.kind !== 'blank') rows.push(row);
      for (const { severity, code, field, message } of check.line(row.line, row.result)) {
        said.push(words(severity, code, field, String(row.line)));
        messages.push(message);
      }
    }
    for (const { severity, code, field, lines, message } of check.finish()) {
      said.push(words(severity, code, field, lines.join(',')));
      messages.push(message);
    }
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    return { rows: [], said: [`file ${error.code}`], messages: error.message };
  }
  return { rows, said, messages: messages.join('\n') };
}

function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}
