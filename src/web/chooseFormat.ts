import * as vscode from 'vscode';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import type { FileReadings } from '../editor/fileReadings';
import { detectedFormat, type FormatChoice, formatChoices } from '../editor/formatChoices';
import { columnsText } from '../pairs/own/ownColumns';
import { detectAll, type Reading } from '../pairs/reading';
import { readRow } from '../pairs/readRow';
import type { BrowserDocument } from './browserDocument';
import { namedFile } from './namedFile';
import { pickOne } from './pickOne';

/** Rows that show what a file holds. */
const shownRows = 100;

interface Item extends vscode.QuickPickItem {
  /** What is remembered; null forgets an earlier choice. Undefined for a line that is no answer. */
  readonly reading?: Reading | null;
}

/**
 * Asks in which format the rows of a file are read, and remembers it in the workspace. *Detect automatically* forgets
 * an earlier choice.
 *
 * @throws MarginError `no-rows` if the first rows hold no JSON objects
 */
export async function chooseFormat(readings: FileReadings, document: BrowserDocument): Promise<void> {
  const file = namedFile(document.uri);
  const results = document.lines.texts(0, shownRows).map((text) => readRow(text, detectAll));
  const rows = results.flatMap((result) => ('value' in result && isRecord(result.value) ? [result.value] : []));
  if (rows.length === 0)
    throw new MarginError('no-rows', `${file.key} holds no JSON objects in its first rows, so it has no format.`);
  const { fitting, others } = formatChoices(rows);
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const { format, columns } = readings.of(file);
  const marked = (choice: FormatChoice): Item =>
    choice.detail === format ? { ...choice, description: `current · ${choice.description}` } : choice;
  const items: Item[] = [
    { label: 'Detect automatically', description: detectedFormat(rows), reading: null },
    ...(columns === null ? [] : [separator(`Columns of the settings: ${columnsText(columns)}`)]),
    separator('Formats that read these rows'),
    ...fitting.map(marked),
    separator('Other formats'),
    ...others.map(marked),
  ];
  const picked = await pickOne(items, {
    title: `Margin: Format of ${file.key}`,
    placeHolder: 'How the rows of this file are read',
    matchOnDescription: true,
  });
  if (picked?.reading !== undefined) await readings.choose(file, picked.reading);
}
