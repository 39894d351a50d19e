/** Aborts at the first Ctrl+C or SIGTERM, so that no half-written file stays; the second ends the process at once. */
export function interruption(): AbortController {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return controller;
}
