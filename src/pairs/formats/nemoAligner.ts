import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { columns } from './columns';
import { type Part, text } from './parts';

/** Marks of NeMo's template: `<extra_id_0>System`, then `<extra_id_1>User` and `<extra_id_1>Assistant` in turn. */
const mark = /<extra_id_[01]>(System|User|Assistant)\n/g;
const end = '\n<extra_id_1>';

/** All turns of the prompt, with the mark of the answer at its end. */
const prompt: Part = {
  shape: 'other',
  keys: ['prompt'],
  fits: ({ prompt: value }) =>
    typeof value === 'string' && value.startsWith('<extra_id_0>System\n') && value.endsWith('Assistant\n'),
  read: (value) => turnsOf(value).filter(({ role, content }) => role !== 'system' || content !== ''),
  write: (value, turns) => {
    const system = turns[0]?.role === 'system' ? turns[0].content : '';
    const rest = turns.filter(({ role }) => role !== 'system');
    const said = rest.map(({ role, content }) => `<extra_id_1>${role === 'user' ? 'User' : 'Assistant'}\n${content}\n`);
    return { ...value, prompt: `<extra_id_0>System\n${system}\n${said.join('')}<extra_id_1>Assistant\n` };
  },
  blank: () => ({ prompt: '<extra_id_0>System\n\n<extra_id_1>User\n\n<extra_id_1>Assistant\n' }),
};

function turnsOf({ prompt: value }: JsonObject): Message[] {
  const source = String(value);
  const marks = [...source.matchAll(mark)];
  // The last mark opens the answer.
  return marks.slice(0, -1).map((found, i) => ({
    role: String(found[1]).toLowerCase(),
    content: source.slice(found.index + found[0].length, marks[i + 1]?.index).replace(/\n$/, ''),
  }));
}

/** An answer that ends with the mark of the next turn. */
function answer(key: string): Part {
  const part = text(key, 'assistant');
  return {
    ...part,
    read: (value) => part.read(value).map((turn) => ({ ...turn, content: cut(turn.content) })),
    write: (value, turns) => {
      const written = part.write(value, turns);
      return String(value[key]).endsWith(end) ? { ...written, [key]: String(written[key]) + end } : written;
    },
  };
}

function cut(content: string): string {
  return content.endsWith(end) ? content.slice(0, -end.length) : content;
}

/**
 * `{"prompt": "<extra_id_0>System\\n\\n<extra_id_1>User\\n2 + 2?\\n<extra_id_1>Assistant\\n", "chosen_response":
 * "4\\n<extra_id_1>", …}`: NeMo-Aligner, whose texts hold its template already. Margin reads the turns.
 */
export const nemoAligner = columns({
  id: 'nemo-aligner',
  label: 'prompt, chosen_response, rejected_response (NeMo-Aligner template)',
  tool: 'NeMo-Aligner',
  link: 'https://docs.nvidia.com/nemo-framework/user-guide/24.07/modelalignment/dpo.html',
  prompt: [prompt],
  chosen: answer('chosen_response'),
  rejected: answer('rejected_response'),
});
