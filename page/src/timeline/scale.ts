// Ticks to pixels: which stretch of the timeline is in view.

export interface Stretch {
  /** Tick at the left edge. */
  readonly from: number;
  /** Ticks that fit. */
  readonly span: number;
}

export const SHORTEST = 960 * 4;
/** About an hour at 120. */
export const LONGEST = 960 * 2 * 3600;
/** What a key or a button makes of the span: one back and forth leaves all as it was. */
export const STEP = 1.5;
/** Of a wheel's turn no more counts. */
const NOTCH = 20;
/** What is in view of the part before the playhead after the view has turned its page. */
const LEAD = 0.08;
const EDGE = 0.92;

export function within(stretch: Stretch, end: number): Stretch {
  const span = Math.min(LONGEST, Math.max(SHORTEST, stretch.span));
  return { from: Math.min(Math.max(0, stretch.from), Math.max(0, end - span / 2)), span };
}

/** Zoomed so that the tick at `part` of the width stays there, or comes to be at `to`. */
export function zoomed(stretch: Stretch, factor: number, part: number, to = part): Stretch {
  const span = Math.min(LONGEST, Math.max(SHORTEST, stretch.span * factor));
  return { from: Math.max(0, stretch.from + part * stretch.span - to * span), span };
}

/** What a wheel's turn makes of the span. */
export function turned(delta: number): number {
  // A pinch on a trackpad comes as many small turns, each 100 times the logarithm of what the fingers did (Chromium),
  // and is to follow them. A wheel's notch comes as one large turn: of that much, nobody could zoom to a place.
  return Math.exp(Math.min(NOTCH, Math.max(-NOTCH, delta)) / 100);
}

/** The stretch that shows `tick`: itself while it does, else with its page turned. */
export function following(stretch: Stretch, tick: number): Stretch {
  const part = (tick - stretch.from) / stretch.span;
  return part >= 0 && part < EDGE ? stretch : { ...stretch, from: Math.max(0, tick - LEAD * stretch.span) };
}

/** Every how many bars a number is written so that numbers do not touch: 1, 2, 4, 8 … */
export function barStep(pixelsPerBar: number, needed: number): number {
  let step = 1;
  while (step * pixelsPerBar < needed && step < 4096) step *= 2;
  return step;
}
