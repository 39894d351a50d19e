/** How often the values of a field of the filter occur in some rows. */
export interface Facet {
  /** The name of the field: `model`, `verdict`, `problem`. */
  readonly field: string;
  /** The most frequent values first. A row with several values counts for each. */
  readonly values: readonly FacetValue[];
  /** Number of other values, which are left out. */
  readonly more: number;
}

export interface FacetValue {
  /** `field:="value"` is the filter that finds its rows, see `facetQuery`. */
  readonly value: string;
  readonly count: number;
}

/** Counts of a request that is not answered yet. */
export interface FacetsSoFar {
  readonly facets: readonly Facet[];
  /** How many of the rows are counted, from 0 to 1. */
  readonly share: number;
}

/**
 * Counts the values of fields in the rows that the view shows, at most `most` values of each. The fields are those with
 * few values, see `facetFields`. In a large file it takes as long as a filter on them;
 * meanwhile `facetsSoFar` events come. Aborting the request ends it, and keeps what is computed.
 */
export interface FacetsRequest {
  readonly params: { readonly fields: readonly string[]; readonly most: number };
  readonly result: readonly Facet[];
}
