// When each note of a take is heard, and where the music is: pure arithmetic over a clock that somebody else has.

import { MeterMap } from "../music/meter";
import { TempoMap } from "../music/tempo";
import type { TakeMusic } from "./memory";

export interface Heard {
  /** Seconds from the take's start. */
  readonly at: number;
  readonly until: number;
  readonly pitch: number;
  readonly velocity: number;
  /** The family that plays: a stem's name, "drums" or "". */
  readonly family: string;
}

/** A take with its notes in the order in which they are heard. */
export interface Prepared {
  readonly id: string;
  readonly tempo: TempoMap;
  readonly meter: MeterMap;
  readonly bars: number;
  /** Seconds until its last bar ends. */
  readonly seconds: number;
  readonly notes: readonly Heard[];
}

export function prepared(music: TakeMusic): Prepared {
  const tempo = new TempoMap(music.timeline.tempo);
  const notes = music.parts.flatMap((part) =>
    part.notes.map(([tick, pitch, duration, velocity]) => ({
      at: tempo.secondsAt(tick),
      until: tempo.secondsAt(tick + duration),
      pitch,
      velocity,
      family: part.drums ? "drums" : part.stem,
    })),
  );
  return {
    id: music.id,
    tempo,
    meter: new MeterMap(music.timeline.meter),
    bars: music.bars,
    seconds: tempo.secondsAt(music.end),
    notes: notes.sort((a, b) => a.at - b.at),
  };
}

/** What makes the sound. */
export interface Sound {
  /** Seconds of its own clock. */
  now(): number;
  /** Sound a note from `at` on for so many seconds. */
  strike(note: Heard, at: number, seconds: number): void;
  /** Silence what sounds, and what is to come. */
  hush(): void;
}

/** From a strike to its being heard nothing may be late: so much later than now the music starts. */
const LEAD_SECONDS = 0.05;

/** One take at a time, from anywhere; another goes on at the same bar and beat. */
export class Audition {
  private take: Prepared | null = null;
  /** Second of the sound's clock at which second 0 of the take is. */
  private origin = 0;
  /** Second of the take that was begun with. */
  private from = 0;
  private next = 0;

  constructor(private readonly sound: Sound) {}

  /** The take that plays. */
  get playing(): Prepared | null {
    return this.take;
  }

  /** Play from that place, in bars from 0. What sounds there already is struck anew, for what is left of it. */
  play(take: Prepared, bars: number): void {
    this.sound.hush();
    const from = bars < take.bars ? take.tempo.secondsAt(take.meter.tickAt(bars)) : 0;
    const start = this.sound.now() + LEAD_SECONDS;
    this.take = take;
    this.from = from;
    this.origin = start - from;
    this.next = take.notes.findIndex((note) => note.at >= from);
    if (this.next < 0) this.next = take.notes.length;
    for (const note of take.notes.slice(0, this.next)) {
      if (note.until > from) this.sound.strike(note, start, note.until - from);
    }
  }

  stop(): void {
    this.take = null;
    this.sound.hush();
  }

  /** Where it is, in bars from 0. */
  bars(): number {
    if (!this.take) return 0;
    const into = Math.min(this.take.seconds, Math.max(this.from, this.sound.now() - this.origin));
    return Math.min(this.take.bars, this.take.meter.barsAt(this.take.tempo.tickAt(into)));
  }

  /** Strike what comes within so many seconds; false once the take has ended. */
  step(ahead: number): boolean {
    if (!this.take) return false;
    const now = this.sound.now();
    for (; this.next < this.take.notes.length; this.next++) {
      const note = this.take.notes[this.next] as Heard;
      if (this.origin + note.at > now + ahead) break;
      // After a long sleep of the browser what is over is left out.
      const late = Math.max(0, now - this.origin - note.at);
      if (note.until - note.at > late)
        this.sound.strike(note, this.origin + note.at + late, note.until - note.at - late);
    }
    return now - this.origin < this.take.seconds;
  }
}
