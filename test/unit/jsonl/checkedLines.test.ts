import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { lineTexts } from '../../../src/jsonl/lineTexts';
import { CheckedLines } from '../../../src/jsonl/node/checkedLines';
import { detectAll } from '../../../src/pairs/reading';
import { uncoveredRules } from '../../../src/pairs/quick/coveredRules';
import { readPair } from '../../../src/pairs/readPair';
import { packed, unpacked } from '../../../src/pairs/reportBatch';
import { reportOf, type RowReport } from '../../../src/pairs/rowReport';
import { noLevels } from '../../../src/pairs/rules/levels';
import { formatRows } from '../pairs/formatRows';
import { oddTexts } from './oddTexts';
import { integer, pick } from '../pairs/random';

const shared = '../shared';

/** The reports when bytes are checked first, and how many rows were parsed. */
function quickly(bytes: Uint8Array): { reports: RowReport[]; parsed: number } {
  let parsed = 0;
  const batch = new CheckedLines().check(bytes, detectAll, (text) => {
    parsed++;
    return reportOf(readPair(text, detectAll), noLevels);
  });
  return { reports: [...unpacked(batch)], parsed };
}

function slowly(bytes: Uint8Array): RowReport[] {
  return [...unpacked(packed(lineTexts(bytes).map((text) => reportOf(readPair(text, detectAll), noLevels))))];
}

/** Pieces of most texts. */
const plain = ['What is bigger', 'a horse', 'A horse is.', 'No!', 'why?', 'so', 'the sea', 'wide,', 'It has', 'fur.'];

function text(random: () => number): string {
  if (random() < 0.01) return '';
  const made = Array.from({ length: 1 + integer(random, 4) }, () => pick(random, random() < 0.93 ? plain : oddTexts));
  return made.join(random() < 0.5 ? ' ' : '') + (random() < 0.6 ? '.' : '');
}

function turns(random: () => number, first: string): object[] {
  const roles = first === 'user' ? ['user', 'assistant'] : ['assistant', 'user'];
  const made: object[] = Array.from({ length: 1 + 2 * integer(random, 2) }, (_, i) => ({
    role: random() < 0.03 ? pick(random, ['tool', 'human', 'system']) : at(roles, i % 2),
    content: text(random),
    ...(random() < 0.02 && { name: 'x' }),
  }));
  return first === 'user' && random() < 0.2 ? [{ role: 'system', content: text(random) }, ...made] : made;
}

function row(random: () => number): object {
  const question = random() < 0.1 ? 'What is bigger, a horse or a bee?' : text(random);
  const answer = (): string => (random() < 0.05 ? `${question} ${text(random)}` : text(random));
  const chosen = answer();
  const rejected = random() < 0.05 ? ` ${chosen}` : answer();
  const asked = turns(random, 'user');
  const list = (): object[] => turns(random, 'assistant');
  const more = pick<object>(random, [
    {},
    {},
    {},
    { id: 7 },
    { score_chosen: 1.5, meta: { a: [null, 'x'] } },
    { score_chosen: 2, score_rejected: integer(random, 4) },
    { weight: 2 },
    { extra: 'x' },
    { system: 'S' },
  ]);
  return pick<() => object>(random, [
    () => ({ prompt: question, chosen, rejected, ...more }),
    () => ({ ...more, rejected, chosen, prompt: question }),
    () => ({ prompt: asked, chosen: list(), rejected: list(), ...more }),
    () => ({ prompt: asked, chosen: [...asked, ...list()], rejected: [...asked, ...list()], ...more }),
    () => ({ chosen: [...asked, ...list()], rejected: [...asked, ...list()], ...more }),
    () => ({
      prompt: JSON.parse(JSON.stringify(asked.at(-1))).content,
      chosen: [...asked, ...list()],
      rejected: [...asked, ...list()],
    }),
    () => ({ prompt: question, completion: chosen, label: random() < 0.5, ...more }),
    () => ({ prompt: asked, completion: list(), label: random() < 0.5, ...more }),
    () => ({ chosen: `${question} ${chosen}`, rejected: `${question} ${rejected}`, ...more }),
    () => pick(random, Object.values(formatRows)),
  ])();
}

/** A row as different programs write it; sometimes it is damaged. */
function written(random: () => number): string {
  const json = JSON.stringify(row(random), null, random() < 0.1 ? ' ' : undefined).replaceAll('\n', ' ');
  const escaped =
    random() < 0.2
      ? json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : json;
  const slashed = random() < 0.05 ? escaped.replaceAll('/', '\\/') : escaped;
  if (random() > 0.1) return slashed;
  const place = integer(random, slashed.length + 1);
  const piece = pick(random, [
    '',
    '"',
    '\\',
    ',',
    '}',
    '{',
    '\u0001',
    '1e',
    '-',
    '0',
    ' ',
    '\\u',
    '\\ud83d',
    '\\u0041',
    ']',
    'null',
  ]);
  return slashed.slice(0, place) + piece + slashed.slice(place + integer(random, 2));
}

describe('a look at the bytes of rows', () => {
  it('gives the reports that parsing gives', () => {
    let [rows, clean] = [0, 0];
    for (let seed = 1; seed <= 120; seed++) {
      const random = seededRandom(seed);
      const lines = Array.from({ length: 40 }, () => (random() < 0.03 ? '' : written(random)));
      const bytes = new TextEncoder().encode(lines.join(random() < 0.1 ? '\r\n' : '\n'));
      if (random() < 0.05) bytes[integer(random, bytes.length)] = 0xff;
      const { reports, parsed } = quickly(bytes);
      const expected = slowly(bytes).map((report) => JSON.stringify(report));
      const different = reports.findIndex((report, i) => JSON.stringify(report) !== expected[i]);
      if (different >= 0 || reports.length !== expected.length)
        expect.fail(`seed ${seed}: ${lines[different]}\n${JSON.stringify(reports[different])}\n${expected[different]}`);
      rows += reports.length;
      clean += reports.length - parsed;
    }
    // Otherwise this test would prove nothing.
    expect(clean / rows).toBeGreaterThan(0.1);
  });

  it.skipIf(!existsSync(shared))('gives them for real data and for all cases (needs ../shared)', () => {
    const files = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.jsonl(\.gz)?$/.test(file),
    );
    for (const file of files) {
      const read = readFileSync(join(shared, file));
      const bytes = file.endsWith('.gz') ? gunzipSync(read) : read;
      expect(quickly(bytes).reports, file).toEqual(slowly(bytes));
    }
  });

  it('covers all rules of rows (see "Add a rule" in src/pairs/rules/README.md)', () => {
    expect(uncoveredRules).toEqual([]);
  });
});
