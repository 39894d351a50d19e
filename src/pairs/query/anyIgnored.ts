/** The value of the field `ignored` that finds each row in which a rule is ignored. */
export const anyIgnored = 'any';
