/**
 * Transposes a row-major matrix of `rows` rows: [rows, columns] → [columns, rows].
 *
 * @returns a new array
 */
export function transposeMatrix(data: Float32Array, rows: number): Float32Array {
  const columns = data.length / rows;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    data.subarray(row * columns, (row + 1) * columns).forEach((value, column) => (out[column * rows + row] = value));
  }
  return out;
}
