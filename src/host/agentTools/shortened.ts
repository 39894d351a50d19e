/** Most characters of a text within a result: a chat needs the start of a long answer, not all of it. */
const longestText = 2000;

/** What is shown of a list, with the counts. */
export interface Capped<T> {
  readonly shown: readonly T[];
  readonly leftOut: number;
}

/** A value of JSON whose long texts are cut. Each cut text says how many characters are missing. */
export function withShortTexts(value: unknown): unknown {
  if (typeof value === 'string') return shortText(value);
  if (Array.isArray(value)) return value.map(withShortTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withShortTexts(one)]));
}

/** The first values of a list whose JSON has together at most so many characters; at least one. */
export function withinSize<T>(values: readonly T[], mostCharacters: number): Capped<T> {
  let size = 0;
  const end = values.findIndex((value) => (size += JSON.stringify(value).length) > mostCharacters);
  const shown = end < 0 ? values : values.slice(0, Math.max(1, end));
  return { shown, leftOut: values.length - shown.length };
}

function shortText(text: string): string {
  if (text.length <= longestText) return text;
  // A cut must not divide a surrogate pair.
  const kept = text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${(text.length - kept.length).toLocaleString('en')} more characters)`;
}
