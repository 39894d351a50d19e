import { at, must } from '../../base/pure/must';

/** Rows of numbers, one after the other. */
export interface Matrix {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

export interface LogisticFit {
  /** One for each column. */
  readonly weights: readonly number[];
  /** Standard errors of the weights: roots of the diagonal of the inverse Hessian. */
  readonly errors: readonly number[];
  /** Mean log-likelihood of the labels, without the penalty. */
  readonly logLikelihood: number;
  readonly converged: boolean;
}

const mostSteps = 50;
const mostHalvings = 30;
const tolerance = 1e-10;

/**
 * Logistic regression without intercept: P(label = 1) = σ(w·x). Maximises Σ log P − ridge/2·|w|² with Newton's method,
 * which for this likelihood is iteratively reweighted least squares (Hastie, Tibshirani, Friedman, "The Elements of
 * Statistical Learning", section 4.4.1). The ridge keeps the weights finite if the labels can be separated.
 *
 * @param labels 0 or 1 for each row
 * @param ridge above 0, or the columns must be independent; scikit-learn's `1 / C`
 */
export function fitLogistic(matrix: Matrix, labels: ArrayLike<number>, ridge: number): LogisticFit {
  const { columns } = matrix;
  let weights = new Float64Array(columns);
  let now = objective(matrix, labels, weights, ridge);
  let converged = false;
  for (let step = 0; step < mostSteps && !converged; step++) {
    const { gradient, hessian } = slopes(matrix, labels, weights, ridge);
    const move = solved(factor(hessian, columns), gradient, columns);
    let scale = 1;
    for (let i = 0; i < mostHalvings; i++, scale /= 2) {
      const tried = weights.map((weight, column) => weight + scale * at(move, column));
      const then = objective(matrix, labels, tried, ridge);
      if (then < now - tolerance * Math.abs(now)) continue;
      converged = scale * Math.max(0, ...move.map(Math.abs)) < 1e-9;
      [weights, now] = [tried, then];
      break;
    }
  }
  const { hessian } = slopes(matrix, labels, weights, ridge);
  const errors = inverseDiagonal(factor(hessian, columns), columns).map(Math.sqrt);
  const logLikelihood = objective(matrix, labels, weights, 0) / Math.max(1, matrix.rows);
  return { weights: [...weights], errors, logLikelihood, converged };
}

/** w·x of a row. */
export function scoreOf({ values, columns }: Matrix, row: number, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < columns; i++) sum += (values[row * columns + i] as number) * (weights[i] as number);
  return sum;
}

/** σ(x) = 1 / (1 + e⁻ˣ), the probability of a logit. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function objective(matrix: Matrix, labels: ArrayLike<number>, weights: ArrayLike<number>, ridge: number): number {
  let sum = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const score = scoreOf(matrix, row, weights);
    const signed = labels[row] === 1 ? score : -score;
    // log σ(x), which must not overflow.
    sum += signed > 0 ? -Math.log1p(Math.exp(-signed)) : signed - Math.log1p(Math.exp(signed));
  }
  for (let i = 0; i < matrix.columns; i++) sum -= (ridge / 2) * at(weights, i) ** 2;
  return sum;
}

/** The gradient of the objective, and the Hessian of its negative. */
function slopes(
  matrix: Matrix,
  labels: ArrayLike<number>,
  weights: Float64Array,
  ridge: number,
): { readonly gradient: Float64Array; readonly hessian: Float64Array } {
  const { values, rows, columns } = matrix;
  const gradient = weights.map((weight) => -ridge * weight);
  const hessian = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) hessian[i * columns + i] = ridge;
  for (let row = 0; row < rows; row++) {
    const probability = sigmoid(scoreOf(matrix, row, weights));
    const error = (labels[row] as number) - probability;
    const curve = probability * (1 - probability);
    const start = row * columns;
    for (let i = 0; i < columns; i++) {
      const x = values[start + i] as number;
      if (x === 0) continue;
      gradient[i] = (gradient[i] as number) + error * x;
      for (let j = 0; j <= i; j++)
        hessian[i * columns + j] = (hessian[i * columns + j] as number) + curve * x * (values[start + j] as number);
    }
  }
  return { gradient, hessian };
}

/** The Cholesky factor of a positive definite matrix, of which the lower half is read. */
function factor(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i * size + j);
      for (let k = 0; k < j; k++) sum -= at(lower, i * size + k) * at(lower, j * size + k);
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / at(lower, j * size + j);
    }
  }
  return lower;
}

/** Solves L·Lᵀ·x = b. */
function solved(lower: Float64Array, b: ArrayLike<number>, size: number): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = at(x, i) - at(lower, i * size + k) * at(x, k);
    x[i] = at(x, i) / at(lower, i * size + i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] = at(x, i) - at(lower, k * size + i) * at(x, k);
    x[i] = at(x, i) / at(lower, i * size + i);
  }
  return x;
}

function inverseDiagonal(lower: Float64Array, size: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    const unit = new Float64Array(size);
    unit[i] = 1;
    return must(solved(lower, unit, size)[i], 'a variance');
  });
}
