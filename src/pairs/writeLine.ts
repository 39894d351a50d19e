import { isRecord } from '../base/pure/isRecord';
import { type JsonObject, sameJson } from './json';
import { type JsonStyle, serialise, styleOf } from './jsonStyle';
import { type JsonEntry, type JsonNode, scanJson } from './scanJson';
import { type Splice, splice } from './splice';

/**
 * Changes a line to hold `value`. Values that stay the same keep their exact text (key order, spacing, escapes, numbers
 * beyond a double); new values are written in the style of the line.
 *
 * `writeLine('{"a":1.0,"b":"x"}', { a: 1, b: 'y' })` is `'{"a":1.0,"b":"y"}'`.
 *
 * @throws JsonSyntaxError if `line` is not JSON
 */
export function writeLine(line: string, value: unknown): string {
  const node = scanJson(line);
  const writer = new Writer(line, styleOf(line, node));
  return line.slice(0, node.start) + writer.text(node, JSON.parse(line), value) + line.slice(node.end);
}

/**
 * A new line that holds `value`, in the style of the line `neighbour`; if that is no JSON object, in Python's style.
 */
export function newLine(value: JsonObject, neighbour: string): string {
  return serialise(value, styleOf(neighbour, nodeOf(neighbour)));
}

class Writer {
  constructor(
    private readonly line: string,
    private readonly style: JsonStyle,
  ) {}

  /** The text of `next`, which replaces the value `old` at `node`. */
  text(node: JsonNode, old: unknown, next: unknown): string {
    if (sameJson(old, next)) return this.line.slice(node.start, node.end);
    if (node.kind === 'object' && isRecord(old) && isRecord(next))
      return this.object(node.start, node.end, node.entries, old, next);
    if (node.kind === 'array' && Array.isArray(old) && Array.isArray(next))
      return this.array(node.start, node.end, node.items, old, next);
    return serialise(next, this.style);
  }

  private object(start: number, end: number, entries: readonly JsonEntry[], old: JsonObject, next: JsonObject): string {
    const last = new Map(entries.map((entry) => [entry.key, entry]));
    const { comma, colon } = this.style;
    const keys = Object.keys(next);
    if (keys.length === last.size && keys.every((key) => last.has(key))) {
      return splice(
        this.line,
        start,
        end,
        [...last.values()].map((entry) => this.splice(entry.value, old[entry.key], next[entry.key])),
      );
    }
    const kept = [...last.values()]
      .filter((entry) => Object.hasOwn(next, entry.key))
      .map((entry) => {
        const name = this.line.slice(entry.keyStart, entry.value.start);
        return name + this.text(entry.value, old[entry.key], next[entry.key]);
      });
    const added = keys
      .filter((key) => !last.has(key))
      .map((key) => serialise(key, this.style) + colon + serialise(next[key], this.style));
    return `{${[...kept, ...added].join(comma)}}`;
  }

  private array(
    start: number,
    end: number,
    items: readonly JsonNode[],
    old: readonly unknown[],
    next: readonly unknown[],
  ): string {
    if (old.length === next.length) {
      return splice(
        this.line,
        start,
        end,
        items.map((item, i) => this.splice(item, old[i], next[i])),
      );
    }
    const texts = next.map((value, i) => {
      const item = items[i];
      return item ? this.text(item, old[i], value) : serialise(value, this.style);
    });
    return `[${texts.join(this.style.comma)}]`;
  }

  private splice(node: JsonNode, old: unknown, next: unknown): Splice {
    return { start: node.start, end: node.end, text: this.text(node, old, next) };
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
