import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { FoundColumns } from './foundColumns';
import type { OwnColumns } from './ownColumns';

type Strategy = Readonly<Partial<Record<'prompt' | 'system' | 'chosen' | 'rejected', string>>>;

/** The keys that axolotl's named strategies read (axolotl, docs/rlhf.qmd; `prompt_strategies/dpo` and `kto`). */
const strategies: Readonly<Record<string, Strategy>> = {
  default: { system: 'system', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
  argilla: {
    system: 'system',
    prompt: 'instruction',
    chosen: 'chosen_response',
    rejected: 'rejected_response',
  },
  argilla_chat: { chosen: 'chosen', rejected: 'rejected' },
  icr: { system: 'system', prompt: 'input', chosen: 'chosen', rejected: 'rejected' },
  intel: { system: 'system', prompt: 'question', chosen: 'chosen', rejected: 'rejected' },
  prompt_pairs: { system: 'system', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
  ultra: { system: 'system', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
};
const templates = new Set(['chatml', 'llama3', 'zephyr', 'mistral']);
const formats = ['prompt_format', 'chosen_format', 'rejected_format', 'completion_format'];

/**
 * The columns of an entry of `datasets` in an axolotl config: the fields of `user_defined` and `chat_template`, or the
 * keys that a named strategy reads (axolotl, docs/rlhf.qmd).
 *
 * `{"type": {"field_prompt": "q", "field_chosen": "good", "field_rejected": "bad"}}` gives
 * `{"prompt": "q", "chosen": "good", "rejected": "bad"}`.
 *
 * @param isKto whether the config has `rl: kto`
 * @returns the columns, or why the entry gives none as a sentence about "it"
 */
export function axolotlColumns(entry: JsonObject, isKto: boolean): FoundColumns | string {
  const { type } = entry;
  if (isRecord(type)) return userDefined(type, isKto);
  if (typeof type !== 'string') return 'it has no type';
  const [template = '', strategy = 'default'] = type.split('.');
  if (template === 'user_defined') return userDefined(entry, isKto);
  if (template === 'chat_template' && strategy.startsWith('default')) return chatTemplate(entry);
  const known = templates.has(template) || template === 'chat_template' ? strategies[strategy] : undefined;
  if (!known) return `its type "${type.slice(0, 60)}" is not known`;
  const { chosen = 'chosen', rejected = 'rejected', ...prompt } = known;
  if (!isKto) return { columns: { ...prompt, chosen, rejected }, notes: [] };
  return { columns: { ...prompt, completion: 'completion', label: 'label' }, notes: [] };
}

function userDefined(fields: JsonObject, isKto: boolean): FoundColumns {
  const field = (name: string): string => textOr(fields[`field_${name}`], name);
  const used = formats.filter((name) => !isIdentity(fields[name]));
  const hasSystem = String(fields['prompt_format'] ?? '').includes(`{${field('system')}}`);
  // Without formats, axolotl trains on the texts as they are.
  const before: OwnColumns = {
    ...(used.length === 0 ? { style: 'plain' as const } : {}),
    prompt: field('prompt'),
    ...(hasSystem ? { system: field('system') } : {}),
  };
  const sides = isKto
    ? { completion: field('completion'), label: field('label') }
    : { chosen: field('chosen'), rejected: field('rejected') };
  const note = `${used.join(', ')}: not used, because the model's chat template renders the turns.`;
  return { columns: { ...before, ...sides }, notes: used.length === 0 ? [] : [note] };
}

function chatTemplate(entry: JsonObject): FoundColumns | string {
  const mapping = entry['message_property_mappings'];
  if (isRecord(mapping)) {
    const [role, content] = [textOr(mapping['role'], 'role'), textOr(mapping['content'], 'content')];
    const pair = `${role}/${content}`;
    if (pair !== 'role/content' && pair !== 'from/value')
      return `its messages have ${pair}, and Margin reads role/content and from/value`;
  }
  const { roles } = entry;
  const notes = isRecord(roles) ? ['roles: not used, because Margin knows the usual names of who speaks.'] : [];
  return {
    columns: {
      prompt: textOr(entry['field_messages'], 'messages'),
      chosen: textOr(entry['field_chosen'], 'chosen'),
      rejected: textOr(entry['field_rejected'], 'rejected'),
    },
    notes,
  };
}

function isIdentity(format: unknown): boolean {
  return typeof format !== 'string' || /^\{\w+\}$/.test(format.trim());
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
