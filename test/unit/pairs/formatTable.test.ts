import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formats, judgedFormats, listFormats } from '../../../src/pairs/formats/table';

const all = [...judgedFormats, ...formats];
const readme = readFileSync('README.md', 'utf8');

function tableAfter(head: string): string | undefined {
  const start = `${head}\n|---|---|\n`;
  return readme.slice(readme.indexOf(start) + start.length).split('\n\n')[0];
}

it('README.md lists every format with its tool, in the order of the code', () => {
  const rows = all.map(({ label, tool, link }) => `| ${label} | [${tool}](${link}) |`);
  expect(tableAfter('| Rows | Written by |')).toBe(rows.join('\n'));
});

it('README.md lists every format of lists', () => {
  const rows = listFormats.map(({ label, tool, link }) => `| ${label} | [${tool}](${link}) |`);
  expect(tableAfter('| Lists | Written by |')).toBe(rows.join('\n'));
});

it('each format says in its name which keys show it and which tool writes it, and no two say the same', () => {
  const labels = all.map(({ label }) => label);
  expect(labels.filter((label) => !/^[\w-]+.* \([^()]+\)$/.test(label))).toEqual([]);
  expect(all.filter(({ label, keys }) => !keys.some((key) => label.includes(key))).map(({ id }) => id)).toEqual([]);
  expect(new Set(labels).size).toBe(labels.length);
});

it('each format has an id of its own', () => {
  expect(new Set([...all, ...listFormats].map(({ id }) => id)).size).toBe(all.length + listFormats.length);
});
