/** Tokens of a guard's text that are measured. A change of 0.01 nats per token is then no noise, as the text stays. */
export const guardTokens = 2048;

/** The part of an evaluation's tokens that the estimate of the KL may take, unless the rows are few. */
export const klShare = 0.1;
