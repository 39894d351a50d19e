import type { JsonObject } from '../json';
import { alpacaPrompt } from './alpaca';
import { answered, asked } from './answeredMessages';
import { writePrompt } from './columns';
import { inOrderOf } from './format';
import type { JudgedFormat } from './judged';
import { keysRead, type Part, text } from './parts';
import { toolsOf } from './toolsOf';

interface Labelled extends Pick<JudgedFormat, 'id' | 'label' | 'tool' | 'link' | 'toolsAsText'> {
  readonly prompt: readonly [Part, ...Part[]];
  readonly completion: Part;
  /** The keys that may hold the label; the first that holds one is read. */
  readonly labels: readonly [string, ...string[]];
}

/** A format of single answers, whose label is true or false. */
export function labelled({ prompt, completion, labels, ...facts }: Labelled): JudgedFormat {
  const parts = [...prompt, completion];
  const labelOf = (value: JsonObject): string => labels.find((key) => typeof value[key] === 'boolean') ?? labels[0];
  return {
    ...facts,
    keys: [...new Set([...parts.flatMap(({ keys }) => keys), ...labels, 'tools'])],
    keysIn: (value) => [...new Set([...parts.flatMap((one) => keysRead(one, value)), ...labels, 'tools'])],
    detect: (value) => typeof value[labelOf(value)] === 'boolean' && parts.every((part) => part.fits(value)),
    read: (value) => ({
      style: 'chat',
      prompt: prompt.flatMap((part) => part.read(value)),
      completion: completion.read(value),
      label: value[labelOf(value)] === true,
      ...toolsOf(value),
    }),
    write: (value, answer) => ({
      ...completion.write(writePrompt(prompt, value, answer.prompt), answer.completion),
      [labelOf(value)]: answer.label,
    }),
    blank: (neighbour) =>
      inOrderOf(neighbour, Object.assign({ [labelOf(neighbour)]: true }, ...parts.map((part) => part.blank()))),
  };
}

const llamaFactory = {
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md',
} as const;

/**
 * `{"messages": [user, assistant], "label": true}`, or with `kto_tag`: LLaMA-Factory's KTO as OpenAI messages, and
 * ms-swift's.
 */
export const labelledMessages = labelled({
  id: 'llama-factory-kto',
  label: 'messages, label or kto_tag (LLaMA-Factory, ms-swift)',
  ...llamaFactory,
  prompt: [asked],
  completion: answered,
  labels: ['label', 'kto_tag'],
});

/** `{"instruction": "Add.", "input": "2 + 2", "output": "4", "kto_tag": true}`: LLaMA-Factory's KTO as alpaca rows. */
export const labelledAlpaca = labelled({
  id: 'llama-factory-alpaca-kto',
  label: 'instruction, input, output, kto_tag (LLaMA-Factory alpaca)',
  ...llamaFactory,
  prompt: alpacaPrompt,
  completion: text('output', 'assistant'),
  labels: ['kto_tag', 'label'],
});

/** `{"prompt": "2 + 2?", "response": "4", "is_safe": true}`: BeaverTails, whose label is safety. */
export const beaverTails = labelled({
  id: 'beaver-tails',
  label: 'prompt, response, is_safe (BeaverTails)',
  tool: 'BeaverTails',
  link: 'https://huggingface.co/datasets/PKU-Alignment/BeaverTails',
  prompt: [text('prompt', 'user')],
  completion: text('response', 'assistant'),
  labels: ['is_safe'],
});
