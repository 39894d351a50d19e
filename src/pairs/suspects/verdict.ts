/** What the signals say of a label: right, the wrong way round, or that neither answer is better. */
export const verdicts = ['clean', 'flipped', 'tie'] as const;
export type Verdict = (typeof verdicts)[number];

/** From this probability on, more likely flipped than not. */
export const flippedFrom = 0.5;

/** The fields of filters that ask for verdicts. */
export const suspectFields = ['suspect', 'suspected'] as const;
