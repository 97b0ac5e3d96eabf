// Ticks to seconds and back, through tempo steps and ramps: the page's copy of the daemon's arithmetic, so that the
// playhead moves between two messages. `tests/tempo.test.ts` holds it to the daemon's figures.

export const TICKS_PER_QUARTER = 960;

export type Ramp = "step" | "beats" | "time";

export interface TempoPoint {
  /** Ticks from the timeline's start. */
  readonly tick: number;
  /** Quarter notes a minute. */
  readonly bpm: number;
  /** The way to the next point. */
  readonly ramp: Ramp;
}

interface Segment {
  readonly tick: number;
  readonly seconds: number;
  /** Quarters a second at its start. */
  readonly speed: number;
  /** Change of quarters a second: per quarter ("beats") or per second ("time"); else 0. */
  readonly slope: number;
  readonly ramp: Ramp;
}

/** The tempo of a whole timeline. Before the first point its tempo holds; so it does after the last. */
export class TempoMap {
  private readonly segments: readonly Segment[];

  constructor(readonly points: readonly TempoPoint[]) {
    this.segments = made(points.length ? points : [{ tick: 0, bpm: 120, ramp: "step" }]);
  }

  /** Seconds from the timeline's start to `tick`; negative before it. */
  secondsAt(tick: number): number {
    const segment = lastFrom(this.segments, (one) => one.tick <= tick);
    return segment.seconds + secondsInto(segment, (tick - segment.tick) / TICKS_PER_QUARTER);
  }

  /** Where `seconds` from the start falls, in ticks and parts of one. Inverse of `secondsAt`. */
  tickAt(seconds: number): number {
    const segment = lastFrom(this.segments, (one) => one.seconds <= seconds);
    return segment.tick + quartersInto(segment, seconds - segment.seconds) * TICKS_PER_QUARTER;
  }

  /** Quarter notes a minute at `tick`. */
  bpmAt(tick: number): number {
    const segment = lastFrom(this.segments, (one) => one.tick <= tick);
    const quarters = Math.max(0, (tick - segment.tick) / TICKS_PER_QUARTER);
    if (segment.ramp === "beats") return 60 * (segment.speed + segment.slope * quarters);
    if (segment.ramp === "time") return 60 * Math.sqrt(segment.speed ** 2 + 2 * segment.slope * quarters);
    return 60 * segment.speed;
  }
}

function lastFrom(segments: readonly Segment[], holds: (segment: Segment) => boolean): Segment {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(segments[middle] as Segment)) low = middle;
    else high = middle - 1;
  }
  return segments[low] as Segment;
}

function secondsInto(segment: Segment, quarters: number): number {
  const { slope, speed, ramp } = segment;
  if (slope === 0 || quarters < 0) return quarters / speed;
  if (ramp === "beats") return Math.log1p((slope * quarters) / speed) / slope;
  return (2 * quarters) / (speed + Math.sqrt(speed ** 2 + 2 * slope * quarters));
}

function quartersInto(segment: Segment, seconds: number): number {
  const { slope, speed, ramp } = segment;
  if (slope === 0 || seconds < 0) return seconds * speed;
  if (ramp === "beats") return (speed * Math.expm1(slope * seconds)) / slope;
  return seconds * (speed + 0.5 * slope * seconds);
}

function made(points: readonly TempoPoint[]): Segment[] {
  const segments: Segment[] = [];
  let seconds = 0;
  const first = points[0] as TempoPoint;
  if (first.tick > 0) {
    segments.push({ tick: 0, seconds: 0, speed: first.bpm / 60, slope: 0, ramp: "step" });
    seconds = first.tick / TICKS_PER_QUARTER / (first.bpm / 60);
  }
  points.forEach((here, index) => {
    const there = points[index + 1];
    const speed = here.bpm / 60;
    let slope = 0;
    if (there && here.ramp !== "step") {
      const end = there.bpm / 60;
      const quarters = (there.tick - here.tick) / TICKS_PER_QUARTER;
      slope = here.ramp === "beats" ? (end - speed) / quarters : (end * end - speed * speed) / (2 * quarters);
    }
    const segment: Segment = { tick: here.tick, seconds, speed, slope, ramp: slope === 0 ? "step" : here.ramp };
    segments.push(segment);
    if (there) seconds += secondsInto(segment, (there.tick - here.tick) / TICKS_PER_QUARTER);
  });
  return segments;
}
