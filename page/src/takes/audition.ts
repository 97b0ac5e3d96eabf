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

/** What makes the sound of a take. */
export interface Sound {
  /** Seconds that it needs from `begin` until it can be heard: nothing may be late. */
  readonly lead: number;
  /** Seconds of its own clock. */
  now(): number;
  /** Play from that second of the take, at `at`. What sounds there already is struck anew, for what is left of it. */
  begin(take: Prepared, from: number, at: number): void;
  /** Have at hand what is heard until that second of its clock. */
  until(at: number): void;
  /** Silence what sounds, and what is to come. */
  hush(): void;
}

/** What sounds single notes. */
export interface Striker {
  now(): number;
  /** Sound a note from `at` on for so many seconds. */
  strike(note: Heard, at: number, seconds: number): void;
  hush(): void;
}

/** A take, note by note. */
export class NoteByNote implements Sound {
  readonly lead = 0.05;
  private notes: readonly Heard[] = [];
  private next = 0;
  /** Second of its clock at which second 0 of the take is. */
  private origin = 0;

  constructor(private readonly striker: Striker) {}

  now(): number {
    return this.striker.now();
  }

  begin(take: Prepared, from: number, at: number): void {
    this.notes = take.notes;
    this.origin = at - from;
    this.next = take.notes.findIndex((note) => note.at >= from);
    if (this.next < 0) this.next = take.notes.length;
    for (const note of take.notes.slice(0, this.next)) {
      if (note.until > from) this.striker.strike(note, at, note.until - from);
    }
  }

  until(at: number): void {
    const now = this.now();
    for (; this.next < this.notes.length; this.next++) {
      const note = this.notes[this.next] as Heard;
      if (this.origin + note.at > at) break;
      // After a long sleep of the browser what is over is left out.
      const late = Math.max(0, now - this.origin - note.at);
      if (note.until - note.at > late)
        this.striker.strike(note, this.origin + note.at + late, note.until - note.at - late);
    }
  }

  hush(): void {
    this.striker.hush();
  }
}

/** One take at a time, from anywhere; another goes on at the same bar and beat. */
export class Audition {
  private take: Prepared | null = null;
  /** Second of the sound's clock at which second 0 of the take is. */
  private origin = 0;
  /** Second of the take that was begun with. */
  private from = 0;

  constructor(private readonly sound: Sound) {}

  /** The take that plays. */
  get playing(): Prepared | null {
    return this.take;
  }

  isHeardWith(sound: Sound): boolean {
    return sound === this.sound;
  }

  /** Play from that place, in bars from 0. */
  play(take: Prepared, bars: number): void {
    this.sound.hush();
    const from = bars < take.bars ? take.tempo.secondsAt(take.meter.tickAt(bars)) : 0;
    const start = this.sound.now() + this.sound.lead;
    this.take = take;
    this.from = from;
    this.origin = start - from;
    this.sound.begin(take, from, start);
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

  /** Go on, with what comes within so many seconds; false once the take has ended. */
  step(ahead: number): boolean {
    if (!this.take) return false;
    const now = this.sound.now();
    this.sound.until(now + ahead);
    return now - this.origin < this.take.seconds;
  }
}
