import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const files = ['src', 'webview'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const text = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

describe('the files of src and webview', () => {
  it('names files in camelCase', () => {
    expect(
      files.map((file) => basename(file)).filter((name) => !/^[a-z][A-Za-z0-9]*(\.test|\.d)?\.ts$/.test(name)),
    ).toEqual([]);
  });

  it('has no barrel, default export, enum or file over 300 lines', () => {
    const wrong = [...text].flatMap(([file, source]) => [
      ...(basename(file) === 'index.ts' ? [`${file} is a barrel`] : []),
      ...(/^export default /m.test(source) ? [`${file} exports a default`] : []),
      ...(/^(export )?(const |declare )?enum /m.test(source) ? [`${file} has an enum`] : []),
      ...(source.split('\n').length > 301 ? [`${file} is over 300 lines`] : []),
    ]);
    expect(wrong).toEqual([]);
  });
});
