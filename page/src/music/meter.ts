// Where bar lines fall, and bar|beat|tick, which people count from 1|1|0.

import { TICKS_PER_QUARTER } from "./tempo";

export interface MeterChange {
  /** Ticks from the timeline's start. */
  readonly tick: number;
  readonly numerator: number;
  readonly denominator: number;
}

export interface Bar {
  /** Counted from 0; people see index + 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly numerator: number;
  readonly denominator: number;
}

interface Stretch extends MeterChange {
  readonly firstBar: number;
}

/** The metres of a whole timeline; a change inside a bar cuts that bar short. */
export class MeterMap {
  private readonly stretches: readonly Stretch[];

  constructor(readonly changes: readonly MeterChange[]) {
    const first = changes[0] ?? { tick: 0, numerator: 4, denominator: 4 };
    // Before the first change its metre holds from tick 0.
    const stretches: Stretch[] = [{ ...first, tick: 0, firstBar: 0 }];
    for (const change of changes) {
      const before = stretches.at(-1) as Stretch;
      if (before.tick === change.tick) {
        stretches[stretches.length - 1] = { ...change, firstBar: before.firstBar };
      } else {
        const bars = Math.ceil((change.tick - before.tick) / barTicks(before));
        stretches.push({ ...change, firstBar: before.firstBar + bars });
      }
    }
    this.stretches = stretches;
  }

  /** The bar in which `tick` lies; ticks before 0 lie in bar 0. */
  barAt(tick: number): Bar {
    const at = this.last((one) => one.tick <= tick);
    const stretch = this.stretches[at] as Stretch;
    return this.made(at, Math.floor(Math.max(0, tick - stretch.tick) / barTicks(stretch)));
  }

  /** Bar number `index`, counted from 0. */
  bar(index: number): Bar {
    const at = this.last((one) => one.firstBar <= index);
    return this.made(at, Math.max(0, index - (this.stretches[at] as Stretch).firstBar));
  }

  /** The bars that hold any tick of [start, end). */
  barsBetween(start: number, end: number): Bar[] {
    if (end <= start) return [];
    const bars: Bar[] = [];
    const last = this.barAt(end - 1).index;
    for (let index = this.barAt(start).index; index <= last; index++) bars.push(this.bar(index));
    return bars;
  }

  /** Bars from 0 with the part of a bar: 1.5 is the middle of the second. */
  barsAt(tick: number): number {
    const bar = this.barAt(tick);
    return bar.index + (tick - bar.start) / (bar.end - bar.start);
  }

  /** Inverse of `barsAt`. */
  tickAt(bars: number): number {
    const bar = this.bar(Math.floor(bars));
    return bar.start + (bars - Math.floor(bars)) * (bar.end - bar.start);
  }

  /** Bar, beat and tick as musicians count them. */
  placeAt(tick: number): { bar: number; beat: number; tick: number } {
    const bar = this.barAt(tick);
    const beat = beatTicks(bar);
    const into = Math.max(0, tick - bar.start);
    return { bar: bar.index + 1, beat: Math.floor(into / beat) + 1, tick: Math.floor(into % beat) };
  }

  private last(holds: (stretch: Stretch) => boolean): number {
    let at = this.stretches.length - 1;
    while (at > 0 && !holds(this.stretches[at] as Stretch)) at--;
    return at;
  }

  private made(at: number, offset: number): Bar {
    const stretch = this.stretches[at] as Stretch;
    const start = stretch.tick + offset * barTicks(stretch);
    const next = this.stretches[at + 1];
    const end = Math.min(start + barTicks(stretch), next ? next.tick : Number.POSITIVE_INFINITY);
    const { numerator, denominator } = stretch;
    return { index: stretch.firstBar + offset, start, end, numerator, denominator };
  }
}

/** Ticks in a beat. */
export function beatTicks(meter: { denominator: number }): number {
  return (4 * TICKS_PER_QUARTER) / meter.denominator;
}

function barTicks(meter: { numerator: number; denominator: number }): number {
  return meter.numerator * beatTicks(meter);
}
