import { expect, it } from 'vitest';
import { completionsAt } from '../../../../src/pairs/query/complete';
import { fields } from '../../../../src/pairs/query/fields';

/** A query with `|` at the place, and the texts that can be written there. */
function offered(query: string, isAsked = false): string {
  const cursor = query.indexOf('¦');
  const text = query.replace('¦', '');
  const { start, end, options } = completionsAt(text, cursor, isAsked, (field) =>
    field === 'model' ? ['a-1', 'b 2'] : [],
  );
  return options.map((option) => text.slice(0, start) + option.text + text.slice(end)).join('\n');
}

it.each([
  ['mar¦', 'margin:\nmargin.before:\nmargin.delta:'],
  ['-margin.d¦', '-margin.delta:'],
  ['logp.token(¦', 'logp.token(chosen)\nlogp.token(rejected)'],
  ['group:f¦', 'group:forgotten'],
  ['.meta.mar¦', ''],
  ['a -(sev¦ b', 'a -(severity: b'],
  ['rew¦', 'reward('],
  ['len(ch¦', 'len(chosen)'],
  ['2*score(¦', '2*score(chosen)\n2*score(rejected)'],
  ['severity:e¦', 'severity:error'],
  ['severity:error|w¦', 'severity:error|warning'],
  ['model:¦', 'model:a-1\nmodel:"b 2"\nmodel:none'],
  ['-model:=A¦', '-model:=a-1'],
  ['turns:¦', ''],
  ['"mar¦', ''],
  ['severity:error¦', ''],
  ['¦', ''],
])('at %j one can write %j', (query, written) => {
  expect(offered(query)).toBe(written);
});

it('all fields are offered on request', () => {
  expect(offered('sorry ¦', true).split('\n')).toHaveLength(fields.length);
});
