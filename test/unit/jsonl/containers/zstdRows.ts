/** Three equal lines, `{"prompt":"Q","chosen":"a","rejected":"b"}`, as `zstd` 1.5 packs them. */
export const zstdRows = Buffer.from(
  'KLUv/QRYnQEAtAJ7InByb21wdCI6IlEiLCJjaG9zZW4iOiJhIiwicmVqZWN0ZWQiOiJiIn0KAQAbN6kyo8WnEQ==',
  'base64',
);
