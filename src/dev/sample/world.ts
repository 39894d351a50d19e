/** The facts of the sample's small world. */

export const colours: Readonly<Record<string, readonly string[]>> = {
  yellow: ['a lemon', 'a banana', 'the sun', 'butter', 'a duckling'],
  red: ['a tomato', 'a strawberry', 'a cherry', 'blood', 'a brick'],
  green: ['grass', 'a frog', 'a pea', 'a cucumber', 'a leaf'],
  blue: ['the sky', 'the sea', 'a blueberry', 'ink'],
  purple: ['a plum', 'a violet', 'a grape'],
  orange: ['a carrot', 'a pumpkin', 'a fox'],
  white: ['snow', 'milk', 'a swan', 'salt', 'a cloud'],
  black: ['coal', 'a raven', 'the night', 'tar'],
  brown: ['chocolate', 'a bear', 'a potato', 'coffee', 'bark'],
  grey: ['an elephant', 'a mouse', 'a stone', 'ash'],
  pink: ['a flamingo', 'a pig'],
};

export interface Animal {
  readonly name: string;
  /** Null: it has none, and there is no question about it. */
  readonly legs: string | null;
  readonly home: string;
  readonly sound: string | null;
}

const animal = (name: string, legs: string | null, home: string, sound: string | null = null): Animal => ({
  name,
  legs,
  home,
  sound,
});

/** From the smallest to the largest. */
export const animals: readonly Animal[] = [
  animal('an ant', 'six', 'in the garden'),
  animal('a bee', 'six', 'in the garden', 'buzz'),
  animal('a spider', 'eight', 'in the garden'),
  animal('a frog', 'four', 'in a pond', 'croak'),
  animal('a mouse', 'four', 'in a hole', 'squeak'),
  animal('a crab', 'ten', 'in the sea'),
  animal('a duck', 'two', 'in a pond', 'quack'),
  animal('a hen', 'two', 'on a farm', 'cluck'),
  animal('an owl', 'two', 'in the forest', 'hoot'),
  animal('a cat', 'four', 'in a house', 'meow'),
  animal('a fox', 'four', 'in the forest'),
  animal('a dog', 'four', 'in a house', 'woof'),
  animal('a sheep', 'four', 'on a farm', 'baa'),
  animal('a pig', 'four', 'on a farm', 'oink'),
  animal('a wolf', 'four', 'in the forest', 'howl'),
  animal('a lion', 'four', 'in the grass land', 'roar'),
  animal('a camel', 'four', 'in the desert'),
  animal('a horse', 'four', 'on a farm', 'neigh'),
  animal('a cow', 'four', 'on a farm', 'moo'),
  animal('a bear', 'four', 'in the forest', 'growl'),
  animal('an elephant', 'four', 'in the grass land'),
  animal('a whale', null, 'in the sea'),
];

export const capitals: Readonly<Record<string, string>> = {
  France: 'Paris',
  Spain: 'Madrid',
  Italy: 'Rome',
  Germany: 'Berlin',
  Greece: 'Athens',
  Japan: 'Tokyo',
  China: 'Beijing',
  Egypt: 'Cairo',
  Kenya: 'Nairobi',
  Peru: 'Lima',
  Canada: 'Ottawa',
  Norway: 'Oslo',
  Poland: 'Warsaw',
  Austria: 'Vienna',
  Ireland: 'Dublin',
  Cuba: 'Havana',
};

export const groups: Readonly<Record<string, readonly string[]>> = {
  fruits: ['apple', 'plum', 'pear', 'lemon', 'cherry', 'grape'],
  'farm animals': ['cow', 'hen', 'pig', 'sheep', 'horse'],
  birds: ['owl', 'duck', 'swan', 'raven', 'hen'],
  colours: ['red', 'blue', 'green', 'yellow', 'black', 'white'],
  tools: ['hammer', 'saw', 'spade', 'rake', 'nail'],
  countries: ['France', 'Spain', 'Italy', 'Japan', 'Peru', 'Egypt'],
};

export const words = [
  'cat',
  'dog',
  'cow',
  'pig',
  'hen',
  'owl',
  'bee',
  'sun',
  'sea',
  'frog',
  'bear',
  'wolf',
  'lion',
  'plum',
  'pear',
  'lemon',
  'horse',
] as const;

export const people = [
  'aunt',
  'uncle',
  'friend',
  'teacher',
  'mother',
  'father',
  'neighbour',
  'sister',
  'brother',
] as const;

export const belongings = ['hat', 'key', 'bag', 'book', 'coat', 'ring', 'phone', 'shoe', 'ball', 'cup'] as const;

export const feelings = ['sad', 'tired', 'lonely', 'cold', 'nervous', 'angry'] as const;

export const successes = [
  'made a cake',
  'won a race',
  'learnt a song',
  'read a book',
  'planted a tree',
  'fixed my bike',
  'painted a wall',
] as const;
