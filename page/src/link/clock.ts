// The daemon's clock as this machine's knows it: of the last measurements, the one with the shortest way to and fro.

const KEPT_SECONDS = 60;

interface Sample {
  readonly at: number;
  readonly way: number;
  readonly offset: number;
}

export class DaemonClock {
  private samples: Sample[] = [];
  private offset = 0;

  /** Forget everything: another daemon has another clock. */
  clear(): void {
    this.samples = [];
  }

  /** A message said `now` and came at `received` of our clock, in seconds: it cannot be younger than that. */
  heard(now: number, received: number): void {
    if (this.samples.length === 0 || now - received > this.offset) this.offset = now - received;
  }

  /** An answer to what was asked at `sent` said `now` and came at `received`. */
  measured(sent: number, now: number, received: number): void {
    this.samples = this.samples.filter((sample) => received - sample.at < KEPT_SECONDS);
    this.samples.push({ at: received, way: received - sent, offset: now - (sent + received) / 2 });
    this.offset = this.samples.reduce((best, one) => (one.way < best.way ? one : best)).offset;
  }

  /** The daemon's second at our second `own`. */
  at(own: number): number {
    return own + this.offset;
  }
}
