import { message, messages, oneOf, type Part, systemText, text } from './parts';
import { shareGptList, shareGptTurn } from './shareGpt';

/** The keys under which tools keep the turns before the answers. */
const names = ['messages', 'conversations', 'conversation', 'dialogue', 'trajectory', 'context'] as const;

/** The turns before the answers as messages with `role` and `content`. */
export const messageTurns = oneOf(messages(names[0], 'user'), ...names.slice(1).map((name) => messages(name, 'user')));

/** The turns before the answers as ShareGPT writes them. */
export const shareGptTurns = oneOf(
  shareGptList('conversations'),
  ...names.filter((name) => name !== 'conversations').map(shareGptList),
);

/**
 * An answer as a text, a message or a list of messages, without a question in it.
 *
 * @param blank the shape of an answer in an empty row
 */
export function answer(key: string, blank: Part): Part {
  const part = oneOf(
    blank,
    text(key, 'assistant'),
    message(key, 'assistant'),
    messages(key, 'assistant'),
    shareGptTurn(key),
    shareGptList(key),
  );
  const isAnswer = ({ role }: { readonly role: string }): boolean => role !== 'user' && role !== 'system';
  return { ...part, fits: (value) => part.fits(value) && part.read(value).every(isAnswer) };
}

/** The system prompt in a key of its own, for rows whose turns do not begin with one. */
export function systemBefore(turns: Part): Part {
  const begins = (value: Parameters<Part['read']>[0]): boolean => turns.read(value)[0]?.role === 'system';
  return {
    ...systemText,
    keysIn: (value) => (begins(value) ? [] : systemText.keys),
    read: (value) => (begins(value) ? [] : systemText.read(value)),
    write: (value, own) => (begins(value) && own.length === 0 ? value : systemText.write(value, own)),
  };
}
