/** A part of an answer: text, or what the model thought before it. */
export interface TextPart {
  readonly kind: 'text' | 'thinking';
  readonly text: string;
}

const block = /<(think|thinking)>([\s\S]*?)(?:<\/\1>|$)/g;

/**
 * Splits an answer into text and the blocks `<think>…</think>` of reasoning models. A block without an end extends to
 * the end of the answer. The parts in order, without the tags, are the whole answer.
 */
export function thinkingParts(answer: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of answer.matchAll(block)) {
    parts.push({ kind: 'text', text: answer.slice(end, match.index) }, { kind: 'thinking', text: match[2] ?? '' });
    end = match.index + match[0].length;
  }
  parts.push({ kind: 'text', text: answer.slice(end) });
  return parts.filter(({ text }) => text.trim() !== '');
}
