import { isRecord } from '../base/pure/isRecord';
import { type JsonObject, sameJson } from './json';
import { bracketed, type JsonStyle, serialise, styleOf } from './jsonStyle';
import { type JsonNode, scanJson } from './scanJson';
import { type Splice, splice } from './splice';

/**
 * Changes a line to hold `value`. Values that stay the same keep their exact text (key order, spacing, escapes, numbers
 * beyond a double); new values are written in the style of the line. A row of several lines keeps its indentation.
 *
 * `writeLine('{"a":1.0,"b":"x"}', { a: 1, b: 'y' })` is `'{"a":1.0,"b":"y"}'`.
 *
 * @throws JsonSyntaxError if `line` is not JSON
 */
export function writeLine(line: string, value: unknown): string {
  const node = scanJson(line);
  const writer = new Writer(line, styleOf(line, node));
  return line.slice(0, node.start) + writer.text(node, JSON.parse(line), value, 0) + line.slice(node.end);
}

/**
 * A new line that holds `value`, in the style of the line `neighbour`; if that is not a JSON object, in Python's style.
 */
export function newLine(value: JsonObject, neighbour: string): string {
  return serialise(value, styleOf(neighbour, nodeOf(neighbour)), 0);
}

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;
type ArrayNode = Extract<JsonNode, { kind: 'array' }>;

class Writer {
  constructor(
    private readonly line: string,
    private readonly style: JsonStyle,
  ) {}

  /** The text of `next`, which replaces the value `old` at `node`; `depth` is the number of brackets around it. */
  text(node: JsonNode, old: unknown, next: unknown, depth: number): string {
    if (sameJson(old, next)) return this.line.slice(node.start, node.end);
    if (node.kind === 'object' && isRecord(old) && isRecord(next)) return this.object(node, old, next, depth);
    if (node.kind === 'array' && Array.isArray(old) && Array.isArray(next)) return this.array(node, old, next, depth);
    return serialise(next, this.style, depth);
  }

  private object(node: ObjectNode, old: JsonObject, next: JsonObject, depth: number): string {
    const last = new Map(node.entries.map((entry) => [entry.key, entry]));
    const style = this.styleIn(node, node.entries[0]?.keyStart);
    const keys = Object.keys(next);
    if (keys.length === last.size && keys.every((key) => last.has(key))) {
      return splice(
        this.line,
        node.start,
        node.end,
        [...last.values()].map((entry) => this.splice(entry.value, old[entry.key], next[entry.key], depth + 1)),
      );
    }
    const kept = [...last.values()]
      .filter((entry) => Object.hasOwn(next, entry.key))
      .map((entry) => {
        const name = this.line.slice(entry.keyStart, entry.value.start);
        return name + this.text(entry.value, old[entry.key], next[entry.key], depth + 1);
      });
    const added = keys
      .filter((key) => !last.has(key))
      .map((key) => serialise(key, style, depth) + style.colon + serialise(next[key], style, depth + 1));
    return bracketed('{}', [...kept, ...added], style, depth);
  }

  private array(node: ArrayNode, old: readonly unknown[], next: readonly unknown[], depth: number): string {
    const { items } = node;
    if (old.length === next.length) {
      return splice(
        this.line,
        node.start,
        node.end,
        items.map((item, i) => this.splice(item, old[i], next[i], depth + 1)),
      );
    }
    const style = this.styleIn(node, items[0]?.start);
    const texts = next.map((value, i) => {
      const item = items[i];
      return item ? this.text(item, old[i], value, depth + 1) : serialise(value, style, depth + 1);
    });
    return bracketed('[]', texts, style, depth);
  }

  /** The style inside a list or object. One that is on a single line stays there, even in a text of several lines. */
  private styleIn({ start }: JsonNode, first: number | undefined): JsonStyle {
    if (first === undefined || this.line.slice(start, first).includes('\n')) return this.style;
    return { ...this.style, indent: null };
  }

  private splice(node: JsonNode, old: unknown, next: unknown, depth: number): Splice {
    return { start: node.start, end: node.end, text: this.text(node, old, next, depth) };
  }
}

function nodeOf(line: string): JsonNode {
  try {
    return scanJson(line);
  } catch {
    // Not JSON: there is no style to follow.
    return { kind: 'literal', start: 0, end: 0 };
  }
}
