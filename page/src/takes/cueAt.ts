import type { CueToMake } from "../link/protocol";

/** The cue that plays at a tick: the last that has entered and not ended; "" for none. */
export function cueAt(cues: readonly CueToMake[], tick: number): string {
  let found = "";
  for (const { name, start, end } of cues) {
    // A tick is a number with parts: who is told to go to a start may stand a hair before it.
    if (start === null || start > tick + 0.5) continue;
    found = end === null || tick + 0.5 < end ? name : "";
  }
  return found;
}
