import { expect, it } from 'vitest';
import type { AgreementSource } from '../../../src/protocol/agreement';
import { fairScale, placeOn, chanceScale } from '../../../webview/shared/intervalBar';
import { chosenAfter } from '../../../webview/agreement/sourceRail';

const source = (id: string, kind: AgreementSource['kind'], chosen: boolean): AgreementSource => ({
  id,
  kind,
  chosen,
  label: id,
  detail: '',
});
const sources = [
  source('a.marks.jsonl', 'marks', true),
  source('by.anna', 'column', false),
  source('by.ben', 'column', false),
  source('run', 'model', true),
];
const after = (id: string): readonly string[] =>
  chosenAfter(sources, sources.find((one) => one.id === id) ?? source('', 'marks', false));

it('a column replaces the marks files, and leaves models chosen', () => {
  expect(after('by.ben')).toEqual(['by.ben', 'run']);
  expect(after('run')).toEqual(['a.marks.jsonl']);
  expect(after('a.marks.jsonl')).toEqual(['run']);
});

it('a value has its place between the ends of its scale', () => {
  expect([-1, 0, 1, 2].map((value) => placeOn(value, chanceScale))).toEqual([0, 50, 100, 100]);
  expect(placeOn(0.25, fairScale)).toBe(25);
});
