import { beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { MarginError } from '../../../src/base/pure/marginError';
import { RowEdits, type UndoStep } from '../../../src/editor/rowEdits';
import { MemoryDocument } from '../../../src/jsonl/memoryDocument';
import { MemoryFile } from '../../../src/jsonl/memoryFile';
import { detectAll } from '../../../src/pairs/reading';

const row = (prompt: string): string => JSON.stringify({ prompt, chosen: 'Yes.', rejected: 'No.' });
const typed = (number: number, content: string) =>
  ({ kind: 'text', row: number, side: 'chosen', turn: 0, content }) as const;

describe('edits of rows', () => {
  let lines: MemoryDocument;
  let edits: RowEdits;
  let steps: UndoStep[];
  let joined: number;
  let refusal: string | null;
  const texts = (): readonly unknown[] =>
    lines.texts(0, lines.rowCount).map((text) => (JSON.parse(text) as { chosen: string }).chosen);

  beforeEach(() => {
    const file = MemoryFile.of(new TextEncoder().encode(['a', 'b', 'c'].map((name) => `${row(name)}\n`).join('')), 'f');
    lines = new MemoryDocument(file);
    [steps, joined, refusal] = [[], 0, null];
    edits = new RowEdits({
      lines,
      reading: () => detectAll,
      refuse: () => {
        if (refusal !== null) throw new MarginError('read-only', refusal);
      },
      begun: (step) => steps.push(step),
      joined: () => joined++,
    });
  });

  it('are steps with names, undone and redone one by one', async () => {
    await edits.apply(typed(0, 'One.'), lines.revision);
    await edits.apply({ kind: 'delete', row: 1 }, lines.revision);
    expect(steps.map(({ label }) => label)).toEqual(['Edit text', 'Delete row']);
    await at(steps, 1).undo();
    await at(steps, 0).undo();
    expect(texts()).toEqual(['Yes.', 'Yes.', 'Yes.']);
    await at(steps, 0).redo();
    expect(texts()).toEqual(['One.', 'Yes.', 'Yes.']);
  });

  it('that are typed into one field are one step', async () => {
    await edits.apply(typed(0, 'O'), lines.revision);
    await edits.apply(typed(0, 'On'), lines.revision, true);
    await edits.apply(typed(0, 'One'), lines.revision, true);
    expect([steps.length, joined]).toEqual([1, 2]);
    await at(steps, 0).undo();
    expect(texts()).toEqual(['Yes.', 'Yes.', 'Yes.']);
    // After an undo, what is typed is a step of its own.
    await edits.apply(typed(0, 'Two'), lines.revision, true);
    expect(steps.length).toBe(2);
  });

  it('find a row that has moved since the person saw it, and no row that is gone', async () => {
    const seen = lines.revision;
    await edits.apply({ kind: 'insert', row: 0 }, seen);
    await edits.apply(typed(2, 'Third.'), seen);
    expect(texts().at(-1)).toBe('Third.');
    await edits.apply({ kind: 'delete', row: 1 }, seen);
    expect(await edits.apply(typed(1, 'Lost.'), seen)).toBeNull();
    expect(texts()).not.toContain('Lost.');
  });

  it('made during a save are told after it, because VS Code counts all it knows as saved', async () => {
    await edits.apply(typed(0, 'One.'), lines.revision);
    await edits.whileSaving(() =>
      lines.save(async () => {
        await edits.apply(typed(1, 'Late.'), lines.revision);
      }),
    );
    expect(steps.length).toBe(1);
    await expect.poll(() => steps.length).toBe(2);
    expect(lines.isDirty).toBe(true);
    await at(steps, 1).undo();
    expect(texts()).toEqual(['One.', 'Yes.', 'Yes.']);
  });

  it('that change nothing are no step, and one that is refused does not stop the next', async () => {
    await edits.apply(typed(0, 'Yes.'), lines.revision);
    await edits.apply({ kind: 'move', row: 0, by: -1 }, lines.revision);
    refusal = 'The file is packed.';
    await expect(edits.apply(typed(0, 'One.'), lines.revision)).rejects.toThrow('packed');
    refusal = null;
    await edits.apply(typed(0, 'One.'), lines.revision);
    expect(steps.length).toBe(1);
  });
});
