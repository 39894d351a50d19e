/** Aborts at the first Ctrl+C or SIGTERM, so that no incomplete file stays. The second one ends the process. */
export function interruption(): AbortController {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return controller;
}
