type Row = Readonly<Record<string, unknown>>;

/**
 * The row's `weight`, which multiplies its loss; an empty object without one. TRL has no such field. A weight that is
 * not a number is an error of the row (`checkRow`).
 */
export function weightOf({ weight }: Row): { readonly weight?: number } {
  return typeof weight === 'number' ? { weight } : {};
}
