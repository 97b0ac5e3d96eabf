// Where the host is now, from where it was at one moment of the daemon's clock.

import type { TempoMap } from "./tempo";

export interface Loop {
  readonly start: number;
  readonly end: number;
}

export interface Transport {
  readonly rolling: boolean;
  /** Position at `at`. */
  readonly tick: number;
  /** Second of the daemon's clock. */
  readonly at: number;
  readonly loop: Loop | null;
}

/** The position at second `now` of the daemon's clock. It turns in its loop only from before the loop's end. */
export function tickAt(transport: Transport, now: number, tempo: TempoMap): number {
  if (!transport.rolling) return transport.tick;
  const from = tempo.secondsAt(transport.tick);
  const seconds = from + (now - transport.at);
  const { loop } = transport;
  if (loop && loop.end > loop.start && transport.tick < loop.end) {
    const start = tempo.secondsAt(loop.start);
    const end = tempo.secondsAt(loop.end);
    if (seconds >= end) return tempo.tickAt(start + ((seconds - end) % (end - start)));
  }
  return Math.max(0, tempo.tickAt(seconds));
}
