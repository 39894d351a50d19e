import { type Child, h } from '../shared/dom';

/** A help text, with `code` between backticks. */
export function helpText(text: string): readonly Child[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? h('code', {}, part) : part));
}
