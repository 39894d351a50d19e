import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { parseObject } from './fields';
import { readText } from './readText';
import type { TextTokenizer } from './tokenizer';

/** Both files have a few KB. */
const maxConfigBytes = 1 << 20;

/** The answer in the chat that is rendered to see what the template writes after an answer. */
const marker = 'margin';

/**
 * The tokens that end an answer:
 *
 * - `eos_token_id` (one id or a list) of generation_config.json and config.json, at which `transformers` stops;
 * - the tokenizer's own EOS;
 * - the special token with which the chat template ends a turn, because the configs of many chat models name only the
 *   end of text of the base model.
 *
 * @throws MarginError `bad-config`
 */
export async function readStopIds(folder: string, tokenizer: TextTokenizer): Promise<ReadonlySet<number>> {
  const named = await Promise.all(['generation_config.json', 'config.json'].map((name) => eosIds(join(folder, name))));
  const own = tokenizer.eosId === null ? [] : [tokenizer.eosId];
  return new Set([...named.flat(), ...own, ...endOfTurn(tokenizer)]);
}

async function eosIds(file: string): Promise<number[]> {
  const text = await readText(file, maxConfigBytes);
  const value = text === null ? null : (parseObject(text, file).eos_token_id ?? null);
  if (value === null) return [];
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  return ids.map((id) => {
    if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
    throw new MarginError(
      'bad-config',
      `${file}: "eos_token_id" must be a token id or a list of them, found ${JSON.stringify(value)}`,
      { file },
    );
  });
}

/** The token that the chat template writes after an answer, if it is special: a special token decodes to no text. */
function endOfTurn(tokenizer: TextTokenizer): number[] {
  if (!tokenizer.chat) return [];
  const turns = [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: marker },
  ];
  const text = tokenizer.chat.render(turns, false);
  const at = text.lastIndexOf(marker);
  const [first] = at < 0 ? [] : tokenizer.encode(text.slice(at + marker.length).trimStart(), false);
  return first !== undefined && tokenizer.decode([first]) === '' ? [first] : [];
}
