/** The error of the rooms below `pairs`: same shape as `MarginError`, so that whoever shows it need not tell them apart. */
export class GraphError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'GraphError';
  }
}
