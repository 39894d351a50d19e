import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Field } from '../../../../src/pairs/query/field';
import { fields, nameToWrite } from '../../../../src/pairs/query/fields';
import { queryErrorOf } from '../../../../src/pairs/query/parseQuery';

it('each field has an example that can be read, and a sentence of help', () => {
  for (const { example, help } of fields) {
    expect(queryErrorOf(example), example).toBeNull();
    expect(help).toMatch(/^[A-Z].*\.$/);
  }
});

it('README.md has the table of the fields', () => {
  const head = '| Field | What it is | Example |\n|---|---|---|\n';
  const readme = readFileSync('README.md', 'utf8');
  const table = readme.slice(readme.indexOf(head) + head.length).split('\n\n')[0];
  expect(table).toBe(fields.map(tableRow).join('\n'));
});

function tableRow(field: Field): string {
  const unit = field.unit === null ? '' : ` In ${field.unit}.`;
  const values = field.values === null ? '' : ` Values: ${field.values.join(', ')}.`;
  const code = (text: string): string => `\`${text.replaceAll('|', String.raw`\|`)}\``;
  return `| ${code(nameToWrite(field))} | ${field.help}${unit}${values} | ${code(field.example)} |`;
}
