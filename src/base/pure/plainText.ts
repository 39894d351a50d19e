import { must } from './must';

/*
 * Text from files (run names, paths, error messages, rows) for places where VS Code would read it as markup. Each
 * function serves one kind of place. The text that a person reads changes only by a space or an escape.
 */

/** Characters of a name or message that a list or a notification shows. */
const maxLength = 500;

/**
 * Control characters (Cc), line separators, and all format characters (Cf), which reverse or hide text: bidirectional
 * controls (Unicode UAX #9), zero-width characters, tags. Scripts and emoji need the two joiners, so these stay.
 */
const hidden = /(?!\u200c|\u200d|\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** VS Code turns `$(name)` and `$(name~spin)` into an icon. */
const icon = /\$\((?=[A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g;
/** VS Code turns `[text](target)` into a link in messages. */
const link = /\](?=\()/g;

/** One line for a tooltip, a problem or a log. Hidden characters and those that reverse text become escapes. */
export function plainLine(text: string): string {
  return shortened(visible(text).replaceAll(/\s*\n\s*/g, ' '));
}

/** Several lines, for the detail of a dialog or the log. */
export function plainLines(text: string): string {
  return visible(text.replaceAll(/\r\n?/g, '\n'));
}

/** {@link plainLine} without icons, for the texts of a tree item, a quick pick or the status bar. */
export function plainLabel(text: string): string {
  return plainLine(text).replaceAll(icon, '$ (');
}

/** {@link plainLabel} without links, for a notification or the title of its progress. */
export function plainMessage(text: string): string {
  return plainLabel(text).replaceAll(link, '] ');
}

function visible(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(hidden, escaped);
}

function escaped(char: string): string {
  return `\\u{${must(char.codePointAt(0), 'the code point of a character').toString(16)}}`;
}

function shortened(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).trimEnd()}…`;
}

/** An item of a list with plain texts: items hold names of runs and files. */
export function plainItem<Item extends ListItem>(item: Item): Item {
  const { label, description, detail } = item;
  return {
    ...item,
    label: plainLabel(label),
    ...(description === undefined ? {} : { description: plainLabel(description) }),
    ...(detail === undefined ? {} : { detail: plainLabel(detail) }),
  };
}

/** The texts of VS Code's `QuickPickItem`. */
interface ListItem {
  readonly label: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
}
