import type { JsonObject } from '../json';
import type { Message, Pair } from '../pair';
import { otherSideKey } from '../sideColumns';
import { inOrderOf, type Format } from './format';
import { keysRead, type Part } from './parts';
import { toolsOf } from './toolsOf';

/** A format whose prompt and answers each have keys of their own. */
export interface Columns extends Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'about' | 'notes' | 'toolsAsText'> {
  /** The parts of the prompt, in the order of its turns. */
  readonly prompt: readonly [Part, ...Part[]];
  readonly chosen: Part;
  readonly rejected: Part;
}

/** The format of such rows. All of them are chats: the tools that made them render them with a chat template. */
export function columns({ prompt, chosen, rejected, ...facts }: Columns): Format {
  const parts = [...prompt, chosen, rejected];
  const read = (value: JsonObject): Pair => ({
    style: 'chat',
    prompt: prompt.flatMap((part) => part.read(value)),
    chosen: chosen.read(value),
    rejected: rejected.read(value),
    ...toolsOf(value),
  });
  const write = (value: JsonObject, pair: Pair): JsonObject =>
    rejected.write(chosen.write(writePrompt(prompt, value, pair.prompt), pair.chosen), pair.rejected);
  return {
    ...facts,
    keys: [...new Set([...parts.flatMap(({ keys }) => keys), 'tools'])],
    keysIn: (value) => {
      // Loops: each row is asked, and a set of `flatMap` takes several times as long.
      const keys: string[] = [];
      for (const part of parts) for (const key of keysRead(part, value)) if (!keys.includes(key)) keys.push(key);
      if (!keys.includes('tools')) keys.push('tools');
      return keys;
    },
    detect: (value) => parts.every((part) => part.fits(value)),
    read,
    write,
    blank: (neighbour) => inOrderOf(neighbour, Object.assign({}, ...parts.map((part) => part.blank()))),
    ...swapOf(chosen, rejected, read, write),
  };
}

/** Gives each part as many turns as it has now; turns that were added go to the last one. */
export function writePrompt(parts: readonly Part[], value: JsonObject, turns: readonly Message[]): JsonObject {
  let rest = turns;
  return parts.reduce((row, part, i) => {
    const count = i === parts.length - 1 ? rest.length : part.read(value).length;
    const own = rest.slice(0, count);
    rest = rest.slice(count);
    return part.write(row, own);
  }, value);
}

/**
 * How the answers are exchanged if their keys do not name a side. Keys such as `chosen_response` need no such function.
 */
function swapOf(
  chosen: Part,
  rejected: Part,
  read: Format['read'],
  write: Format['write'],
): Pick<Format, 'swap'> | Record<string, never> {
  const [one, other] = [chosen.keys[0], rejected.keys[0]];
  if (one !== undefined && otherSideKey(one) === other) return {};
  if (one !== undefined && other !== undefined && chosen.shape === rejected.shape && chosen.shape !== 'other')
    return { swap: (value) => ({ ...value, [one]: value[other], [other]: value[one] }) };
  return {
    swap: (value) => {
      const pair = read(value);
      return write(value, { ...pair, chosen: pair.rejected, rejected: pair.chosen });
    },
  };
}
