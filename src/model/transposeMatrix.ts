/**
 * Transposes a row-major matrix of `rows` rows: [rows, columns] → [columns, rows].
 *
 * @returns a new array
 */
export function transposeMatrix(data: Float32Array, rows: number): Float32Array {
  const columns = data.length / rows;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    // Hot loop, in which at() takes five times as long. A missing value would be a NaN, not a silent 0.
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = data[row * columns + column] ?? Number.NaN;
  }
  return out;
}
