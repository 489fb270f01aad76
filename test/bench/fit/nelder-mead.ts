export interface SimplexOutcome {
  point: Float64Array;
  value: number;
  passes: number;
}

const [FIRST_STEP, MOST_PASSES, TOLERANCE] = [0.5, 800, 1e-4];

interface Corner {
  point: Float64Array;
  value: number;
}

/**
 * Nelder and Mead's simplex (1965), which the usual packages fit with, without a gradient: it ends as SciPy's does by
 * default, when neither the corners nor their values are more than 1e-4 apart.
 */
export function minimizeBySimplex(valueOf: (point: Float64Array) => number, start: readonly number[]): SimplexOutcome {
  let passes = 0;
  const cornerAt = (point: Float64Array): Corner => {
    passes += 1;
    return { point, value: valueOf(point) };
  };
  const origin = Float64Array.from(start);
  const corners = [cornerAt(origin), ...start.map((_, axis) => cornerAt(origin.map((at, index) => at + (index === axis ? FIRST_STEP : 0))))];
  for (;;) {
    corners.sort((a, b) => a.value - b.value);
    const [best, worst, second] = [corners[0], corners.at(-1), corners.at(-2)];
    if (!best || !worst || !second) throw new Error('A simplex has corners.');
    if (passes >= MOST_PASSES || isSmall(corners, best)) return { ...best, passes };
    const centre = origin.map((_, axis) => corners.slice(0, -1).reduce((sum, { point }) => sum + (point[axis] ?? NaN), 0) / (corners.length - 1));
    const along = (factor: number) => cornerAt(centre.map((at, axis) => at + factor * ((worst.point[axis] ?? NaN) - at)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      corners[corners.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) corners[corners.length - 1] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[corners.length - 1] = contracted;
      else {
        for (const [index, { point }] of corners.entries()) {
          if (index > 0) corners[index] = cornerAt(point.map((at, axis) => ((best.point[axis] ?? NaN) + at) / 2));
        }
      }
    }
  }
}

function isSmall(corners: readonly Corner[], best: Corner): boolean {
  return corners.every(
    ({ point, value }) => value - best.value <= TOLERANCE && point.every((at, axis) => Math.abs(at - (best.point[axis] ?? NaN)) <= TOLERANCE),
  );
}
