// The curves that are drawn over the bars, as the daemon has them or, for a moment, as the pen has just left them.

import { computed, effect, signal } from "@preact/signals";
import type { ControlName } from "../link/protocol";
import type { CurvePoint } from "../music/curve";
import { act, told } from "../store";

export const LANES: readonly ControlName[] = ["intensity", "valence", "arousal", "tension"];
const ADDRESS = "/hitpoint/curve";

/** What the pen draws now, or the daemon has not confirmed yet. */
export const drawnNow = signal<{ readonly control: ControlName; readonly points: readonly CurvePoint[] } | null>(null);

/** By control, bars from 0. */
export const curves = computed<Readonly<Partial<Record<ControlName, readonly CurvePoint[]>>>>(() => {
  const found: Partial<Record<ControlName, readonly CurvePoint[]>> = {};
  for (const [name, points] of Object.entries(told.curves.value)) {
    found[name as ControlName] = points.map(([bar, value]) => ({ bar: bar - 1, value }));
  }
  const now = drawnNow.value;
  return now ? { ...found, [now.control]: now.points } : found;
});

/** Points as the daemon reads them: `1:0.2 8:0.9`; empty for no curve. */
export function written(points: readonly CurvePoint[]): string {
  return points.map(({ bar, value }) => `${bar + 1}:${value}`).join(" ");
}

/** Have a curve drawn; none for no points. */
export async function draw(control: ControlName, points: readonly CurvePoint[]): Promise<void> {
  const mine = { control, points };
  drawnNow.value = mine;
  const done = await act(`${ADDRESS}/${control}`, written(points));
  if (!done && drawnNow.peek() === mine) drawnNow.value = null;
}

// What the daemon tells of the curves is the truth again.
effect(() => {
  void told.curves.value;
  drawnNow.value = null;
});
