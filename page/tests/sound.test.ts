import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { beforeAll, expect, test } from "vitest";
import { TempoMap } from "../src/music/tempo";
import { Rendering } from "../src/sound/rendering";
import { type Message, messagesOf, NOTE_ON } from "../src/sound/score";
import { waveOf } from "../src/sound/wave";

const RATE = 48_000;
const TEMPO = new TempoMap([{ tick: 0, bpm: 60, ramp: "step" }]);
let bank: BasicSoundBank;

beforeAll(async () => {
  bank = SoundBankLoader.fromArrayBuffer(await BasicSoundBank.getSampleSoundBankFile());
});

/** A file of tracks, each of messages with their tick, in 960 a quarter. */
function file(...tracks: [number, ...number[]][][]): ArrayBuffer {
  const chunk = (name: string, content: number[]) => [
    ...[...name].map((one) => one.charCodeAt(0)),
    ...big(content.length, 4),
    ...content,
  ];
  const events = (track: [number, ...number[]][]) => {
    let clock = 0;
    return track.flatMap(([tick, ...message]) => {
      const delta = tick - clock;
      clock = tick;
      return [0x80 | (delta >> 14), 0x80 | ((delta >> 7) & 0x7f), delta & 0x7f, ...message];
    });
  };
  const bytes = [
    ...chunk("MThd", [0, 1, ...big(tracks.length, 2), ...big(960, 2)]),
    ...tracks.flatMap((track) => chunk("MTrk", [...events(track), 0, 0xff, 0x2f, 0])),
  ];
  return new Uint8Array(bytes).buffer;
}

function big(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => (value >> (8 * (bytes - 1 - at))) & 0xff);
}

function made(messages: readonly Message[], from: number, seconds: number): Float32Array {
  const left = new Float32Array(seconds * RATE);
  new Rendering(bank, messages, from, RATE).render(left, new Float32Array(left.length));
  return left;
}

function firstHeard(sound: Float32Array): number {
  return sound.findIndex((one) => Math.abs(one) > 1e-4) / RATE;
}

test("each part has a channel of its own, drums theirs, and what only samples understand is left out", () => {
  const part: [number, ...number[]][] = [
    [0, 0xc2, 40],
    [0, 0xb2, 1, 90],
    [0, 0xb2, 11, 90],
    [960, 0x92, 60, 80],
  ];
  const drums: [number, ...number[]][] = [[480, 0x99, 36, 80]];
  const tracks = [[], ...Array.from({ length: 17 }, () => part), drums];
  const heard = messagesOf(file(...tracks), TEMPO);
  const channels = [...new Set(heard.map((one) => one.channel))].sort((a, b) => a - b);
  expect(channels).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(heard.filter((one) => one.channel === 9).map((one) => one.at)).toEqual([0.5]);
  expect(heard.filter((one) => one.channel === 0).map((one) => [one.at, one.kind, one.data[0]])).toEqual([
    [0, 0xc0, 40],
    [0, 0xb0, 11],
    [1, 0x90, 60],
  ]);
});

test("a note is heard at its very frame, and ends", () => {
  const messages = messagesOf(
    file([
      [960, 0x90, 60, 100],
      [1920, 0x80, 60, 0],
    ]),
    TEMPO,
  );
  const sound = made(messages, 0, 4);
  expect(firstHeard(sound)).toBeGreaterThanOrEqual(1);
  expect(firstHeard(sound)).toBeLessThan(1.004);
  expect(sound.subarray(3.5 * RATE).every((one) => Math.abs(one) < 1e-2)).toBe(true);
});

test("from the middle of a note on it is heard at once, with what was set before", () => {
  const held = messagesOf(
    file([
      [0, 0xb0, 7, 100],
      [0, 0x90, 60, 100],
      [9600, 0x80, 60, 0],
    ]),
    TEMPO,
  );
  expect(firstHeard(made(held, 4, 1))).toBeLessThan(0.01);
  const silent = messagesOf(
    file([
      [0, 0xb0, 7, 0],
      [0, 0x90, 60, 100],
      [9600, 0x80, 60, 0],
    ]),
    TEMPO,
  );
  expect(firstHeard(made(silent, 4, 1))).toBeLessThan(0);
  expect(firstHeard(made(held, 12, 1))).toBeLessThan(0);
});

test("blocks are the same sound as one piece", () => {
  const messages: Message[] = [0.013, 0.4].map((at) => ({
    at,
    channel: 0,
    kind: NOTE_ON,
    data: new Uint8Array([60, 90]),
  }));
  const whole = made(messages, 0, 1);
  const rendering = new Rendering(bank, messages, 0, RATE);
  const again = new Float32Array(RATE);
  for (let at = 0; at < RATE; at += 4800) {
    rendering.render(again.subarray(at, at + 4800), new Float32Array(4800));
  }
  expect(firstHeard(again)).toBe(firstHeard(whole));
});

test("a WAV file says what it holds, and nothing is louder than it can be", () => {
  const left = new Float32Array([0, 2, -2, 0]);
  const [header, data] = waveOf([{ left, right: left }], RATE) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  const view = new DataView(header.buffer);
  expect(new TextDecoder().decode(header.subarray(0, 4))).toBe("RIFF");
  expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([2, RATE, 24]);
  expect(view.getUint32(40, true)).toBe(data.length);
  expect(view.getUint32(4, true)).toBe(header.length + data.length - 8);
  const frame = (at: number) => (((data[6 * at + 2] as number) << 24) | ((data[6 * at + 1] as number) << 16)) >> 8;
  expect(frame(1) / 2 ** 23).toBeCloseTo(0.98, 2);
  expect(frame(2) / 2 ** 23).toBeCloseTo(-0.98, 2);
});
