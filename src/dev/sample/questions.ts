import { at } from '../../base/pure/must';
import type { Draw } from './draw';
import { animals, capitals, colours, groups, words } from './world';

/** An answer as a sentence and in few words, both without the full stop. */
export interface Answer {
  readonly full: string;
  readonly short: string;
}

export interface Answers {
  readonly right: Answer;
  readonly wrong: Answer;
  /** For a question that asks for several things, an answer that omits some; null: it asks for one thing. */
  readonly part: Answer | null;
}

/** A question with an answer that is right or wrong. */
export interface Question {
  readonly topic: Topic;
  readonly ask: string;
  readonly answers: (draw: Draw) => Answers;
}

export type Topic = 'colour' | 'sound' | 'legs' | 'home' | 'size' | 'capital' | 'sum' | 'list' | 'count' | 'spell';

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const answer = (full: string, short: string): Answer => ({ full: capitalised(full), short: capitalised(short) });

/** Questions about a fact. The wrong answer replaces the right value by another of its kind. */
function fact(
  topic: Topic,
  asks: readonly string[],
  right: string,
  others: readonly string[],
  say: (value: string) => string,
): Question[] {
  const answers = (draw: Draw): Answers => {
    const wrong = draw.pick(others.filter((other) => other !== right));
    return { right: answer(say(right), right), wrong: answer(say(wrong), wrong), part: null };
  };
  return asks.map((ask) => ({ topic, ask, answers }));
}

function colourQuestions(): Question[] {
  const names = Object.keys(colours);
  return Object.entries(colours).flatMap(([colour, things]) =>
    things.flatMap((thing) => {
      const asks = [`What colour is ${thing}?`, `Which colour does ${thing} have?`, `Tell me the colour of ${thing}.`];
      return fact('colour', asks, colour, names, (value) => `${thing} is ${value}`);
    }),
  );
}

function animalQuestions(): Question[] {
  // An animal without legs or a sound adds nothing.
  const noKinds: string[] = [];
  const kinds = (of: (one: (typeof animals)[number]) => string | null): string[] => [
    ...new Set(animals.flatMap((one) => of(one) ?? noKinds)),
  ];
  const [legs, homes, sounds] = [kinds((one) => one.legs), kinds((one) => one.home), kinds((one) => one.sound)];
  return animals.flatMap(({ name, legs: count, home, sound }) => [
    ...(count === null
      ? []
      : fact(
          'legs',
          [`How many legs does ${name} have?`, `Tell me how many legs ${name} has.`],
          count,
          legs,
          (value) => `${name} has ${value} legs`,
        )),
    ...fact(
      'home',
      [`Where does ${name} live?`, `Tell me where ${name} lives.`],
      home,
      homes,
      (value) => `${name} lives ${value}`,
    ),
    ...(sound === null
      ? []
      : fact(
          'sound',
          [`What does ${name} say?`, `What sound does ${name} make?`],
          sound,
          sounds,
          (value) => `${name} says ${value}`,
        )),
  ]);
}

/** Animals of similar size are omitted: whether a fox is bigger than a cat depends on the fox. */
function sizeQuestions(): Question[] {
  return animals.flatMap(({ name: small }, i) =>
    animals.slice(i + 4).flatMap(({ name: big }, j) => {
      const [first, second] = j % 2 === 0 ? [small, big] : [big, small];
      const asks = [`Which is bigger, ${first} or ${second}?`, `What is bigger, ${second} or ${first}?`];
      const answers = (): Answers => ({
        right: answer(`${big} is bigger than ${small}`, big),
        wrong: answer(`${small} is bigger than ${big}`, small),
        part: null,
      });
      return asks.map((ask): Question => ({ topic: 'size', ask, answers }));
    }),
  );
}

function capitalQuestions(): Question[] {
  return Object.entries(capitals).flatMap(([country, city]) =>
    fact(
      'capital',
      [
        `What is the capital of ${country}?`,
        `Name the capital of ${country}.`,
        `Which city is the capital of ${country}?`,
      ],
      city,
      Object.values(capitals),
      (value) => `the capital of ${country} is ${value}`,
    ),
  );
}

function sumQuestions(): Question[] {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return digits.flatMap((a) =>
    digits.flatMap((b) => {
      const near = [-3, -2, -1, 1, 2, 3].map((off) => String(Math.max(1, a + b + off)));
      return fact(
        'sum',
        [`What is ${a} plus ${b}?`, `How much is ${a} plus ${b}?`, `Please add ${a} and ${b}.`],
        String(a + b),
        near,
        (value) => `${a} plus ${b} is ${value}`,
      );
    }),
  );
}

const numbers = ['one', 'two', 'three', 'four'] as const;
const series = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const listed = (items: readonly string[]): Answer => answer(`here you are: ${series(items)}`, series(items));

function listQuestions(): Question[] {
  return Object.entries(groups).flatMap(([group, items]) =>
    [2, 3, 4].flatMap((count) => {
      const asks = ['Name', 'Give me', 'Tell me'].map((verb) => `${verb} ${numbers[count - 1]} ${group}.`);
      const answers = (draw: Draw): Answers => {
        const right = draw.sample(items, count);
        const foreign = draw
          .pick(Object.entries(groups).filter(([other]) => other !== group))[1]
          .filter((item) => !items.includes(item));
        return {
          right: listed(right),
          wrong: listed(draw.sample(foreign, count)),
          part: listed(right.slice(0, draw.between(1, count - 1))),
        };
      };
      return asks.map((ask): Question => ({ topic: 'list', ask, answers }));
    }),
  );
}

/** Questions about an ordered list. The wrong answer swaps two items, the partial one omits the last. */
function ordered(topic: Topic, asks: readonly string[], items: readonly string[], lead: string): Question[] {
  const say = (some: readonly string[]): Answer => ({ full: `${lead} ${some.join(', ')}`, short: some.join(', ') });
  const answers = (draw: Draw): Answers => {
    const i = draw.between(0, items.length - 2);
    const swapped = items.toSpliced(i, 2, at(items, i + 1), at(items, i));
    return { right: say(items), wrong: say(swapped), part: say(items.slice(0, draw.between(1, items.length - 1))) };
  };
  return asks.map((ask) => ({ topic, ask, answers }));
}

function countQuestions(): Question[] {
  return [1, 2, 3, 4, 5, 6].flatMap((from) =>
    [3, 4, 5].flatMap((length) => {
      const items = Array.from({ length }, (_, i) => String(from + i));
      return ordered(
        'count',
        [`Count from ${from} to ${items.at(-1)}.`, `Please count from ${from} to ${items.at(-1)}.`],
        items,
        'We count',
      );
    }),
  );
}

function spellQuestions(): Question[] {
  return words
    .filter((word) => new Set(word).size === word.length)
    .flatMap((word) =>
      ordered('spell', [`Spell the word ${word}.`, `How do you spell ${word}?`], [...word], 'The letters are'),
    );
}

/** All questions, by topic. */
export function allQuestions(): ReadonlyMap<Topic, readonly Question[]> {
  const all = [
    colourQuestions(),
    animalQuestions(),
    sizeQuestions(),
    capitalQuestions(),
    sumQuestions(),
    listQuestions(),
    countQuestions(),
    spellQuestions(),
  ];
  const questions = all.flat();
  const topics = new Set(questions.map(({ topic }) => topic));
  return new Map([...topics].map((topic) => [topic, questions.filter((one) => one.topic === topic)]));
}
