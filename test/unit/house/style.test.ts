import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Words and turns of phrase that make a reader stop. Plain sentences say the same: subject, verb, object. */
const forbidden = [
  /\banew\b/,
  /\bbefell\b/,
  /\bbefalls?\b/,
  /\bwhence\b/,
  /\bthereof\b/,
  /\bas it were\b/,
  /\bbehind which\b/,
  /\btakes? it for\b/,
  /\bgo(?:es)? on by\b/,
  /\bfor to \w+ is\b/,
  /\bwidened once\b/,
  /\bSpeakers\b/,
  /\btakenBy\b/,
  /\btakeUp\b/,
  /\bgoOn\b/,
  /\b(?:which|that|row|tie|value|answer|bytes) (?:is|are) no (?:pairs?|JSON|UTF-8|text)\b/,
  /\bmakes? (?:no )?pairs? of\b/,
  /\bbecame of\b/,
  /\bbecomes? of (?:a|the|two|its|equal)\b/,
  /\bgoes before (?:it|one)\b/,
  /\bfor ever\b/,
  /\bso many \w+ at a time\b/,
  /\bDeeds?\b/,
];
const longest = 120;
const self = 'test/unit/house/style.test.ts';

/** Files that git knows or would add, except files that hold only data. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:ts|mjs|css|md|py)$|^package\.nls\.json$/.test(file) && file !== self)
  .flatMap((file) => {
    const text = readIfThere(file);
    return text === null ? [] : [{ file, lines: text.split('\n') }];
  });

it('no text holds a phrase that makes a reader stop', () => {
  const found = files.flatMap(({ file, lines }) =>
    lines.flatMap((line, i) =>
      forbidden.some((phrase) => phrase.test(line)) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
    ),
  );
  expect(found).toEqual([]);
});

it('a line of code is longer than 120 characters only where a text or a pattern makes it so', () => {
  const found = files
    .filter(({ file }) => /\.(?:ts|mjs)$/.test(file))
    .flatMap(({ file, lines }) =>
      lines.flatMap((line, i) => (line.length > longest && !holdsText(line) ? [`${file}:${i + 1}`] : [])),
    );
  expect(found).toEqual([]);
});

/** The formatter breaks no string, template or regular expression. */
function holdsText(line: string): boolean {
  return !/^\s*(?:\/\/|\/?\*)/.test(line) && /['"`]|\/.+\//.test(line);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Deleted, and not committed yet.
    return null;
  }
}
