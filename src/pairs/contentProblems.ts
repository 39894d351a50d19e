import type { CheckedRow } from './checkedRow';
import type { Message } from './pair';
import { type Problem, problem } from './problem';

/** Marks that chat templates write around turns, by the family that has them. */
const templates: readonly (readonly [family: string, mark: RegExp])[] = [
  ['Llama 3', /<\|(?:start_header_id|end_header_id|eot_id|begin_of_text|eom_id|header_start|eot)\|>/],
  ['ChatML', /<\|im_(?:start|end|sep)\|>/],
  ['Llama 2 or Mistral', /\[\/?INST\]|<<\/?SYS>>|\[\/?(?:AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT)\]/],
  ['Gemma', /<(?:start|end)_of_turn>/],
  ['Nemo', /<extra_id_[01]>/],
  ['DeepSeek', /<｜[^｜<>]{2,40}｜>/],
  ['special tokens', /<\|(?!image|video|audio|vision|img)[A-Za-z][A-Za-z_0-9 ]{0,40}\|>/],
  ['special tokens', /^\s*<(?:s|bos)>|<\/s>\s*$|<\/s>\s*<s>|<(?:eos|pad|end_of_utterance)>|<\/?\[?(?:SYS|EOS|BOS)\]?>/],
];
/** Marks that are ordinary words in a text of its own, and wrong only inside a message. */
const headings: readonly (readonly [family: string, mark: RegExp])[] = [
  ['Alpaca', /^### (?:Instruction|Response|Human|Assistant):/m],
  ['Vicuna', /^USER: [^]*\bASSISTANT:/m],
  ['Human/Assistant', /(?:^|\n\n)Human: [^]*\n\nAssistant:/],
];
const media =
  /<\|?(?:image|img|video|audio|speech)(?:[_-]?(?:\d+|pad|token|placeholder|start|soft_token|url))?\|?>(?![^]*<\/(?:image|img|video|audio|speech)>)|<\|vision_(?:start|end|pad)\|>|<(?:start|end)_of_image>|<im_(?:start|patch|end)>|<image_placeholder>|\[(?:IMG|IMAGE|AUDIO|VIDEO)(?:_\d+)?\]|data:(?:image|audio|video)\/[a-z0-9.+-]+;base64,/;

/** Text of chat templates inside contents, and placeholders of images and sounds. */
export function contentProblems(row: CheckedRow): Problem[] {
  const { style, prompt, answers } = row;
  const parts = [{ field: 'prompt', turns: prompt }, ...answers];
  return [...almostTranscript(row), ...parts.flatMap(({ field, turns }) => [...templateText(style === 'plain', field, turns), ...mediaText(field, turns)])];
}

const speakers = /^\s*(?:human|user|h|q|question)\s*:[^]*\n\s*(?:assistant|ai|bot|gpt|a|answer)\s*:/i;

/** A dialogue in one text that is none of HH-RLHF's, whose turns stand behind two line feeds and these very names. */
function almostTranscript({ format, value }: CheckedRow): Problem[] {
  if (format !== 'implicit-plain' || !speakers.test(String(value['chosen']))) return [];
  const message = 'The texts look like dialogues and are read as plain text: turns are told apart only after "\\n\\nHuman:" and "\\n\\nAssistant:".';
  return [problem('info', 'almost-transcript', 'chosen', message)];
}

function templateText(plain: boolean, field: string, turns: readonly Message[]): Problem[] {
  const looked = plain ? templates : [...templates, ...headings];
  const found = looked.find(([, mark]) => turns.some(({ content }) => mark.test(content)));
  if (!found) return [];
  const what = `${field} holds text of a chat template (${found[0]})`;
  if (!plain) return [problem('warning', 'template-text', field, `${what}; the model's own is put around it: write the content alone.`)];
  const message = `${what}. It is trained on as it stands, and right only for a model with this template: else write messages.`;
  return [problem('info', 'template-text', field, message)];
}

function mediaText(field: string, turns: readonly Message[]): Problem[] {
  if (!turns.some(({ content }) => media.test(content))) return [];
  const message = `${field} holds a place for an image, sound or video: Margin trains on text alone, so the model answers without it.`;
  return [problem('warning', 'media-placeholder', field, message)];
}
