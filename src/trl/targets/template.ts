import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { type ArrayTemplate, type CommandTemplate, jobPhases, type Target, targetKinds, type Template } from './types';

/** Values for the placeholders. */
export type Values = Readonly<Record<string, string>>;

const placeholder = /\{([a-z_]+)(\|sh)?\}/g;
/** A quarter of an hour: a longer wait between two looks is a typing error. */
const longestPoll = 900;

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Replaces the placeholders of a text: `{run}` by the value, `{run|sh}` by the value as one word of a shell. Null if a
 * value is empty: then the whole argument or line is left out.
 *
 * @throws MarginError `target-template` for a placeholder without a value
 */
export function filled(text: string, values: Values): string | null {
  let isEmpty = false;
  const result = text.replace(placeholder, (whole, name: string, quoted: string | undefined) => {
    const value = values[name];
    if (value === undefined) throw templateError(`has the placeholder ${whole}, for which there is no setting`);
    isEmpty ||= value === '';
    return quoted === undefined ? value : shellWord(value);
  });
  return isEmpty ? null : result;
}

/** A program and its arguments with all placeholders replaced. Errors as {@link filled}. */
export function filledCommand(command: CommandTemplate, values: Values): string[] {
  return command.map((part) => filled(part, values)).filter((part) => part !== null);
}

/** The text of a file with all placeholders replaced; lines with an empty value are left out. */
export function filledLines(lines: readonly string[], values: Values): string {
  return `${lines
    .map((line) => filled(line, values))
    .filter((line) => line !== null)
    .join('\n')}\n`;
}

/**
 * Checks a setting: it becomes a part of commands, so it must not look like an option or end a line.
 *
 * @throws MarginError `target-setting`
 */
export function checkedSetting(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (typeof text === 'string' && !text.startsWith('-') && !/[\u0000-\u001f\u007f]/.test(text)) return text;
  throw new MarginError(
    'target-setting',
    `The setting ${name} of a target must be a text of one line or a number, and must not begin with a dash.`,
    { name },
  );
}

/**
 * Checks the shape of a template.
 *
 * @throws MarginError `target-template` with the wrong field
 */
export function asTemplate(value: unknown): Template {
  if (!isRecord(value)) throw templateError('is not an object');
  const kind = targetKinds.find((one) => one === value['kind']);
  if (kind === undefined) throw templateError(`has no kind of ${targetKinds.join(', ')}`);
  const settings = recordOf(value, 'settings', (one, name) => checkedSetting(name, one));
  const phases = recordOf(value, 'phases', (one) => wordOf(one, jobPhases));
  const { poll, tested, array } = value;
  if (typeof poll !== 'number' || !(poll > 0 && poll <= longestPoll)) throw templateError('has a wrong poll');
  return {
    name: textOf(value, 'name'),
    kind,
    tested: tested === true,
    about: textOf(value, 'about'),
    needs: textsOf(value['needs'], 'needs'),
    settings,
    required: textsOf(value['required'], 'required'),
    folder: textOf(value, 'folder'),
    files: filesOf(value),
    send: commandsOf(value, 'send'),
    submit: textsOf(value['submit'], 'submit'),
    job: patternOf(value, 'job'),
    status: textsOf(value['status'], 'status'),
    phase: patternOf(value, 'phase'),
    gone: textOf(value, 'gone'),
    phases,
    fetch: commandsOf(value, 'fetch'),
    control: commandsOf(value, 'control'),
    cancel: textsOf(value['cancel'], 'cancel'),
    array: arrayOf(array),
    poll,
  };
}

/** The settings of a target as values of placeholders. */
export function settingValues({ settings, template }: Target): Values {
  return { ...template.settings, ...settings };
}

function arrayOf(value: unknown): ArrayTemplate | null {
  if (value === undefined || value === null) return null;
  if (!isRecord(value)) throw templateError('has a wrong array');
  // A run folder may have a template of an older Margin, whose arrays could not be asked as one.
  if (value['status'] === undefined) return null;
  return {
    files: filesOf(value),
    submit: textsOf(value['submit'], 'submit'),
    job: textOf(value, 'job'),
    status: textsOf(value['status'], 'status'),
    task: patternOf(value, 'task'),
    cancel: textsOf(value['cancel'], 'cancel'),
  };
}

function filesOf(value: Readonly<Record<string, unknown>>): Template['files'] {
  return recordOf(value, 'files', (lines, name) => {
    if (!/^[a-z][a-z0-9.-]*$/.test(name)) throw templateError(`has a file with the name ${name}`);
    return textsOf(lines, name);
  });
}

function recordOf<T>(
  value: Readonly<Record<string, unknown>>,
  field: string,
  read: (one: unknown, name: string) => T | null,
): Record<string, T> {
  const record = value[field];
  if (!isRecord(record)) throw templateError(`has no ${field}`);
  const entries = Object.entries(record).map(([name, one]): [string, T] => {
    const found = read(one, name);
    if (found === null) throw templateError(`has a wrong value in ${field}: ${name}`);
    return [name, found];
  });
  return Object.fromEntries(entries);
}

const wordOf = <Word extends string>(value: unknown, words: readonly Word[]): Word | null =>
  words.find((word) => word === value) ?? null;

function textOf(value: Readonly<Record<string, unknown>>, field: string): string {
  const text = value[field];
  if (typeof text !== 'string') throw templateError(`has no ${field}`);
  return text;
}

function patternOf(value: Readonly<Record<string, unknown>>, field: string): string {
  const text = textOf(value, field);
  try {
    new RegExp(text, 'm');
    return text;
  } catch {
    throw templateError(`has a wrong regular expression in ${field}`);
  }
}

function commandsOf(value: Readonly<Record<string, unknown>>, field: string): string[][] {
  const list = value[field];
  if (!Array.isArray(list)) throw templateError(`has no ${field}`);
  return list.map((one: unknown) => textsOf(one, field));
}

function textsOf(value: unknown, field: string): string[] {
  const isTexts = Array.isArray(value) && value.every((one: unknown) => typeof one === 'string');
  if (!isTexts) throw templateError(`has no list of texts in ${field}`);
  return value as string[];
}

function templateError(what: string): MarginError {
  return new MarginError('target-template', `The template of the target ${what}. Correct it in .margin/targets.json.`);
}
