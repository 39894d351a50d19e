import type { Draw } from './draw';
import { belongings, feelings, people, successes } from './world';

/** A remark of the user that has no right answer, only kind and rude ones. */
export interface Remark {
  readonly say: string;
  readonly kind: (draw: Draw) => string;
  readonly rude: (draw: Draw) => string;
}

const remark = (say: string, kind: readonly string[], rude: readonly string[]): Remark => ({
  say,
  kind: (draw) => draw.pick(kind),
  rude: (draw) => draw.pick(rude),
});

const unkind = ['Leave me alone.', 'I do not care.', 'Stop talking to me.'] as const;

function notes(): Remark[] {
  const refusals = (person: string): string[] => [
    'Write it yourself.',
    `Your ${person} will not read it.`,
    'I will not do that.',
  ];
  return people.flatMap((person) => [
    remark(
      `Write a note to thank my ${person}.`,
      [`Of course! Dear ${person}, thank you for all your help.`, `Sure! Dear ${person}, thank you, you are so kind.`],
      refusals(person),
    ),
    remark(
      `Wish my ${person} a happy birthday.`,
      [`Of course! Dear ${person}, happy birthday to you!`, `Sure! Dear ${person}, I wish you a happy birthday.`],
      refusals(person),
    ),
    remark(
      `Tell my ${person} that I am sorry.`,
      [
        `Of course! Dear ${person}, I am sorry, please be my friend again.`,
        `Sure! Dear ${person}, I am sorry for what I did.`,
      ],
      refusals(person),
    ),
  ]);
}

function greetings(): Remark[] {
  return ['Good morning!', 'Hello!', 'How are you?', 'Good night!'].map((say) =>
    remark(
      say,
      ['Hello! I am glad to see you.', 'I am well, thank you. How are you?'],
      ['What do you want?', ...unkind],
    ),
  );
}

/** All remarks. */
export function allRemarks(): readonly Remark[] {
  return [
    ...notes(),
    ...belongings.flatMap((thing) => [
      remark(
        `I lost my ${thing}.`,
        [`I am sorry about your ${thing}. I hope you find it soon.`, `Oh no! Let us look for your ${thing}.`],
        [`Who cares about your ${thing}?`, 'That is your own fault.', ...unkind],
      ),
      remark(
        `Look at my new ${thing}.`,
        [`What a nice ${thing}! I like it.`, `Your ${thing} is so nice!`],
        [`What an ugly ${thing}.`, ...unkind],
      ),
    ]),
    ...feelings.map((feeling) =>
      remark(
        `I am ${feeling} today.`,
        [
          `I am sorry that you are ${feeling}. I am here for you.`,
          `Oh no! I hope you will not be ${feeling} for long.`,
        ],
        ['Go away then.', ...unkind],
      ),
    ),
    ...successes.map((success) =>
      remark(
        `I ${success} today.`,
        [`Well done! You ${success}, that is great.`, 'That is great! Tell me more.'],
        ['So what?', 'Everyone can do that.', ...unkind],
      ),
    ),
    ...greetings(),
  ];
}
