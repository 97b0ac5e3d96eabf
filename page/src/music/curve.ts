// Drawing a control over the bars: pointer positions become points, points become values.

export interface CurvePoint {
  /** Index of the bar, counted from 0; a turn of a line may lie between two. */
  readonly bar: number;
  readonly value: number;
}

/** The value at `bar`: straight lines between points, the first and the last hold outside. Null without any. */
export function valueAt(points: readonly CurvePoint[], bar: number): number | null {
  const first = points[0];
  if (!first) return null;
  if (bar <= first.bar) return first.value;
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1] as CurvePoint;
    const after = points[index] as CurvePoint;
    if (bar < after.bar) {
      return before.value + ((after.value - before.value) * (bar - before.bar)) / (after.bar - before.bar);
    }
  }
  return (points.at(-1) as CurvePoint).value;
}

/** The points with one more, or another value where one lies at that bar. In order of bars. */
export function withPoint(points: readonly CurvePoint[], point: CurvePoint): CurvePoint[] {
  return [...points.filter((one) => one.bar !== point.bar), point].sort((a, b) => a.bar - b.bar);
}

/** The points without the one at that bar. */
export function withoutPoint(points: readonly CurvePoint[], bar: number): CurvePoint[] {
  return points.filter((one) => one.bar !== bar);
}

/** A stroke drawn over a curve: a point a bar that the pen passed, and nothing else of the old curve between them.
 *
 * stroke: pen positions in the order in which they came, back and forth too; the last word on a bar counts.
 */
export function withStroke(points: readonly CurvePoint[], stroke: readonly CurvePoint[], low: number, high: number) {
  const drawn = new Map<number, number>();
  const clamp = (value: number) => Math.round(Math.min(high, Math.max(low, value)) * 100) / 100;
  stroke.forEach((here, index) => {
    const before = stroke[index - 1];
    const to = Math.max(0, Math.round(here.bar));
    drawn.set(to, clamp(here.value));
    if (!before) return;
    // A fast pen skips bars: they lie on the line between.
    const from = Math.max(0, Math.round(before.bar));
    const step = Math.sign(to - from);
    for (let bar = from + step; step !== 0 && bar !== to; bar += step) {
      const part = (bar - from) / (to - from);
      drawn.set(bar, clamp(before.value + (here.value - before.value) * part));
    }
  });
  if (drawn.size === 0) return [...points];
  const bars = [...drawn.keys()];
  const [first, last] = [Math.min(...bars), Math.max(...bars)];
  const rest = points.filter((point) => point.bar < first || point.bar > last);
  const stroked = [...drawn].map(([bar, value]) => ({ bar, value }));
  return simplified([...rest, ...stroked].sort((a, b) => a.bar - b.bar));
}

/** The same line with as few points as it needs. */
export function simplified(points: readonly CurvePoint[]): CurvePoint[] {
  const kept: CurvePoint[] = [];
  points.forEach((point, index) => {
    const before = kept.at(-1);
    const after = points[index + 1];
    if (before && after) {
      const part = (point.bar - before.bar) / (after.bar - before.bar);
      const line = before.value + (after.value - before.value) * part;
      if (Math.abs(line - point.value) < 0.004) return;
    }
    kept.push(point);
  });
  return kept;
}
