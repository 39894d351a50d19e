import { basename } from 'node:path';
import * as vscode from 'vscode';
import { columnsBeside } from '../../jsonl/node/columnsFile';
import { countRead, detectedFormat, type FormatChoice, formatChoices } from '../../editor/formatChoices';
import type { JsonObject } from '../../pairs/json';
import { columnsText } from '../../pairs/own/ownColumns';
import { detectAll, type Reading, withColumns } from '../../pairs/reading';
import type { Notices } from '../notices';
import { pickOne } from '../quickSteps';
import { askColumns } from './askColumns';
import { headRows } from './headRows';
import type { Readings } from './readings';

interface Item extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/** Asks how the rows of a file are read, and remembers it. *Detect automatically* forgets an earlier choice. */
export async function chooseFormat(readings: Readings, notices: Notices, uri: vscode.Uri): Promise<void> {
  const rows = await headRows(uri.fsPath);
  if (rows.length === 0) {
    await notices.info(
      `${basename(uri.fsPath)} holds no JSON objects in its first lines, so it has no format to choose.`,
    );
    return;
  }
  const current = readings.of(uri);
  const detect: Item = {
    label: 'Detect automatically',
    description: detectedFormat(rows),
    picked: current.format === null && current.columns === null,
    choose: () => readings.choose(uri, null),
  };
  const own: Item = {
    label: 'Own columns…',
    description: current.columns === null ? 'name the keys of prompt and answers' : columnsText(current.columns),
    choose: () => askColumns(readings, notices, uri, rows),
  };
  // Where detection finds nothing, own columns are the next step.
  const items: Item[] = [
    ...(countRead(rows, detectAll) === 0 ? [own, detect] : [detect, own]),
    ...(await offerBeside(readings, uri)),
    ...formatItems(readings, uri, rows),
  ];
  const picked = await pickOne(
    items.map((item) => marked(item, current)),
    {
      title: `Margin: Format of ${basename(uri.fsPath)}`,
      placeHolder: 'How the rows of this file are read',
      matchOnDescription: true,
    },
  );
  await picked?.choose?.();
}

/** Columns that LLaMA-Factory's list beside the file names. */
async function offerBeside(readings: Readings, uri: vscode.Uri): Promise<Item[]> {
  const found = await columnsBeside(uri.fsPath);
  if (!found) return [];
  const choose = (): Promise<void> => readings.choose(uri, withColumns(found.columns));
  return [{ label: `Columns of ${found.entry}`, description: columnsText(found.columns), choose }];
}

/** All formats. Those that read the first rows come first. */
function formatItems(readings: Readings, uri: vscode.Uri, rows: readonly JsonObject[]): Item[] {
  const { fitting, others } = formatChoices(rows);
  const item = ({ reading, ...shown }: FormatChoice): Item => ({
    ...shown,
    choose: () => readings.choose(uri, reading),
  });
  return [
    { label: 'Formats that read these rows', kind: vscode.QuickPickItemKind.Separator },
    ...fitting.map(item),
    { label: 'Other formats', kind: vscode.QuickPickItemKind.Separator },
    ...others.map(item),
  ];
}

function marked(item: Item, { format, columns }: Reading): Item {
  const isCurrent =
    columns !== null
      ? item.label === 'Own columns…'
      : format === null
        ? item.label === 'Detect automatically'
        : item.detail === format;
  const { detail: _, ...rest } = item;
  return isCurrent ? { ...rest, description: `current · ${item.description ?? ''}` } : rest;
}
