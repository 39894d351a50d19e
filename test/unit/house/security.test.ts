import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A named test: `unit/hostile/terminal “what a template throws”`. The title is as the source has it. */
const named = /([\w./]+) “([^”]+)”/g;
const rows = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'));
const cells = rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const tests = rows.flatMap((row) => [...row.matchAll(named)].map(([, file, title]) => ({ file, title })));

function missing({ file, title }: (typeof tests)[number]): string | null {
  const path = join('test', `${file}.test.ts`);
  if (!existsSync(path)) return `there is no ${path}`;
  const source = readFileSync(path, 'utf8');
  return ["'", '`', '"'].some((quote) => source.includes(`${quote}${title}${quote}`)) ? null : `${file}: ${title}`;
}

describe('the table of threats in SECURITY.md', () => {
  it('has a threat, what Margin does, and a test in each line', () => {
    expect(rows.length).toBeGreaterThan(30);
    const shape = /^[\w./]+ “[^”]+”(?:; [\w./]+ “[^”]+”)*$/;
    expect(cells.filter((row) => row.length !== 3 || !shape.test(row[2] ?? '')).map(([threat]) => threat)).toEqual([]);
  });

  it('names tests that exist', () => {
    expect(tests.map(missing).filter((one) => one !== null)).toEqual([]);
  });

  it('names each file of test/unit/hostile', () => {
    const files = readdirSync('test/unit/hostile').filter((name) => name.endsWith('.test.ts'));
    const known = new Set(tests.map(({ file }) => `${file?.slice('unit/hostile/'.length)}.test.ts`));
    expect(files.filter((name) => !known.has(name))).toEqual([]);
  });
});
