// Where the host is, frame by frame.

import { computed, effect } from "@preact/signals";
import { type Countdown, countdown } from "./music/countdown";
import { MeterMap } from "./music/meter";
import { TempoMap } from "./music/tempo";
import { type Transport, tickAt } from "./music/transport";
import { daemonNow, link, told } from "./store";

const tempoPoints = computed(() => told.timeline.value.tempo);
const meterChanges = computed(() => told.timeline.value.meter);
export const tempoMap = computed(() => new TempoMap(tempoPoints.value));
export const meterMap = computed(() => new MeterMap(meterChanges.value));
/** The hits in order of time. */
export const hits = computed(() => [...told.spotting.value.hits].sort((a, b) => a.tick - b.tick));

const transport = computed<Transport>(() => {
  const { rolling, tick, at, loop, turns } = told.transport.value;
  return { rolling, tick, at, loop: turns ? loop : null };
});
const moving = computed(() => transport.value.rolling && link.there.value === true && told.daemon.value.there);
let stoodAt = 0;

/** The tick at which the host is now; where it was last known while the daemon is gone. */
export function tickNow(): number {
  const now = transport.peek();
  if (now.rolling && !moving.peek()) return stoodAt;
  stoodAt = tickAt(now, daemonNow(), tempoMap.peek());
  return stoodAt;
}

/** How far it is from there to the next hit. */
export function nextHit(tick: number): Countdown | null {
  return countdown(hits.peek(), tick, tempoMap.peek(), meterMap.peek(), transport.peek());
}

const drawers = new Set<(tick: number) => void>();
let asked = 0;

/** Call `draw` with the position: each frame while the host moves, and once whenever it may have changed.
 * What comes back stops it. */
export function eachFrame(draw: (tick: number) => void): () => void {
  drawers.add(draw);
  drawSoon();
  return () => drawers.delete(draw);
}

/** One more frame, though the host stands. */
export function drawSoon(): void {
  if (!asked) asked = requestAnimationFrame(frame);
}

function frame(): void {
  asked = 0;
  const tick = tickNow();
  for (const draw of drawers) draw(tick);
  if (moving.peek() && drawers.size) drawSoon();
}

effect(() => {
  void [transport.value, told.timeline.value, hits.value, moving.value];
  drawSoon();
});
