// The least and the greatest value of each control, and how a value is read.

import type { ControlName } from "../link/protocol";

export const RANGES: Record<ControlName, readonly [number, number]> = {
  intensity: [0, 1],
  density: [0, 1],
  valence: [-1, 1],
  arousal: [-1, 1],
  tension: [0, 1],
};

/** A value as people read it: two places, a real minus. */
export function shown(value: number): string {
  return value.toFixed(2).replace("-", "−");
}
