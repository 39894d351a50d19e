import { sameJson } from '../pairs/json';
import { checkValue, describe } from './checkValue';
import { type ConfigField, configFields, FieldProblem, position } from './configFields';
import type { ConfigForm, FormSection, KeyState } from './formTypes';
import { defaultOf, type Key } from './keys/key';
import { keys } from './keys/keys';
import { keySections } from './keys/sections';
import { checkTrainConfig, refuseName } from './trainConfig';

/** The table of keys, in the sections of a form. */
export const formSections: readonly FormSection[] = keySections.map(({ id, title, keys: own }) => ({
  id,
  title,
  keys: own.map((key) => ({
    name: key.name,
    type: key.type,
    nullable: key.nullable === true,
    required: key.default === undefined,
    text: key.text,
    expects: `${describe(key.type)}${key.nullable ? ', or null' : ''}`,
  })),
}));

/**
 * Reads the text of a config for a form, with the checks of {@link checkTrainConfig}.
 *
 * @param file the absolute path of the config
 */
export function readConfigForm(text: string, file: string): ConfigForm {
  const isEmpty = text.trim() === '';
  try {
    const fields = isEmpty ? [] : configFields(text);
    const { problems } = checkTrainConfig(isEmpty ? '{}' : text, file);
    const messages = new Map<string | null, string>();
    for (const { field, message } of problems) if (!messages.has(field)) messages.set(field, message);
    const trainer = fields.find(({ name }) => name === 'trainer')?.value;
    return {
      broken: null,
      keys: Object.fromEntries(keys.map((key) => [key.name, stateOf(key, trainer, fields, messages)])),
      unknown: fields.flatMap(({ name, json }) => {
        const problem = refuseName(name);
        return problem === null ? [] : [{ name, json, problem }];
      }),
    };
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    return { broken: { message: error.message, ...position(text, error.offset) }, keys: {}, unknown: [] };
  }
}

function stateOf(
  key: Key,
  trainer: unknown,
  fields: readonly ConfigField[],
  messages: ReadonlyMap<string | null, string>,
): KeyState {
  const given = fields.find(({ name }) => name === key.name);
  const usual = defaultOf(key, trainer);
  const message = messages.get(key.name) ?? null;
  return {
    json: given?.json ?? null,
    default: usual === undefined ? null : JSON.stringify(usual),
    differs: given !== undefined && !isDefault(key, given.value, usual),
    problem: given || message === null ? message : missingText(key, message),
  };
}

/** The message of a missing key repeats its hover text, which a form shows anyway. */
function missingText(key: Key, message: string): string {
  return key.default === undefined ? `${key.name} is missing` : message;
}

/** A required key has no default that it could differ from. */
function isDefault(key: Key, value: unknown, usual: unknown): boolean {
  if (usual === undefined) return true;
  const checked = checkValue(key, value);
  return 'value' in checked && sameJson(checked.value, usual);
}
