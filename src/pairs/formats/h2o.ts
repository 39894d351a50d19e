import { howRead, type Format } from './format';
import { columns } from './columns';
import type { JsonObject } from '../json';
import type { Problem } from '../problem';
import { alpacaQuestion } from './alpaca';
import { earlierTurns, oneOf, type Part, systemText, text } from './parts';

const answer = (key: string): Part => text(key, 'assistant');

/**
 * `{"prompt": "2 + 2?", "answer": "4", "rejected_answer": "5"}`: a DPO table of H2O LLM Studio. The names are its
 * defaults (`text_dpo_modeling_config.py`); people can choose others in its form.
 */
export const h2o: Format = columns({
  id: 'h2o-llm-studio',
  label: 'prompt or instruction, answer or output, rejected_answer (H2O LLM Studio)',
  tool: 'H2O LLM Studio',
  link: 'https://docs.h2o.ai/h2o-llmstudio/guide/datasets/import-dataset',
  prompt: [
    systemText,
    earlierTurns,
    oneOf(alpacaQuestion, text('prompt', 'user'), text('question', 'user'), text('input', 'user')),
  ],
  chosen: oneOf(answer('answer'), answer('output'), answer('response'), answer('chosen_response')),
  rejected: oneOf(answer('rejected_answer'), answer('rejected_response')),
  notes: (value) => [...chainNote(value), ...rejectedPromptNote(value)],
});

function chainNote({ parent_id: parent }: JsonObject): Problem[] {
  if ((parent ?? null) === null || parent === '') return [];
  const message =
    'parent_id makes another row the start of this conversation. Margin reads each row alone: write the earlier turns into the prompt.';
  return [howRead('parent_id', message, 'warning')];
}

const rejectedPrompts = ['rejected_prompt', 'rejected_instruction', 'rejected_question', 'rejected_input'];

function rejectedPromptNote(value: JsonObject): Problem[] {
  const key = rejectedPrompts.find((name) => typeof value[name] === 'string' && value[name] !== '');
  if (key === undefined || value[key] === value[key.slice('rejected_'.length)]) return [];
  return [howRead(key, `"${key}" is not read: a pair has one prompt for both answers.`, 'warning')];
}
