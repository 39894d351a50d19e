import type { JsonNode } from './scanJson';

/** How a line of JSON is written. New parts of the line are written in the same way. */
export interface JsonStyle {
  readonly comma: ',' | ', ';
  readonly colon: ':' | ': ';
  /** Whether characters beyond ASCII are written as \uXXXX (Python's `ensure_ascii`). */
  readonly ascii: boolean;
  /** Whether the digits of \uXXXX are upper case. */
  readonly upperHex: boolean;
  /** ASCII characters that the line escapes although JSON does not require it: Go's \u003c, PHP's \/. */
  readonly escaped: ReadonlySet<string>;
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;

/**
 * The style of a line, from its spacing after the first colon and comma, and from its escapes.
 *
 * @param node the line, as `scanJson` returned it
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
  return { ...spacingOf(line, node), ascii, upperHex, escaped };
}

/** `value` as JSON in a line's style, on one line. */
export function serialise(value: unknown, style: JsonStyle): string {
  if (typeof value === 'string') return quoted(value, style);
  if (Array.isArray(value)) return `[${value.map((item) => serialise(item, style)).join(style.comma)}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => quoted(key, style) + style.colon + serialise(item, style),
    );
    return `{${entries.join(style.comma)}}`;
  }
  return JSON.stringify(value);
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

function spacingOf(line: string, node: JsonNode): Pick<JsonStyle, 'comma' | 'colon'> {
  const [first, second] = node.kind === 'object' ? node.entries : [];
  if (!first) return { comma: ', ', colon: ': ' };
  const colon = /\s/.test(line.charAt(first.value.start - 1)) ? ': ' : ':';
  const spaced = second ? /\s/.test(line.charAt(second.keyStart - 1)) : colon === ': ';
  return { comma: spaced ? ', ' : ',', colon };
}
