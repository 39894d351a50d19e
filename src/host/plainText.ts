/**
 * Text of files (run names, paths, error messages, rows) for places where VS Code would read markup in it. Each
 * function is for one kind of place; what a person reads stays the same but for a space or an escape.
 */

/** A name or message longer than this says nothing more in a list or a notification. */
const maxLength = 500;

/**
 * Control characters, line separators, and what turns or hides text: bidirectional controls (Unicode UAX #9),
 * zero-width characters, tags and other format characters (Cf), but for the joiners that scripts and emoji need.
 */
const hidden = /(?!\u200c|\u200d|\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** VS Code turns `$(name)` and `$(name~spin)` into an icon. */
const icon = /\$\((?=[A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g;
/** VS Code turns `[text](target)` into a link in messages. */
const link = /\](?=\()/g;

/** One line for a tooltip, a problem or a log: nothing is hidden, nothing turns the text around. */
export function plainLine(text: string): string {
  return shortened(visible(text).replaceAll(/\s*\n\s*/g, ' '));
}

/** Several lines, for the detail of a dialog. */
export function plainLines(text: string): string {
  return visible(text.replaceAll(/\r\n?/g, '\n'));
}

/** A label, description or detail of a tree item, quick pick or the status bar: {@link plainLine}, and no icons. */
export function plainLabel(text: string): string {
  return plainLine(text).replaceAll(icon, '$ (');
}

/** A notification, or a title of progress in one: {@link plainLabel}, and no links. */
export function plainMessage(text: string): string {
  return plainLabel(text).replaceAll(link, '] ');
}

function visible(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(hidden, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

function shortened(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).trimEnd()}…`;
}
