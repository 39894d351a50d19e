import { placeIn } from '../placeIn';
import { type JsonNode, JsonSyntaxError, scanJson } from '../scanJson';
import { toolFaults } from './toolShape';

/** What is wrong with a text of tools, and where. */
export interface ToolsMistake {
  /** One sentence. */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The UTF-16 units of the text that it is about. */
  readonly start: number;
  readonly end: number;
  /** Whether the text cannot be written to the row. Other mistakes are warnings of the rule `wrong-tools`. */
  readonly stops: boolean;
}

/**
 * The mistakes of a text that should be a list of tools as JSON, in their order. An empty text has none.
 *
 * @param asText whether the row keeps the list as a JSON string, which may have bare functions
 */
export function toolsMistakes(text: string, asText: boolean): readonly ToolsMistake[] {
  if (text.trim() === '') return [];
  const node = scanned(text);
  if ('message' in node) return [{ ...node, stops: true }];
  const tools: unknown = JSON.parse(text);
  if (!Array.isArray(tools))
    return [{ ...mistake(text, node, 'Tools are a list: put [ and ] around them.'), stops: true }];
  const infinite = infiniteIn(text, node);
  if (infinite) return [{ ...mistake(text, infinite, infiniteNumber), stops: true }];
  return toolFaults(tools, asText).map(({ path, fix }) => {
    const place = nodeAt(node, path.slice('tools'.length));
    return { ...mistake(text, place, `${path} ${fix}.`), stops: false };
  });
}

/** `JSON.parse` reads such a number as infinite, and `JSON.stringify` writes that as null. */
const infiniteNumber = 'The number is larger than 1.8e308: write a smaller one.';

/** The first number beyond the range of a double. */
function infiniteIn(text: string, node: JsonNode): JsonNode | null {
  const inner =
    node.kind === 'array' ? node.items : node.kind === 'object' ? node.entries.map(({ value }) => value) : [];
  for (const one of inner) {
    const found = infiniteIn(text, one);
    if (found) return found;
  }
  return node.kind === 'number' && !Number.isFinite(Number(text.slice(node.start, node.end))) ? node : null;
}

type Located = Omit<ToolsMistake, 'stops'>;

function scanned(text: string): JsonNode | Located {
  try {
    return scanJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, column } = error;
    const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace('the line ends', 'the text ends')}.`;
    const start = Math.min(column - 1, text.length);
    return { message: sentence, ...placeIn(text, column), start, end: Math.min(start + 1, text.length) };
  }
}

function mistake(text: string, { start, end }: JsonNode, message: string): Located {
  return { message, ...placeIn(text, start + 1), start, end };
}

/** The value at a path such as `[0].function.name`; the nearest one around it if a key is missing. */
function nodeAt(node: JsonNode, path: string): JsonNode {
  if (node.kind === 'array') {
    const [step = '', index = ''] = /^\[(\d+)\]/.exec(path) ?? [];
    const item = node.items[Number(index)];
    return step === '' || item === undefined ? node : nodeAt(item, path.slice(step.length));
  }
  if (node.kind !== 'object') return node;
  // A key may have dots.
  const entry = node.entries
    .filter(({ key }) => path.startsWith(`.${key}`) && /^(?:[.[]|$)/.test(path.slice(key.length + 1)))
    .sort((a, b) => b.key.length - a.key.length)[0];
  return entry ? nodeAt(entry.value, path.slice(entry.key.length + 1)) : node;
}
