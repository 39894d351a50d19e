import { MarginError } from '../../base/pure/marginError';

/** What is wrong with a query, and where: characters `start … end - 1` of its text, from 0. */
export interface QueryError {
  readonly start: number;
  readonly end: number;
  /** A sentence for a person, with what to do. */
  readonly message: string;
}

/** A query that cannot be read; its `details` are a {@link QueryError}. */
export class BadQuery extends MarginError {
  constructor(readonly error: QueryError) {
    super('bad-query', error.message, { ...error });
  }
}
