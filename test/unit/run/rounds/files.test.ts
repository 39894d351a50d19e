import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendDrafts, appendJudgements, readDrafts, readJudgements } from '../../../../src/run/rounds/lines';
import { roundPaths, roundsFolder } from '../../../../src/run/rounds/paths';
import { readRounds, roundNames, writeRounds } from '../../../../src/run/rounds/record';
import { failureOf } from '../../model/files';
import { temporaryFolder } from '../temporaryFolder';
import { draft, judgement, roundRecord, roundsRecord } from './roundSamples';

describe('drafts and judgements', () => {
  it('are appended and read back in order; a missing file has none', async () => {
    const folder = await temporaryFolder();
    const [drafts, judgements] = [roundPaths.drafts(folder, 1), roundPaths.judgements(folder, 1)];
    expect(await readDrafts(drafts)).toEqual({ lines: [], damaged: 0 });
    appendDrafts(drafts, [draft(0, 'Grey.')]);
    appendDrafts(drafts, []);
    appendDrafts(drafts, [draft(1, 'Go away.')]);
    appendJudgements(judgements, [judgement(), judgement({ verdict: 'tie', best: null, worst: null })]);
    expect(await readDrafts(drafts)).toEqual({ lines: [draft(0, 'Grey.'), draft(1, 'Go away.')], damaged: 0 });
    expect((await readJudgements(judgements)).lines.map(({ verdict }) => verdict)).toEqual(['ranked', 'tie']);
  });

  it('skip damaged lines and count them; a line that a kill cut off is ended before the next one', async () => {
    const path = roundPaths.drafts(await temporaryFolder(), 1);
    appendDrafts(path, [draft(0, 'Grey.')]);
    await appendFile(path, '{"prompt_key":"a","dra');
    expect(await readDrafts(path)).toEqual({ lines: [draft(0, 'Grey.')], damaged: 0 });
    appendDrafts(path, [draft(1, 'Black.')]);
    expect(await readDrafts(path)).toEqual({ lines: [draft(0, 'Grey.'), draft(1, 'Black.')], damaged: 1 });
  });

  it.each([
    ['a best draft without a worst', { worst: null }],
    ['the same draft as best and worst', { worst: 0 }],
    ['a tie with a best draft', { verdict: 'tie' }],
    ['an unknown verdict', { verdict: 'maybe' }],
    ['an order of words', { order: ['a'] }],
    ['an edit without a text', { edited: { draft: 0 } }],
  ])('a judgement with %s is damaged', async (_, wrong) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'judgements.jsonl');
    await writeFile(path, `${JSON.stringify({ ...judgement(), ...wrong })}\n${JSON.stringify(judgement())}\n`);
    expect(await readJudgements(path)).toEqual({ lines: [judgement()], damaged: 1 });
  });
});

describe('rounds.json', () => {
  it('reads back as it was written, with fields that this Margin does not know', async () => {
    const folder = roundsFolder(roundPaths.all(await temporaryFolder()), 'sample');
    expect(await readRounds(folder)).toBeNull();
    const newer = { ...roundsRecord, colour: 'green' };
    await writeRounds(folder, newer);
    expect(await readRounds(folder)).toEqual(newer);
  });

  it('names the field that is damaged, and refuses a newer version', async () => {
    const folder = await temporaryFolder();
    const path = roundPaths.record(folder);
    const wrong = async (value: unknown): Promise<unknown> => {
      await writeFile(path, JSON.stringify(value));
      return failureOf(readRounds(folder));
    };
    expect(await wrong({ ...roundsRecord, base: 3 })).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('rounds.json: base is') as string,
    });
    expect(await wrong({ ...roundsRecord, rounds: [{ ...roundRecord, round: 2 }] })).toMatchObject({
      message: expect.stringContaining('rounds[0].round is') as string,
    });
    expect(await wrong({ ...roundsRecord, rounds: [{ ...roundRecord, drafts: { k: 'many' } }] })).toMatchObject({
      message: expect.stringContaining('rounds[0].drafts is') as string,
    });
    expect(await wrong({ ...roundsRecord, version: 2 })).toMatchObject({ code: 'newer-version' });
    expect(await wrong([])).toMatchObject({ code: 'corrupt' });
  });

  it('is what makes a folder one of rounds', async () => {
    const all = roundPaths.all(await temporaryFolder());
    expect(await roundNames(all)).toEqual([]);
    await writeRounds(roundsFolder(all, 'b'), roundsRecord);
    await writeRounds(roundsFolder(all, 'a'), roundsRecord);
    await mkdir(join(all, 'other'));
    expect(await roundNames(all)).toEqual(['a', 'b']);
    expect((await readFile(roundPaths.record(join(all, 'a')), 'utf8')).endsWith('}\n')).toBe(true);
  });

  it.each(['..', '.a', 'a/b', 'a\\b', '', 'a.', 'x'.repeat(61), 'a\nb', 'CON', 'nul.txt', 'Lpt1'])(
    'no rounds are named %j',
    async (name) => {
      expect(await failureOf(Promise.resolve().then(() => roundsFolder('/all', name)))).toMatchObject({
        code: 'bad-name',
      });
    },
  );
});
