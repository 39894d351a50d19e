/** Bytes in MB (10⁶ bytes) for a person, without the unit: `1,204`; below 10 MB with a decimal place. */
export const megabytes = (bytes: number): string =>
  (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 });
