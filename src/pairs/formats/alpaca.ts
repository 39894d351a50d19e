import type { JsonObject } from '../json';
import { columns } from './columns';
import { withQuestion } from './withQuestion';
import { earlierTurns, type Part, systemText, text } from './parts';

const docs = 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md';

/**
 * Alpaca's question: `instruction`, then a line break and `input` if that is not empty. If an edited question still
 * ends with the input, the text before it becomes the instruction; otherwise the whole question does.
 */
export const alpacaQuestion: Part = {
  shape: 'other',
  keys: ['instruction', 'input'],
  fits: (value) => typeof value['instruction'] === 'string' && typeof (value['input'] ?? '') === 'string',
  read: (value) => [{ role: 'user', content: String(value['instruction']) + inputOf(value) }],
  write: (value, turns) => {
    const content = turns.map((turn) => turn.content).join('');
    const end = inputOf(value);
    if (end !== '' && content.endsWith(end)) return { ...value, instruction: content.slice(0, -end.length) };
    return { ...value, instruction: content, ...(end === '' ? {} : { input: '' }) };
  },
  blank: () => ({ instruction: '' }),
};

function inputOf({ input }: JsonObject): string {
  return typeof input === 'string' && input !== '' ? `\n${input}` : '';
}

export const alpacaPrompt = [systemText, earlierTurns, alpacaQuestion] as const;

/** `{"instruction": "Add.", "input": "2 + 2", "chosen": "4", "rejected": "5"}`: LLaMA-Factory's alpaca ranking. */
export const alpacaRanking = withQuestion(
  columns({
    id: 'llama-factory-alpaca',
    label: 'instruction, input, chosen, rejected (LLaMA-Factory alpaca ranking)',
    tool: 'LLaMA-Factory',
    toolsAsText: true,
    link: docs,
    prompt: alpacaPrompt,
    chosen: text('chosen', 'assistant'),
    rejected: text('rejected', 'assistant'),
  }),
  ['instruction'],
);

/**
 * `{"instruction": "Add.", "input": "2 + 2", "output": ["4", "5"]}`: LLaMA-Factory's older ranking, the better answer
 * first.
 */
export const alpacaOutputs = columns({
  id: 'llama-factory-output-list',
  label: 'instruction, input, output [chosen, rejected] (LLaMA-Factory)',
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: docs,
  prompt: alpacaPrompt,
  chosen: outputAt(0),
  rejected: outputAt(1),
});

function outputAt(index: 0 | 1): Part {
  return {
    shape: 'other',
    keys: ['output'],
    fits: ({ output }) => isTwoTexts(output),
    read: ({ output }) => (isTwoTexts(output) ? [{ role: 'assistant', content: output[index] }] : []),
    write: (value, turns) => {
      const content = turns.map((turn) => turn.content).join('');
      return isTwoTexts(value['output']) ? { ...value, output: value['output'].with(index, content) } : value;
    },
    blank: () => ({ output: ['', ''] }),
  };
}

function isTwoTexts(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'string');
}
