import { contentProblems } from '../contentProblems';
import { mediaParts } from '../mediaParts';
import type { RuleFamily } from './rule';

export const contentRules: RuleFamily = {
  title: 'Contents',
  checks: [mediaParts, contentProblems],
  rules: [
    {
      id: 'template-text',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'Text of a chat template in a message',
      doc: 'The content holds marks that a chat template writes around turns, such as <|im_start|>, [INST] or ### Response:. The template of the model is added around it, so the model sees two. Write only the content. In a plain text the marks are trained on unchanged, which is right for a model with this template: then it is a hint.',
      link: 'https://huggingface.co/docs/transformers/chat_templating',
    },
    {
      id: 'media-placeholder',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'A placeholder of an image, sound or video',
      doc: 'The text refers to an image, a sound or a video. Margin trains on text, so the model learns to answer about something that it does not see.',
    },
    {
      id: 'media-part',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'A message holds an image, sound or file',
      doc: 'A content is a list of parts, and some are not text. Margin reads only the texts, so the model learns to answer without the rest.',
    },
    {
      id: 'json-answer',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'An answer is JSON as text',
      doc: 'The text is a list or object as JSON, and the answer seems to be a text inside it. The model would learn to answer in JSON. Write the text alone. Other JSON may be what was asked for: then it is a hint.',
    },
    {
      id: 'almost-transcript',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'A dialogue that is read as plain text',
      doc: 'The texts look like dialogues with Human and Assistant, but not in the form of HH-RLHF, so they are read as one text. If they are dialogues, begin each turn with two line feeds and "Human:" or "Assistant:".',
    },
  ],
};
