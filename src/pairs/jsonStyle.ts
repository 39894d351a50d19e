import type { JsonNode } from './scanJson';

/** How the lines of a text are indented: its last bracket by `base`, each inner part by one `unit` more. */
interface Indent {
  readonly lineEnd: '\n' | '\r\n';
  readonly base: string;
  readonly unit: string;
}

/** How a text of JSON is written. New parts of it are written in the same way. */
export interface JsonStyle {
  readonly comma: ',' | ', ';
  readonly colon: ':' | ': ';
  /** Whether characters beyond ASCII are written as \uXXXX (Python's `ensure_ascii`). */
  readonly ascii: boolean;
  /** Whether the digits of \uXXXX are upper case. */
  readonly upperHex: boolean;
  /** ASCII characters that the line escapes although JSON does not require it: Go's \u003c, PHP's \/. */
  readonly escaped: ReadonlySet<string>;
  /** Null for a text on one line. */
  readonly indent: Indent | null;
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;

/**
 * The style of a text, from its spacing after the first colon and comma, its escapes and its first and last
 * indentation.
 *
 * @param node the text, as `scanJson` returned it
 */
export function styleOf(line: string, node: JsonNode): JsonStyle {
  const codes: string[] = [];
  const escaped = new Set<string>();
  for (const [, hex, char] of line.matchAll(escapes)) {
    if (char === '/') escaped.add('/');
    if (hex === undefined) continue;
    codes.push(hex);
    const code = Number.parseInt(hex, 16);
    if (code >= 0x20 && code < 0x80) escaped.add(String.fromCharCode(code));
  }
  const raw = /[\u0080-\uffff]/.test(line);
  const ascii = !raw && codes.some((hex) => Number.parseInt(hex, 16) >= 0x80);
  const upperHex = codes.some((hex) => /[A-F]/.test(hex)) && !codes.some((hex) => /[a-f]/.test(hex));
  return { ...spacingOf(line, node), ascii, upperHex, escaped, indent: indentOf(line, node) };
}

/**
 * `value` as JSON in a text's style: on one line, or each part on its own line.
 *
 * @param depth number of brackets around it in the text
 */
export function serialise(value: unknown, style: JsonStyle, depth: number): string {
  if (typeof value === 'string') return quoted(value, style);
  const part = (item: unknown): string => serialise(item, style, depth + 1);
  if (Array.isArray(value)) return bracketed('[]', value.map(part), style, depth);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => quoted(key, style) + style.colon + part(item));
    return bracketed('{}', entries, style, depth);
  }
  return JSON.stringify(value);
}

/** The parts of a list or an object between its brackets, in a text's style. @param depth as for {@link serialise} */
export function bracketed(brackets: '[]' | '{}', parts: readonly string[], style: JsonStyle, depth: number): string {
  const [open, close] = brackets;
  const { indent } = style;
  if (!indent || parts.length === 0) return open + parts.join(style.comma) + close;
  const line = indent.lineEnd + indent.base + indent.unit.repeat(depth);
  return open + parts.map((part) => line + indent.unit + part).join(',') + line + close;
}

function quoted(text: string, style: JsonStyle): string {
  const plain = JSON.stringify(text);
  if (!style.ascii && style.escaped.size === 0) return plain;
  return plain.replace(/\\.|[^]/g, (part, at: number) => {
    if (part.length > 1 || at === 0 || at === plain.length - 1) return part;
    if (part === '/' && style.escaped.has(part)) return '\\/';
    return (style.ascii && part > '\u007f') || style.escaped.has(part) ? unicodeEscape(part, style) : part;
  });
}

function unicodeEscape(unit: string, style: JsonStyle): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${style.upperHex ? hex.toUpperCase() : hex}`;
}

function indentOf(line: string, node: JsonNode): Indent | null {
  const [first, last] = node.kind === 'object' ? ends(node.entries) : node.kind === 'array' ? ends(node.items) : [];
  if (!first || !last) return null;
  const start = 'keyStart' in first ? first.keyStart : first.start;
  const end = 'keyStart' in last ? last.value.end : last.end;
  const inner = /(\r?\n)([ \t]*)$/.exec(line.slice(node.start + 1, start));
  const base = /\n([ \t]*)$/.exec(line.slice(end, node.end - 1))?.[1] ?? '';
  if (!inner) return null;
  const [, lineEnd, indentation = ''] = inner;
  const unit = indentation.startsWith(base) ? indentation.slice(base.length) : indentation;
  return { lineEnd: lineEnd === '\r\n' ? lineEnd : '\n', base, unit };
}

function ends<T>(list: readonly T[]): readonly [first: T | undefined, last: T | undefined] {
  return [list[0], list.at(-1)];
}

function spacingOf(line: string, node: JsonNode): Pick<JsonStyle, 'comma' | 'colon'> {
  const [first, second] = node.kind === 'object' ? node.entries : [];
  if (!first) return { comma: ', ', colon: ': ' };
  const colon = /\s/.test(line.charAt(first.value.start - 1)) ? ': ' : ':';
  const spaced = second ? /\s/.test(line.charAt(second.keyStart - 1)) : colon === ': ';
  return { comma: spaced ? ', ' : ',', colon };
}
