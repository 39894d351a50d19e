import { parseJsonObject } from '../base/node/smallFile';

/** A string, or one of the three words that Python's `json.dumps` writes and JSON does not have. */
const wordOrString = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Parses an object that Python's `json` wrote. NaN, Infinity and -Infinity become strings of these words.
 *
 * @param where the file, for messages
 * @throws MarginError as {@link parseJsonObject}
 */
export function parsePythonJson(text: string, where: string): Readonly<Record<string, unknown>> {
  const isStrict = !text.includes('NaN') && !text.includes('Infinity');
  return parseJsonObject(isStrict ? text : text.replace(wordOrString, quoted), where);
}

const quoted = (found: string): string => (found.startsWith('"') ? found : `"${found}"`);
