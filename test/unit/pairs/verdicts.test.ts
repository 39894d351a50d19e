import { describe, expect, it } from 'vitest';
import { FileCheck } from '../../../src/pairs/fileCheck';
import { detectAll } from '../../../src/pairs/reading';
import { type PairResult, readPair } from '../../../src/pairs/readPair';
import { noLevels } from '../../../src/pairs/rules/levels';
import { assistant, user } from './formatRows';

type Said = readonly string[];

/** The findings about the rows, as "severity code field count: message". */
function saidOf(rows: readonly object[]): Said {
  const check = new FileCheck('line', noLevels);
  const inRows = rows.flatMap((row, i) =>
    check.line(i + 1, readPair(JSON.stringify(row), detectAll)).map((one) => ({ ...one, count: 1 })),
  );
  return [...inRows, ...check.finish()].map(
    ({ severity, code, field, count, message }) => `${severity} ${code} ${field ?? '-'} ${count}: ${message}`,
  );
}

function weightOf(row: object): number | undefined {
  const result = readPair(JSON.stringify(row), detectAll);
  if (result.kind !== 'pair') throw new Error(result.kind);
  return result.pair.weight;
}

const reason = (result: PairResult): string => ('reason' in result ? result.reason : result.kind);

describe('how strongly an answer is preferred', () => {
  const strong = { prompt: 'Q', response_1: 'a', response_2: 'b', preference_strength: -3 };

  it.each([
    ['1.5 for much better', strong, 1.5],
    ['1 for better', { ...strong, preference_strength: 2 }, 1],
    ['0.5 for slightly better', { ...strong, preference_strength: -1 }, 0.5],
    ['the same in HelpSteer3', { context: 'Q', response1: 'a', response2: 'b', overall_preference: 3 }, 1.5],
    ["the row's own weight, if it has one", { ...strong, weight: 2 }, 2],
    ['nothing where a verdict has no strength', { prompt: 'Q', chosen: 'a', rejected: 'b' }, undefined],
    ["a plain pair's weight", { prompt: 'Q', chosen: 'a', rejected: 'b', weight: 0.25 }, 0.25],
  ])('weighs the pair: %s', (_, row, weight) => {
    expect(weightOf(row)).toBe(weight);
  });

  it('weighs a judged answer by its own weight', () => {
    const result = readPair(JSON.stringify({ prompt: 'Q', completion: 'a', label: true, weight: 3 }), detectAll);
    expect(result.kind === 'judged' && result.answer.weight).toBe(3);
  });

  it('is reported once per file, with the rule and the number of rows', () => {
    const rows = [strong, { ...strong, prompt: 'R', preference_strength: 1 }, { ...strong, prompt: 'S', weight: 1 }];
    expect(saidOf(rows)).toEqual([
      'info how-read preference_strength 2: preference_strength sets the weight of a row: its size / 2 multiplies the row\'s loss. A "weight" in the row takes precedence.',
    ]);
  });
});

describe('ties', () => {
  const row = (question: string, winner: string): object => ({
    conversation_a: [user(question), assistant('a')],
    conversation_b: [user(question), assistant('b')],
    winner,
  });

  it('are left out, and the two kinds are counted apart', () => {
    const winners = ['tie', 'tie (bothbad)', 'tie', 'model_a', 'tie', 'tie', 'tie', 'both_bad'];
    const said = saidOf(winners.map((winner, i) => row(`Q${i}`, winner))).filter((one) =>
      one.startsWith('warning tie - 2'),
    );
    expect(said).toEqual(['warning tie - 2: The winner is "tie", so the row is not a pair. It is left out.']);
    expect(reason(readPair(JSON.stringify(row('Q', 'tie (bothbad)')), detectAll))).toContain('"tie (bothbad)"');
  });
});

describe('two verdicts', () => {
  const row = { prompt: 'Q', response_0: 'a', response_1: 'b', better_response_id: 0 };

  it('if they differ, a note says which one is read', () => {
    const rows = [
      { ...row, safer_response_id: 1 },
      { ...row, prompt: 'R', safer_response_id: 0 },
    ];
    expect(saidOf(rows)).toEqual([
      'info how-read better_response_id 1: better_response_id (helpfulness) says which answer is chosen. safer_response_id says the other one; it is not read.',
    ]);
  });
});
