type Row = Readonly<Record<string, unknown>>;

/**
 * A row's own `weight`, the factor of its loss; none where it has none. TRL knows no such field. Others are errors of
 * the row (`checkRow`).
 */
export function weightOf({ weight }: Row): { readonly weight?: number } {
  return typeof weight === 'number' ? { weight } : {};
}
