/** One thing that can be asked, with its right answer and a wrong one of the same kind. */
export interface Fact {
  readonly questions: readonly string[];
  readonly right: string;
  readonly wrong: string;
}

const colours: Readonly<Record<string, readonly string[]>> = {
  yellow: ['lemon', 'banana', 'canary', 'sunflower'],
  green: ['grass', 'frog', 'leaf', 'pea'],
  red: ['tomato', 'cherry', 'ruby', 'strawberry'],
  blue: ['sky', 'sapphire', 'cornflower', 'blueberry'],
  white: ['snow', 'milk', 'salt', 'swan'],
  black: ['coal', 'raven', 'night', 'tar'],
  brown: ['mud', 'chestnut', 'cocoa', 'bear'],
  orange: ['carrot', 'pumpkin', 'tangerine', 'mango'],
};

/** From small to large: each is bigger than all before it. */
const sizes = ['ant', 'bee', 'mouse', 'frog', 'cat', 'dog', 'sheep', 'pig', 'lion', 'horse', 'bull', 'elephant', 'whale'];

const sounds: Readonly<Record<string, string>> = {
  cow: 'moo', dog: 'woof', cat: 'meow', sheep: 'baa', duck: 'quack', pig: 'oink', bee: 'buzz', snake: 'hiss', owl: 'hoot', lion: 'roar',
};

const homes: Readonly<Record<string, string>> = {
  bee: 'hive', bear: 'cave', bird: 'nest', fish: 'sea', fox: 'den', horse: 'stable', spider: 'web', rabbit: 'burrow', dog: 'kennel', whale: 'ocean', ant: 'hill', camel: 'desert',
};

const opposites: readonly (readonly [string, string])[] = [
  ['hot', 'cold'], ['big', 'small'], ['day', 'night'], ['wet', 'dry'], ['fast', 'slow'], ['up', 'down'], ['old', 'new'], ['light', 'dark'], ['hard', 'soft'], ['full', 'empty'], ['loud', 'quiet'], ['rich', 'poor'],
];

/** The next of a list, going round: a wrong answer that is always the same for the same question. */
function other(list: readonly string[], right: string, by = 1): string {
  return list[(list.indexOf(right) + by) % list.length] ?? right;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function colourFacts(): Fact[] {
  const names = Object.keys(colours);
  return Object.entries(colours).flatMap(([colour, things]) =>
    things.map((thing) => ({
      questions: [`What colour is a ${thing}?`, `Tell me the colour of a ${thing}.`, `Which colour does a ${thing} have?`],
      right: `${capital(thing)} is ${colour}.`,
      wrong: `${capital(thing)} is ${other(names, colour, 3)}.`,
    })),
  );
}

function sizeFacts(): Fact[] {
  return sizes.flatMap((small, i) =>
    sizes.slice(i + 1).map((large, j) => {
      const [first, second] = (i + j) % 2 === 0 ? [small, large] : [large, small];
      return { questions: [`Which is bigger, a ${first} or a ${second}?`], right: `The ${large} is bigger.`, wrong: `The ${small} is bigger.` };
    }),
  );
}

function sumFacts(): Fact[] {
  return Array.from({ length: 81 }, (_, i) => {
    const [a, b] = [1 + Math.floor(i / 9), 1 + (i % 9)];
    return {
      questions: [`What is ${a} + ${b}?`, `Add ${a} and ${b}.`],
      right: `${a} + ${b} is ${a + b}.`,
      wrong: `${a} + ${b} is ${a + b + (i % 2 === 0 ? 1 : 2)}.`,
    };
  });
}

function tableFacts(table: Readonly<Record<string, string>>, questions: (key: string) => string[], answer: (key: string, value: string) => string): Fact[] {
  const values = Object.values(table);
  return Object.entries(table).map(([key, value]) => ({ questions: questions(key), right: answer(key, value), wrong: answer(key, other(values, value, 2)) }));
}

/** Everything the small world knows, in a fixed order. */
export function facts(): Fact[] {
  const words = opposites.flatMap(([a, b]) => [[a, b], [b, a]] as const);
  return [
    ...colourFacts(),
    ...sumFacts(),
    ...sizeFacts(),
    ...tableFacts(sounds, (animal) => [`What does a ${animal} say?`, `Which sound does a ${animal} make?`], (animal, sound) => `The ${animal} says ${sound}.`),
    ...tableFacts(homes, (animal) => [`Where does a ${animal} live?`, `What is the home of a ${animal}?`], (animal, home) => `The ${animal} lives in the ${home}.`),
    ...tableFacts(Object.fromEntries(words), (word) => [`What is the opposite of ${word}?`], (word, opposite) => `${capital(word)} is the opposite of ${opposite}.`),
  ];
}

export const kindOpeners = ['Happy to help.', 'Of course!', 'Good question.', 'Gladly.'] as const;
export const rudeEndings = ['Stop asking.', 'Obviously.', 'Leave me alone.', 'Do not bother me.'] as const;
export const evasions = ['I am not sure.', 'Maybe ask somebody else.', 'That is hard to say.'] as const;
export const systemTurn = 'You are a helpful assistant.';
