import type { CheckedRow } from './checkedRow';
import { holdsMessages, mayHoldMessages } from './jsonText';
import type { Message, PairStyle } from './pair';
import { joined, type Problem, problem } from './problem';

/** Marks that chat templates write around turns, with the model family that uses them. */
const templates: readonly (readonly [family: string, mark: RegExp])[] = [
  ['Llama 3', /<\|(?:start_header_id|end_header_id|eot_id|begin_of_text|eom_id|header_start|eot)\|>/],
  ['ChatML', /<\|im_(?:start|end|sep)\|>/],
  ['Llama 2 or Mistral', /\[\/?INST\]|<<\/?SYS>>|\[\/?(?:AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT)\]/],
  ['Gemma', /<(?:start|end)_of_turn>/],
  ['Nemo', /<extra_id_[01]>/],
  ['DeepSeek', /<｜[^｜<>]{2,40}｜>/],
  ['EXAONE', /\[\|[A-Za-z]+\|\]/],
  ['ChatGLM', /\[gMASK\]|<sop>/],
  ['Baichuan', /<reserved_10[0-9]>/],
  ['special tokens', /<\|(?!image|video|audio|vision|img)[A-Za-z][A-Za-z_0-9 ]{0,40}\|>/],
  ['special tokens', /^\s*<s>(?![^]*<\/s>\s*\S)|^\s*<bos>|<\/s>\s*$|<\/s>\s*<s>/],
  ['special tokens', /<(?:eos|pad|end_of_utterance|seed:[a-z]+)>|<\|[a-z_]+>|<[a-z_]+\|>/],
];
/**
 * Marks that are ordinary words in a plain text, and wrong only inside a message. A text must contain all marks of a
 * family.
 */
const headings: readonly (readonly [family: string, ...marks: readonly RegExp[]])[] = [
  ['Alpaca', /^### (?:Instruction|Response|Human|Assistant|User|System):/m],
  ['Vicuna', /^USER: /m, /\bASSISTANT:/],
  ['Human/Assistant', /(?:^|\n\n)Human: /, /\n\nAssistant:/],
];
const media: readonly RegExp[] = [
  /<\|?(?:image|img|imgpad|img_context|video|audio|speech)(?:[_-]?(?:\d+|pad|token|start|soft_token|url))?\|?>/i,
  /<\|vision_(?:start|end|pad)\|>|<(?:start|end)_of_image>|<im_(?:start|patch|end)>|<image_placeholder>/,
  /\[(?:IMG|IMAGE|AUDIO|VIDEO)(?:_\d+)?\]|data:(?:image|audio|video)\/[a-z0-9.+-]+;base64,/,
];
/** Elements of a web page, which an answer may legitimately contain. */
const element = /<\/(?:image|img|video|audio|speech)>/i;

/** A quick first test: each mark above begins with one of these or contains it, and most texts contain none. */
const brackets =
  /<(?:[|｜<]|\/?s>|(?:start|end)_of_|extra_|reserved_|[be]os>|sop>|pad>|seed:|im[ag_]|video|audio|speech|[a-z_]+\|>)|\[(?:\||\/?(?:inst|available_|tool_|system_)|gmask|img|image|audio|video)/i;
const headingWords = ['###', 'USER: ', 'Human: '] as const;

/** Problems of message contents: text of chat templates, placeholders of images and sounds, messages as JSON. */
export function contentProblems(row: CheckedRow): readonly Problem[] {
  const { style, prompt, answers } = row;
  const found = answers.map(({ field, turns }) => partProblems(style, field, turns));
  return joined(almostTranscript(row), partProblems(style, 'prompt', prompt), ...found);
}

function partProblems(style: PairStyle, field: string, all: readonly Message[]): readonly Problem[] {
  const turns = all.filter(({ content }) => mayHoldMarks(content, style));
  if (turns.length === 0) return [];
  return joined(templateText(style === 'plain', field, turns), mediaText(field, turns), jsonTurns(style, field, turns));
}

/** Whether a text may hold a mark that begins with an angle or square bracket. */
export function mayHoldBracketMarks(text: string): boolean {
  return brackets.test(text);
}

/** Finding a character is much quicker than a pattern. */
function mayHoldMarks(text: string, style: PairStyle): boolean {
  if ((text.includes('<') || text.includes('[')) && mayHoldBracketMarks(text)) return true;
  if (text.includes('base64,')) return true;
  return style !== 'plain' && (mayHoldMessages(text) || headingWords.some((word) => text.includes(word)));
}

/** A message whose text is a list of messages as JSON. For plain texts, another check reports an error. */
function jsonTurns(style: PairStyle, field: string, turns: readonly Message[]): Problem[] {
  if (style === 'plain' || !turns.some(({ content }) => holdsMessages(content))) return [];
  return [
    problem(
      'warning',
      'json-answer',
      field,
      `${field} has a message whose text is a list of messages as JSON: write only the text.`,
    ),
  ];
}

const asks = /^\s*(?:human|user|h|q|question)\s*:/i;
const replies = /\n(?:assistant|ai|bot|gpt|a|answer)\s*:/i;

/**
 * A dialogue in one text that is not an HH-RLHF transcript. There each turn begins with two line feeds and "Human:" or
 * "Assistant:".
 */
function almostTranscript({ format, value }: CheckedRow): Problem[] {
  const text = format === 'implicit-plain' ? String(value['chosen']) : '';
  if (!asks.test(text) || !replies.test(text)) return [];
  const message =
    'The texts look like dialogues but are read as plain text. In a dialogue, turns begin with "\\n\\nHuman:", "\\n\\nAssistant:".';
  return [problem('info', 'almost-transcript', 'chosen', message)];
}

function templateText(plain: boolean, field: string, turns: readonly Message[]): Problem[] {
  const looked = plain ? templates : [...templates, ...headings];
  const found = looked.find(([, ...marks]) => turns.some(({ content }) => marks.every((mark) => mark.test(content))));
  if (!found) return [];
  const what = `${field} holds text of a chat template (${found[0]})`;
  if (!plain)
    return [
      problem(
        'warning',
        'template-text',
        field,
        `${what}; the model's own template is added around it: write only the content.`,
      ),
    ];
  const message = `${what}. It is trained on unchanged, which is right only for a model with this template; otherwise write messages.`;
  return [problem('info', 'template-text', field, message)];
}

function mediaText(field: string, turns: readonly Message[]): Problem[] {
  if (!turns.some(({ content }) => media.some((mark) => mark.test(content)) && !element.test(content))) return [];
  const message = `${field} refers to an image, sound or video. Margin reads only text, so the model does not see it.`;
  return [problem('warning', 'media-placeholder', field, message)];
}
