import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { shareGptTurns } from './dialogue';
import type { Part } from './parts';

const own = shareGptTurns;
const last = (turns: readonly Message[]): readonly Message[] => turns.slice(-1);
const earlier = (turns: readonly Message[]): readonly Message[] => turns.slice(0, -1);
const fits = (value: JsonObject): boolean => {
  const turns = own.fits(value) ? own.read(value) : [];
  return turns.length > 1 && turns.at(-1)?.role === 'assistant';
};

/** The turns before the answer that ends the conversation. */
export const askedTurns: Part = {
  ...own,
  fits,
  read: (value) => earlier(own.read(value)),
  write: (value, turns) => own.write(value, [...turns, ...last(own.read(value))]),
  blank: () => ({
    conversations: [
      { from: 'human', value: '' },
      { from: 'gpt', value: '' },
    ],
  }),
};

/** The answer that ends the conversation. */
export const answeredTurn: Part = {
  ...askedTurns,
  read: (value) => last(own.read(value)),
  write: (value, turns) => own.write(value, [...earlier(own.read(value)), ...turns]),
};
