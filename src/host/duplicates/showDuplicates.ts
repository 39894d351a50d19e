import * as vscode from 'vscode';
import { must } from '../../base/pure/must';
import { checkedRow } from '../../pairs/checkedRow';
import { deletions, groupsAfter } from '../../pairs/duplicates/groupRows';
import { readRow } from '../../pairs/readRow';
import { rowAsText } from '../../pairs/rowAsText';
import type { Notices } from '../notices';
import { eachRow } from '../pairEditor/eachRow';
import type { PairDocument } from '../pairEditor/pairDocument';
import { plainLine } from '../plainText';
import { type Choice, pickOne } from '../quickSteps';
import type { FoundGroup } from './runDuplicates';
import type { RowText, RowTexts } from './rowTexts';

/** Groups in the list. `margin duplicates` prints them all. */
const mostListed = 500;
const promptLetters = 120;
const title = 'Margin: Duplicates';

type Answer = { readonly kind: 'all' } | { readonly kind: 'group'; readonly group: FoundGroup };

/** What to do with a group: keep one row and delete the others, compare its first row with another, or go back. */
type Choosing =
  | { readonly kind: 'keep'; readonly row: number }
  | { readonly kind: 'compare'; readonly row: number }
  | { readonly kind: 'back' };

/** Lists the duplicates of a document, shows the rows of a group side by side, and deletes rows as one undo step. */
export class DuplicateList {
  private groups: readonly FoundGroup[] = [];
  /** The revision of the rows that the groups are about. */
  private revision = 0;

  constructor(
    private readonly document: PairDocument,
    private readonly texts: RowTexts,
    private readonly notices: Notices,
  ) {}

  /** Finds the groups in the file as it is on the disk. @returns whether there are any */
  async find(search: () => Thenable<readonly FoundGroup[]>): Promise<boolean> {
    this.revision = this.document.lines.revision;
    this.groups = await search();
    if (this.groups.length > 0) return true;
    await this.notices.info(`${vscode.workspace.asRelativePath(this.document.uri)} has no duplicates.`);
    return false;
  }

  /** Asks until the person closes the list, or no group is left. */
  async show(): Promise<void> {
    try {
      while (this.groups.length > 0) {
        const answer = await this.pickGroup();
        if (!answer) return;
        const goesOn = answer.kind === 'all' ? await this.deleteAll() : await this.showGroup(answer.group);
        if (!goesOn) return;
      }
      await this.notices.info('No duplicates are left to look at. The file changes when you save it.');
    } finally {
      await this.texts.close();
    }
  }

  private async pickGroup(): Promise<Answer | undefined> {
    const redundant = this.groups.flatMap(({ rows }) => rows.filter((one) => one.redundant)).length;
    const all: Choice<Answer> = {
      label: `Delete ${rowsIn(redundant)} that repeat an earlier row`,
      detail: 'One undo takes all of it back. The file changes when you save it.',
      value: { kind: 'all' },
    };
    const listed = await Promise.all(this.groups.slice(0, mostListed).map((group) => this.choiceOf(group)));
    const more = this.groups.length - listed.length;
    const placeHolder = `${this.groups.length} groups of duplicates${more > 0 ? `; the first ${mostListed} are listed` : ''}`;
    const items = this.document.copy === null ? [all, ...listed] : listed;
    const picked = await pickOne(items, { title, placeHolder, matchOnDetail: true, ignoreFocusOut: true });
    return picked?.value;
  }

  private async choiceOf(group: FoundGroup): Promise<Choice<Answer>> {
    const { kind, similarity, rows } = group;
    const [first] = rows;
    const line = await this.lineAt(must(first, 'the first row of a group').row);
    const result = readRow(line, this.document.reading);
    const prompt =
      'format' in result
        ? checkedRow(result)
            .prompt.map(({ content }) => content)
            .join(' ')
        : line;
    return {
      label: `${this.unit} ${rows.map(({ row }) => row + 1).join(', ')}`,
      description: kind === 'near' ? `near, ${similarity.toFixed(2)}` : kind,
      detail: plainLine(prompt).slice(0, promptLetters),
      value: { kind: 'group', group },
    };
  }

  /** @returns false if the person closed the list, or the rows have changed */
  private async showGroup(group: FoundGroup): Promise<boolean> {
    const [first, second] = group.rows;
    let compared = must(second, 'the second row of a group').row;
    for (;;) {
      const start = must(first, 'the first row of a group').row;
      await this.texts.compare(await this.textAt(start), await this.textAt(compared));
      const answer = await pickOne(this.choicesFor(group, compared), { title, ignoreFocusOut: true });
      if (!answer) return false;
      if (answer.value.kind === 'back') return true;
      if (answer.value.kind === 'compare') compared = answer.value.row;
      else {
        const { row: kept } = answer.value;
        return this.deleteRows(group.rows.map(({ row }) => row).filter((row) => row !== kept));
      }
    }
  }

  private choicesFor({ rows }: FoundGroup, compared: number): Choice<Choosing>[] {
    const name = (row: number): string => `${this.unit.toLowerCase()} ${row + 1}`;
    const others = rows.length - 1;
    const keep = rows.map(({ row }): Choice<Choosing> => ({
      label: `Keep ${name(row)}`,
      description: `delete ${others === 1 ? 'the other row' : `the ${others} other rows`}; one undo takes it back`,
      value: { kind: 'keep', row },
    }));
    const compare = rows
      .slice(1)
      .flatMap(({ row }): Choice<Choosing>[] =>
        row === compared ? [] : [{ label: `Compare with ${name(row)}`, value: { kind: 'compare', row } }],
      );
    const back: Choice<Choosing> = { label: 'Keep all, and go back to the groups', value: { kind: 'back' } };
    return [...(this.document.copy === null ? keep : []), ...compare, back];
  }

  private deleteAll(): Promise<boolean> {
    const redundant = this.groups.flatMap(({ rows }) => rows.filter((one) => one.redundant));
    return this.deleteRows(redundant.map(({ row }) => row));
  }

  /** @returns false if the rows have changed since the search, so that nothing was deleted */
  private async deleteRows(rows: readonly number[]): Promise<boolean> {
    const ascending = rows.toSorted((a, b) => a - b);
    const edits = deletions(await eachRow(ascending, this.document.lines, (row, line) => ({ row, line })));
    if (!(await this.document.applyTogether(edits, 'Delete duplicates', this.revision))) {
      await this.notices.warn(
        'The rows have changed since the search, so none was deleted. Look for duplicates again.',
      );
      return false;
    }
    this.revision = this.document.lines.revision;
    this.groups = groupsAfter(this.groups, edits);
    return true;
  }

  private get unit(): string {
    return this.document.unit === 'line' ? 'Line' : 'Row';
  }

  private async lineAt(row: number): Promise<string> {
    const [line] = await this.document.lines.lines(row, 1);
    return must(line, 'the row of a group');
  }

  private async textAt(row: number): Promise<RowText> {
    const line = await this.lineAt(row);
    const name = `${vscode.workspace.asRelativePath(this.document.uri)}, ${this.unit.toLowerCase()} ${row + 1}`;
    return { name, text: rowAsText(readRow(line, this.document.reading), line) };
  }
}

function rowsIn(count: number): string {
  return `${count.toLocaleString(vscode.env.language)} ${count === 1 ? 'row' : 'rows'}`;
}
