// How far it is to the next hit, in what a performer counts: bars, beats, seconds.

import type { MeterMap } from "./meter";
import { beatTicks } from "./meter";
import type { TempoMap } from "./tempo";
import type { Transport } from "./transport";

export interface Hit {
  readonly name: string;
  readonly tick: number;
}

export interface Countdown {
  readonly hit: Hit;
  /** Whole bar lines that come before it. */
  readonly bars: number;
  /** Beats after the last of them, begun ones too: 1 is "on the next beat". */
  readonly beats: number;
  /** Of the timeline; as long as it takes while the host rolls on. */
  readonly seconds: number;
}

/** The next hit after `tick`, and how far it is. Null where none comes. In a loop the way leads round. */
export function countdown(
  hits: readonly Hit[],
  tick: number,
  tempo: TempoMap,
  meter: MeterMap,
  transport: Transport,
): Countdown | null {
  const { loop } = transport;
  const turns = loop !== null && transport.rolling && transport.tick < loop.end && tick < loop.end;
  const ahead = hits.filter((hit) => hit.tick > tick && (!turns || hit.tick < loop.end));
  const next = ahead[0];
  if (next) return reached(next, tick, tempo, meter);
  const again = turns ? hits.find((hit) => hit.tick >= loop.start && hit.tick < loop.end) : undefined;
  if (!again || !turns) return null;
  const tail = reached({ name: "", tick: loop.end }, tick, tempo, meter);
  const head = reached(again, loop.start, tempo, meter);
  return { hit: again, bars: tail.bars + head.bars, beats: head.beats, seconds: tail.seconds + head.seconds };
}

function reached(hit: Hit, tick: number, tempo: TempoMap, meter: MeterMap): Countdown {
  const seconds = tempo.secondsAt(hit.tick) - tempo.secondsAt(tick);
  const here = meter.barAt(tick);
  const there = meter.barAt(hit.tick);
  const from = there.index === here.index ? tick : there.start;
  const beats = Math.ceil((hit.tick - from) / beatTicks(there) - 1e-9);
  return { hit, bars: there.index - here.index, beats: Math.max(0, beats), seconds };
}
