import { objects, rank } from './answersPart';
import { type ListFormat, listFormat } from './listFormat';
import { text } from './parts';
import { askedTurns, isQuestion } from './transcript';

const plain = listFormat({
  id: 'nectar',
  label: 'prompt, answers [answer, rank] (Nectar)',
  tool: 'Nectar',
  link: 'https://huggingface.co/datasets/berkeley-nest/Nectar',
  about: ['turns', 'num_responses', 'good_natured', 'source'],
  prompt: [text('prompt', 'user')],
  answers: objects({ keys: ['answers'], texts: ['answer'], measures: [rank('rank')] }),
});

/**
 * `{"prompt": "\n\nHuman: 2 + 2?\n\nAssistant: ", "answers": [{"answer": "4", "rank": 1, "model": "gpt-4"}, …]}`:
 * Nectar. Its prompts are transcripts like those of HH-RLHF; rank 1 is the best answer.
 */
export const nectar: ListFormat = {
  ...plain,
  read: (value) => {
    const list = plain.read(value);
    const prompt = value['prompt'];
    return isQuestion(prompt) ? { ...list, style: 'transcript', prompt: askedTurns(prompt) } : list;
  },
  // The turns of a transcript are not written back.
  write: (value, list) => {
    const next = plain.write(value, list);
    return isQuestion(value['prompt']) ? { ...next, prompt: value['prompt'] } : next;
  },
};
