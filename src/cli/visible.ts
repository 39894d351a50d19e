/**
 * Characters that control a terminal or reorder its text: C0 without newline and tab, DEL, C1 (in which 0x9B alone
 * starts an escape sequence), and Unicode's bidirectional controls (Trojan Source, CVE-2021-42574).
 */
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text that is safe to print to a terminal: control characters are written as `\u001b`; newlines and tabs stay. */
export const visible = (text: string): string => text.replace(acting, escaped);

/** As {@link visible}, but on one line, so that text from a file cannot look like another line of output. */
export const visibleLine = (text: string): string =>
  visible(text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t'));
