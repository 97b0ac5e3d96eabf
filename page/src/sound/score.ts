// A take's MIDI file as a synthesiser hears it: every message with its second, and channels enough for every part.

import { BasicMIDI } from "spessasynth_core";
import type { TempoMap } from "../music/tempo";

export interface Message {
  /** Seconds from the take's start. */
  readonly at: number;
  /** From 0; more than 15 where a take has more parts. */
  readonly channel: number;
  /** The status byte without its channel. */
  readonly kind: number;
  readonly data: Uint8Array;
}

export const NOTE_OFF = 0x80;
export const NOTE_ON = 0x90;
export const CONTROLLER = 0xb0;
export const PROGRAM = 0xc0;
const DRUMS = 9;
const KINDS = new Set([NOTE_OFF, NOTE_ON, CONTROLLER, PROGRAM, 0xa0, 0xd0, 0xe0]);
/** Orchestral libraries fade between their recordings by it; General MIDI sounds would only tremble. */
const MODULATION = 1;

/** All that is to be heard, in order. `tempo` is the take's own: a file has its ramps as steps. */
export function messagesOf(file: ArrayBuffer, tempo: TempoMap): Message[] {
  const found: (Message & { readonly tick: number })[] = [];
  let part = 0;
  for (const track of BasicMIDI.fromArrayBuffer(file).tracks) {
    let own = -1;
    for (const { ticks, statusByte, data } of track.events) {
      const kind = statusByte & 0xf0;
      if (statusByte >= 0xf0 || !KINDS.has(kind)) continue;
      if (kind === CONTROLLER && data[0] === MODULATION) continue;
      const drums = (statusByte & 0xf) === DRUMS;
      // A channel a track: in a file, parts of several ports have the same ones.
      if (!drums && own < 0) own = channelOf(part++);
      found.push({ at: tempo.secondsAt(ticks), tick: ticks, channel: drums ? DRUMS : own, kind, data });
    }
  }
  return found.sort((a, b) => a.tick - b.tick);
}

/** The channel of the part of that number, from 0: in every sixteen one is for drums. */
function channelOf(part: number): number {
  const within = part % 15;
  return 16 * Math.floor(part / 15) + (within < DRUMS ? within : within + 1);
}
