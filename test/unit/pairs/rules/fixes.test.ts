import { expect, it } from 'vitest';
import { checkLine } from '../../../../src/pairs/checks';
import { detectAll } from '../../../../src/pairs/reading';
import { fixRow } from '../../../../src/pairs/rules/fixes/fixRow';
import { fixes, fixOf } from '../../../../src/pairs/rules/fixes/table';
import { ruleOf } from '../../../../src/pairs/rules/levels';

const secret = `ghp_${'qWeRtYuIoPaSdFgHjKlZxCvBnMqWeRtYuIoP'}`;
const chat = (chosen: string, role = 'assistant'): string =>
  `{"prompt":[{"role":"user","content":"What is 2 + 2?"}],  "chosen":[{"role":"${role}","content":"${chosen}"}],` +
  '"rejected":[{"role":"assistant","content":"Five."}],"score":1.0}';
const plain = (chosen: string): string =>
  `{"prompt": "What is 2 + 2?", "chosen": "${chosen}", "rejected": " Five.", "n": 1.0}`;

it.each<[string, string, string]>([
  ['white-space', chat(' Four. \\n'), chat('Four.')],
  ['white-space', plain(' Four. \\n'), plain(' Four.')],
  ['control-characters', plain('\\u001b[31mFour\\u0000.\\u001b[0m'), plain('Four.')],
  ['control-characters', plain('One.\\fTwo.'), plain('One.\\nTwo.')],
  ['mojibake', plain('Itâ€™s four, cafÃ©.'), plain('It’s four, café.')],
  ['secret', plain(`Use ${secret} here.`), plain('Use [REDACTED] here.')],
  ['repeated-prompt', plain('What is 2 + 2? Four.'), plain('Four.')],
  ['invented-turn', plain('Four.\\n\\nHuman: And 3?\\n\\nFive.'), plain('Four.')],
  ['truncated-answer', plain('It is four. That is because it'), plain('It is four.')],
  ['unknown-role', chat('Four.', 'gpt'), chat('Four.', 'assistant')],
  [
    'not-json',
    '{"prompt": "Is NaN a number?", "chosen": "a", "rejected": "b", "s": NaN}',
    '{"prompt": "Is NaN a number?", "chosen": "a", "rejected": "b", "s": null}',
  ],
  [
    'label-not-boolean',
    '{"prompt": "Q", "completion": "a", "label": "no"}',
    '{"prompt": "Q", "completion": "a", "label": false}',
  ],
  [
    'label-not-boolean',
    '{"prompt": "Q", "completion": "a", "label": 1}',
    '{"prompt": "Q", "completion": "a", "label": true}',
  ],
])('%s is mended, and every other byte of the line stays', (rule, line, mended) => {
  expect(checkLine(line, detectAll).map(({ code }) => code)).toContain(rule);
  expect(fixRow(line, detectAll, (fix) => fix.rule === rule)).toEqual({ line: mended, fixed: [rule] });
  expect(fixRow(mended, detectAll, (fix) => fix.rule === rule)).toBeNull();
});

it('several problems are mended one after the other, also those that a mended line shows', () => {
  const line = '{"prompt": "Q?", "chosen": "Four. ", "rejected": "Fi\\u0000ve.", "s": NaN}';
  expect(fixRow(line, detectAll, ({ isSafe }) => isSafe)).toEqual({
    line: '{"prompt": "Q?", "chosen": "Four.", "rejected": "Five.", "s": null}',
    fixed: ['not-json', 'control-characters', 'white-space'],
  });
});

it.each([
  ['{"prompt": "Q", "chosen": "a", "rejected": "b", "s": None}'],
  ['{"prompt": "Q", "completion": "a", "label": "constructor"}'],
  [plain('```js\\nlet a')],
  [chat('Four.', 'narrator')],
])('%s stays as it is, because nobody knows what was meant', (line) => {
  expect(checkLine(line, detectAll).length).toBeGreaterThan(0);
  expect(fixRow(line, detectAll, () => true)).toBeNull();
});

it('each fix belongs to a rule, and a safe one removes nothing that may be intended', () => {
  expect(fixes.filter(({ rule }) => ruleOf(rule) === null)).toEqual([]);
  expect(fixes.filter(({ isSafe }) => isSafe).map(({ rule }) => rule)).toEqual([
    'not-json',
    'unknown-role',
    'label-not-boolean',
    'white-space',
    'control-characters',
  ]);
  expect(fixOf('empty-answer')).toBeNull();
});
