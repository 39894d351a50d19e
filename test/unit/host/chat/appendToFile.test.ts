import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appendToFile } from '../../../../src/host/chat/appendToFile';
import type { Pair } from '../../../../src/pairs/pair';
import { detectAll } from '../../../../src/pairs/reading';
import { temporaryFolder } from '../../run/temporaryFolder';

const pair: Pair = {
  style: 'chat',
  prompt: [{ role: 'user', content: 'p' }],
  chosen: [{ role: 'assistant', content: 'ä' }],
  rejected: [{ role: 'assistant', content: 'b' }],
};
const provenance = {
  model: 'm',
  checkpoint: 'step-000006',
  seed: 3,
  temperature: 0.7,
  judge: 'person',
  by: null,
  round: null,
  edited: true,
};
const row = '{"prompt":"x","chosen":"y","rejected":"z"}';
const added = `{"prompt":"p","chosen":"ä","rejected":"b","margin_provenance":${JSON.stringify(provenance)}}`;

it.each([
  ['with an end after the last line', `${row}\n`, `${row}\n${added}\n`],
  ['without one', row, `${row}\n${added}\n`],
  ['with CR LF', `${row}\r\n${row}\r\n`, `${row}\r\n${row}\r\n${added}\r\n`],
  ['with a byte order mark', `\ufeff${row}\n`, `\ufeff${row}\n${added}\n`],
])('a pair is appended to a file %s, and undo gives the old bytes', async (_, before, after) => {
  const file = join(await temporaryFolder(), 'a.jsonl');
  await writeFile(file, before);
  const { undo } = await appendToFile(file, pair, provenance, detectAll);
  expect(await readFile(file, 'utf8')).toBe(after);
  expect(await undo()).toBe(true);
  expect(await readFile(file, 'utf8')).toBe(before);
});

it('a missing file is made, in TRL’s conversational shape', async () => {
  const file = join(await temporaryFolder(), 'new.jsonl');
  const { format } = await appendToFile(file, pair, provenance, detectAll);
  expect(format).toContain('as messages');
  const { prompt, chosen, rejected } = pair;
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    prompt,
    chosen,
    rejected,
    margin_provenance: provenance,
  });
});

it('undo leaves a file alone that another program has changed since', async () => {
  const file = join(await temporaryFolder(), 'a.jsonl');
  await writeFile(file, `${row}\n`);
  const { undo } = await appendToFile(file, pair, provenance, detectAll);
  await appendFile(file, `${row}\n`);
  expect(await undo()).toBe(false);
  expect(await readFile(file, 'utf8')).toBe(`${row}\n${added}\n${row}\n`);
});

it('a folder is refused', async () => {
  await expect(appendToFile(await temporaryFolder(), pair, provenance, detectAll)).rejects.toMatchObject({
    code: 'not-a-file',
  });
});
