import { expect, it } from 'vitest';
import { FileCheck } from '../../../../src/pairs/fileCheck';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import { levelsOf, noLevels, onlyRules, type RuleLevels } from '../../../../src/pairs/rules/levels';
import { reportOf } from '../../../../src/pairs/rowReport';

const row = '{"prompt": "Q", "chosen": "Ask jane@posteo.de.", "rejected": ""}';

/** The problems of a file with the row twice, at these severities. */
function said(levels: RuleLevels): string[] {
  const check = new FileCheck('line', levels);
  const ofRows = [1, 2].flatMap((line) => check.line(line, readPair(row, detectAll)));
  return [...ofRows, ...check.finish()].map(({ severity, code }) => `${severity} ${code}`);
}
const each = ['warning empty-answer', 'info personal-data'];

it('a rule is off, or has another severity, also one that only the whole file shows', () => {
  expect(said(noLevels)).toEqual([...each, ...each, 'warning duplicate']);
  const levels = levelsOf(Object.entries({ 'empty-answer': 'off', 'personal-data': 'error', duplicate: 'info' }), 'x');
  expect(said(levels)).toEqual(['error personal-data', 'error personal-data', 'info duplicate']);
});

it('a problem that becomes an error is shown beside its row', () => {
  const refused = readPair('{"prompt": "Q", "chosen": "Sorry, I can’t answer.", "rejected": "Yes."}', detectAll);
  expect(reportOf(refused, noLevels).beside).toBe(0);
  expect(reportOf(refused, { refusal: 'error' }).beside).toBe(1);
});

it('only some rules are on, and rows that cannot be used are reported all the same', () => {
  expect(said(onlyRules(['duplicate'], 'x'))).toEqual(['warning duplicate']);
  const check = new FileCheck('line', onlyRules(['duplicate'], 'x'));
  expect(check.line(1, readPair('{"prompt": ', detectAll)).map(({ code }) => code)).toEqual(['not-json']);
});

it('an unknown rule, an unknown severity and a rule of unusable rows are refused with what to do', () => {
  expect(() => levelsOf([['refusals', 'off']], '--rule')).toThrow(
    '--rule: there is no rule refusals; did you mean refusal?',
  );
  expect(() => levelsOf([['refusal', 'none']], '--rule')).toThrow(
    'refusal must be off, info, warning, error, not none',
  );
  expect(() => levelsOf([['not-json', 'off']], '--rule')).toThrow('not-json stays an error');
});
