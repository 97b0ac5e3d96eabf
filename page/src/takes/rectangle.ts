// Bars by parts of a take: what was written anew, and what a person drags over.

import { signal } from "@preact/signals";
import { MeterMap } from "../music/meter";
import type { Take, TakeMusic } from "./memory";
import type { Scale } from "./picture";

/** Bars counted from 1. */
export interface Rectangle {
  readonly first: number;
  readonly last: number;
  readonly parts: readonly string[];
}

/** What is dragged over, in one take at a time. */
export const dragged = signal<(Rectangle & { readonly take: string }) | null>(null);

/** Where it lies in a box, in parts of it. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What of a take was written anew, a rectangle for each run of bars; none where no bars were named. */
export function anew(take: Take): Rectangle[] {
  const { bars, parts } = take.asked;
  if (!take.parent || !bars) return [];
  return bars.split(",").flatMap((run) => {
    const [first, last] = run.split("-").map(Number);
    return first ? [{ first, last: last || first, parts: parts ?? take.parts }] : [];
  });
}

/** On a roll, in which parts lie one over the other: from the lowest to the highest note that is inside. */
export function onRoll(one: Rectangle, music: TakeMusic, scale: Scale): Box {
  const meter = new MeterMap(music.timeline.meter);
  const [from, to] = [meter.bar(one.first - 1).start, meter.bar(Math.min(one.last, music.bars) - 1).end];
  let [low, high] = [scale.high, scale.low];
  for (const part of music.parts) {
    if (!one.parts.includes(part.name)) continue;
    for (const [tick, pitch] of part.notes) {
      if (tick < from || tick >= to) continue;
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
  }
  // Nothing is inside: all of the height may be.
  if (low > high) [low, high] = [scale.low, scale.high];
  const rows = scale.high - scale.low + 1;
  const y = (pitch: number) => Math.min(1, Math.max(0, 1 - (pitch - scale.low) / rows));
  return { left: from / scale.end, right: to / scale.end, top: y(high + 1.5), bottom: y(low - 0.5) };
}

/** What a drag from one place to another covers: places in parts of a box that has a row a part and all of the bars. */
export function covered(
  from: readonly [number, number],
  to: readonly [number, number],
  music: TakeMusic,
  parts: readonly string[],
): Rectangle {
  const meter = new MeterMap(music.timeline.meter);
  const bar = (x: number) => meter.barAt(Math.min(0.9999, Math.max(0, x)) * music.end).index + 1;
  const row = (y: number) => Math.floor(Math.min(0.9999, Math.max(0, y)) * parts.length);
  const [first, last] = [bar(from[0]), bar(to[0])].sort((a, b) => a - b) as [number, number];
  const [top, bottom] = [row(from[1]), row(to[1])].sort((a, b) => a - b) as [number, number];
  return { first, last, parts: parts.slice(top, bottom + 1) };
}

/** The same as boxes over such rows: one for each run of parts that lie side by side. */
export function overRows(one: Rectangle, music: TakeMusic, parts: readonly string[]): Box[] {
  const meter = new MeterMap(music.timeline.meter);
  const left = meter.bar(one.first - 1).start / music.end;
  const right = meter.bar(Math.min(one.last, music.bars) - 1).end / music.end;
  const boxes: Box[] = [];
  let top = -1;
  for (let row = 0; row <= parts.length; row++) {
    const inside = row < parts.length && one.parts.includes(parts[row] as string);
    if (inside && top < 0) top = row;
    if (inside || top < 0) continue;
    boxes.push({ left, right, top: top / parts.length, bottom: row / parts.length });
    top = -1;
  }
  return boxes;
}

/** A box as a style. */
export function placed(box: Box): Record<string, string> {
  const share = (part: number) => `${(100 * part).toFixed(3)}%`;
  return {
    left: share(box.left),
    width: share(box.right - box.left),
    top: share(box.top),
    height: share(box.bottom - box.top),
  };
}
