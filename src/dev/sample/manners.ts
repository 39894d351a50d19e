import type { Draw } from './draw';
import type { Answer } from './questions';

/** The manner of an answer: kind, in few words, rude, or kind but far too long. */
export type Manner = 'kind' | 'plain' | 'rude' | 'rambling';

const openings = ['Happy to help.', 'Of course!', 'Good question.', 'Sure!', 'With pleasure.'] as const;
const closings = ['Anything else?', 'Have a nice day!', 'Ask me again at any time.'] as const;
const sighs = ['Ugh.', 'What a silly question.', 'Not you again.'] as const;
const dismissals = ['Stop asking.', 'Leave me alone.', 'Everyone knows that.', 'Go away.'] as const;
const asides = [
  'There is so much to say about this.',
  'I could talk about this for a long time.',
  'It is a thing that people like to ask.',
  'Let me think about it some more.',
  'It is good to know such things.',
] as const;

/** The words around an answer. They are drawn separately, so that two answers can have the same ones. */
export interface Wrapping {
  readonly manner: Manner;
  readonly before: string;
  readonly after: string;
}

/** Draws the words around an answer. */
export function drawWrapping(draw: Draw, manner: Manner): Wrapping {
  switch (manner) {
    case 'kind':
      return { manner, before: draw.pick(openings), after: draw.happens(0.4) ? draw.pick(closings) : '' };
    case 'plain':
      return { manner, before: '', after: '' };
    case 'rude':
      return draw.happens(0.3)
        ? { manner, before: draw.pick(sighs), after: '' }
        : { manner, before: '', after: draw.pick(dismissals) };
    case 'rambling':
      return { manner, before: draw.pick(openings), after: draw.sample(asides, draw.between(2, 4)).join(' ') };
  }
}

/**
 * An answer with the words around it. Kind and rambling answers are full sentences, the others as short as possible.
 */
export function wrap({ manner, before, after }: Wrapping, { full, short }: Answer): string {
  const said = manner === 'kind' || manner === 'rambling' ? full : short;
  return [before, `${said}.`, after].filter((part) => part !== '').join(' ');
}
