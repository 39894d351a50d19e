import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { FoundColumns } from './foundColumns';
import type { OwnColumns } from './ownColumns';

/** The tags of ShareGPT's turns and of OpenAI's messages, whose values Margin knows. */
const knownTags: Readonly<Record<string, readonly string[]>> = {
  role_tag: ['from', 'role'],
  content_tag: ['value', 'content'],
  user_tag: ['human', 'user'],
  assistant_tag: ['gpt', 'assistant'],
  system_tag: ['system'],
  observation_tag: ['observation', 'tool'],
};
/** Columns for what Margin does not train on. */
const media = ['images', 'videos', 'audios'];

/**
 * The columns of an entry of LLaMA-Factory's `dataset_info.json` (LLaMA-Factory, `data/README.md` and
 * `data/parser.py`): if it has `columns`, only these columns exist; otherwise columns have their default names.
 *
 * `{"ranking": true, "columns": {"prompt": "q", "chosen": "a", "rejected": "b"}}` gives `{"prompt": "q", "chosen": "a",
 * "rejected": "b"}`.
 *
 * @returns the columns, or why the entry gives none as a sentence about "it"
 */
export function datasetInfoColumns(entry: JsonObject): FoundColumns | string {
  const given = isRecord(entry['columns']) ? entry['columns'] : null;
  const name = (key: string, otherwise: string | null): { readonly [name: string]: string } | null => {
    const path = given ? given[key] : otherwise;
    return typeof path === 'string' && path !== '' ? { [key]: path } : null;
  };
  const isChat = entry['formatting'] === 'sharegpt' || entry['formatting'] === 'openai';
  const odd = isChat ? oddTag(entry['tags']) : null;
  if (odd !== null) return odd;
  const get = (key: string, otherwise: string | null = null): string | undefined => name(key, otherwise)?.[key];
  const prompt = isChat ? get('messages', 'conversations') : get('prompt', 'instruction');
  const common = {
    ...named('system', get('system')),
    ...named('tools', get('tools')),
    ...(isChat ? {} : { ...named('history', get('history')), ...named('query', get('query', 'input')) }),
  };
  const unread = media.filter((key) => get(key) !== undefined);
  const notes = unread.length === 0 ? [] : [`Margin trains on text alone: ${unread.join(', ')} are not read.`];
  const [label, chosen, rejected] = [get('kto_tag'), get('chosen'), get('rejected')];
  if (label !== undefined) {
    const completion = isChat ? prompt : get('response', 'output');
    if (completion === undefined) return 'it has kto_tag, but names no response';
    const before = isChat ? {} : named('prompt', prompt);
    return { columns: { ...before, ...common, completion, label }, notes };
  }
  if (entry['ranking'] !== true || chosen === undefined || rejected === undefined)
    return 'it describes no preferences: it needs "ranking": true with chosen and rejected, or kto_tag';
  return { columns: { ...named('prompt', prompt), ...common, chosen, rejected }, notes };
}

function named(name: keyof OwnColumns, path: string | undefined): OwnColumns {
  return path === undefined ? {} : { [name]: path };
}

function oddTag(tags: unknown): string | null {
  if (!isRecord(tags)) return null;
  const odd = Object.entries(knownTags).find(([tag, known]) => tag in tags && !known.includes(String(tags[tag])));
  if (!odd) return null;
  const [tag, known] = odd;
  return `its ${tag} is "${String(tags[tag]).slice(0, 40)}", and Margin reads ${known.join(' and ')}`;
}
