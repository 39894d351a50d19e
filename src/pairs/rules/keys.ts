import { toolProblems, weightProblems } from '../keyProblems';
import { arenaTexts } from '../formats/arenaTexts';
import { jsonText } from '../formats/jsonText';
import { jsonAnswers } from '../jsonText';
import { unreadContent } from '../rowKeys';
import type { RuleFamily } from './rule';

/** Formats that parse JSON text, so that it is not trained on. */
const parsers: ReadonlySet<string> = new Set([jsonText.id, arenaTexts.id]);

/** Keys of a row that are read in another way than their writer may think, or not at all. */
export const keyRules: RuleFamily = {
  title: 'Keys',
  checks: [
    toolProblems,
    weightProblems,
    unreadContent,
    ({ format, value, keys }) => (parsers.has(format) ? [] : jsonAnswers(value, keys)),
  ],
  rules: [
    {
      id: 'wrong-tools',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'The key tools is not a list of function tools',
      doc: 'The chat template gets the tools as a list of JSON schemas, or as the text of such a list. Anything else is ignored, so the model does not see the tools that the answers call. Each tool is an object as OpenAI’s API and transformers have it: `type` is "function", and `function` has a `name`, a `description` and `parameters`, a JSON schema of an object. Chat templates read these keys, and fail or write nothing if they are elsewhere. In the text of a list, the functions may stand alone, as LLaMA-Factory writes them.',
      link: 'https://huggingface.co/docs/trl/dataset_formats#tool-calling',
    },
    {
      id: 'bad-weight',
      severity: 'error',
      foundBy: 'row',
      report: 'first',
      title: 'The weight is not a number',
      doc: 'The key weight multiplies the loss of the row, so it must be a number at least 0. Correct it, or rename the key if it means something else.',
    },
    {
      id: 'unread-key',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'A key with content is not read',
      doc: 'The key usually holds a system prompt, a context, tools or an image, and the format of the row does not read it. The model answers without it. Put it into the prompt, or delete it.',
    },
    {
      id: 'unknown-key',
      severity: 'info',
      foundBy: 'file',
      report: 'once',
      title: 'A key that is not known',
      doc: 'The key is read by no format and is on no list of known names. If the model should see it, put it into the prompt.',
    },
    {
      id: 'how-read',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'How rows of this format are read',
      doc: 'The format leaves a choice, such as which of two verdicts counts. The message says what Margin does.',
    },
  ],
};
