import { builtInTemplates } from './builtIn';
import { filled, filledCommand, settingValues } from './template';
import type { CommandTemplate, Target } from './types';

/** Values that only a run has. They stay placeholders. */
const ofRun = ['run', 'name', 'job', 'nodes', 'body', 'runs', 'last', 'index', 'folder'];

/**
 * Everything that a target runs, for a person who decides whether to allow it: a line for each command, for each line
 * of a start script that is not Margin's own, and for each setting. The settings are filled in.
 */
export function commandTexts(target: Target): string[] {
  const { template } = target;
  const kept = Object.fromEntries(ofRun.map((name) => [name, `{${name}}`]));
  const values = { ...settingValues(target), ...kept };
  const line = (command: CommandTemplate): string => filledCommand(command, values).map(word).join(' ');
  const { send, submit, status, fetch, control, cancel, array } = template;
  const commands = [
    ...send,
    submit,
    ...(array ? [array.submit, array.status, array.cancel] : []),
    status,
    ...fetch,
    ...control,
    cancel,
  ];
  const own = new Set(builtInTemplates.flatMap((one) => [...linesOf(one), ...linesOf(one.array)]));
  const added = [...linesOf(template), ...linesOf(array)].filter((one) => !own.has(one));
  const scripts = added.map((one) => filled(one, values)).filter((one) => one !== null);
  const settings = Object.entries(target.settings).filter(([, value]) => value !== '');
  return [
    ...new Set(commands.map(line)),
    ...scripts.map((one) => `start script: ${one}`),
    ...settings.map(([name, value]) => `${name === 'setup' ? 'start script' : name}: ${value}`),
  ];
}

function linesOf(part: { readonly files: Target['template']['files'] } | null): string[] {
  return part === null ? [] : Object.values(part.files).flat();
}

/** A word as a person would type it. */
function word(text: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(text) ? text : JSON.stringify(text);
}
