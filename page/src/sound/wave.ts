// Sound as a WAV file: two channels of 24 bits, as an edit expects it.

import { LOUD } from "./loud";

const BYTES = 3;
const CHANNELS = 2;
const HEADER_BYTES = 44;
const FULL = 2 ** 23 - 1;
/** What would be louder than a file can hold is made softer as a whole, to this. */
const LOUDEST = 0.98;

export interface Block {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** The file's parts, one after another. */
export function waveOf(blocks: readonly Block[], rate: number): Uint8Array<ArrayBuffer>[] {
  let peak = 0;
  let frames = 0;
  for (const { left, right } of blocks) {
    frames += left.length;
    for (const channel of [left, right]) for (const one of channel) peak = Math.max(peak, Math.abs(one));
  }
  const gain = FULL * Math.min(LOUD, LOUDEST / Math.max(peak, 1e-9));
  return [header(frames, rate), ...blocks.map((block) => bytesOf(block, gain))];
}

function header(frames: number, rate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const words = (at: number, text: string) => [...text].map((one, i) => view.setUint8(at + i, one.charCodeAt(0)));
  const size = frames * CHANNELS * BYTES;
  words(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + size, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * CHANNELS * BYTES, true);
  view.setUint16(32, CHANNELS * BYTES, true);
  view.setUint16(34, 8 * BYTES, true);
  words(36, "data");
  view.setUint32(40, size, true);
  return bytes;
}

function bytesOf({ left, right }: Block, gain: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(left.length * CHANNELS * BYTES);
  let at = 0;
  for (let frame = 0; frame < left.length; frame++) {
    for (const one of [left[frame], right[frame]]) {
      const value = Math.round((one as number) * gain);
      bytes[at++] = value;
      bytes[at++] = value >> 8;
      bytes[at++] = value >> 16;
    }
  }
  return bytes;
}
