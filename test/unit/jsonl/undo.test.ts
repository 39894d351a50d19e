import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { AppliedEdit } from '../../../src/jsonl/documentChange';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { applyToLines } from '../../../src/pairs/edits';
import { integer, pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { caseSeeds } from '../cases';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');

/**
 * Files of a few lines with everything that lines may hold and end with: blank lines, both line ends, lone CRs, byte
 * order marks, bytes that are not UTF-8.
 */
function randomFile(random: () => number): Buffer {
  const lines = Array.from({ length: integer(random, 8) }, () => {
    const text = Array.from({ length: integer(random, 3) }, () =>
      pick(random, ['a', 'é', '\r', '\ufeff', '\xff', '\xfe']),
    );
    const bytes = text.map((char) =>
      Buffer.from(char, /[\xfe\xff]/.test(char) && char !== '\ufeff' ? 'latin1' : 'utf8'),
    );
    return Buffer.concat([...bytes, Buffer.from(pick(random, ['\n', '\n', '\r\n']))]);
  });
  const last = random() < 0.4 ? Buffer.from(pick(random, ['B', '\r', 'C\r'])) : Buffer.alloc(0);
  const whole = Buffer.concat([Buffer.from(random() < 0.2 ? '\ufeff' : ''), ...lines, last]);
  // UTF-16 is refused.
  return /^(\xff\xfe|\xfe\xff)/.test(whole.toString('latin1')) ? Buffer.concat([Buffer.from('x'), whole]) : whole;
}

async function openedAs(bytes: Buffer): Promise<LinesDocument> {
  writeFileSync(file, bytes);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  return document;
}

it('ten thousand actions are undone to the original bytes, and redone to the edited ones', async () => {
  const seed = Date.now() % 1_000_000;
  const random = seededRandom(seed);
  const original = Buffer.from(Array.from({ length: 300 }, (_, i) => `row ${i}\n`).join(''));
  const document = await openedAs(original);
  let lines: readonly string[] = await document.lines(0, document.rowCount);
  const done: AppliedEdit[] = [];
  for (let step = 0; step < 10_000; step++) {
    const edit = randomEdit(random, lines, `s${step}`);
    done.push(document.applyEdit(edit));
    lines = applyToLines(lines, edit);
  }
  const saved = async (): Promise<string> => {
    await document.save();
    return readFileSync(file, 'utf8');
  };
  const edited = await saved();
  expect(edited, `seed ${seed}`).toBe(lines.map((line) => `${line}\n`).join(''));
  for (const applied of done.toReversed()) applied.undo();
  expect(await saved(), `seed ${seed}`).toBe(original.toString());
  for (const applied of done) applied.redo();
  expect(await saved(), `seed ${seed}`).toBe(edited);
  await document.close();
});

describe('undo over saves', () => {
  it('brings back a last line without a line end after a blank one', async () => {
    const document = await openedAs(Buffer.from('A\n\nB'));
    const applied = document.applyEdit({ op: 'delete', row: 2, lines: ['B'] });
    await document.save();
    expect(await document.lines(0, 9)).toEqual(['A', '']);
    applied.undo();
    await document.save();
    await document.close();
    expect(readFileSync(file, 'utf8')).toBe('A\n\nB');
  });

  it.each(caseSeeds(40))('gives the original bytes when all is undone (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const original = randomFile(random);
    const document = await openedAs(original);
    let lines = await document.lines(0, document.rowCount);
    const done: { applied: AppliedEdit; before: readonly string[] }[] = [];
    for (let step = 0; step < 8; step++) {
      const edit = randomEdit(random, lines, random() < 0.3 ? '' : `s${step}`);
      done.push({ applied: document.applyEdit(edit), before: lines });
      lines = applyToLines(lines, edit);
      if (random() < 0.4) await document.save();
      expect(await document.lines(0, document.rowCount + 1), `seed ${seed} step ${step}`).toEqual(lines);
    }
    for (const { applied, before } of done.toReversed()) {
      applied.undo();
      if (random() < 0.3) await document.save();
      expect(await document.lines(0, document.rowCount + 1), `seed ${seed}`).toEqual(before);
    }
    await document.save();
    await document.close();
    expect(readFileSync(file).toString('latin1'), `seed ${seed}`).toBe(original.toString('latin1'));
  });
});
