import { beforeEach, expect, test } from "vitest";
import type { NoteRow } from "../src/link/protocol";
import { Audition, type Heard, NoteByNote, prepared, type Striker } from "../src/takes/audition";
import { cueAt } from "../src/takes/cueAt";
import { groups } from "../src/takes/groups";
import type { Take, TakeMusic } from "../src/takes/memory";
import { colourOf, scaleOf } from "../src/takes/picture";
import { anew, covered, onRoll, overRows } from "../src/takes/rectangle";

function music(id: string, bpm: number, notes: NoteRow[], bars = 4): TakeMusic {
  return {
    id,
    bars,
    end: bars * 3840,
    timeline: {
      frame_rate: "24",
      tempo: [{ tick: 0, seconds: 0, bpm, ramp: "step" }],
      meter: [{ tick: 0, bar: 1, numerator: 4, denominator: 4 }],
      markers: [],
      regions: [],
    },
    hits: [],
    parts: [{ name: "cello", stem: "strings", drums: false, notes }],
  };
}

class FakeSound implements Striker {
  at = 100;
  struck: [number, number, number][] = [];
  hushed = 0;
  now() {
    return this.at;
  }
  strike(note: Heard, at: number, seconds: number) {
    this.struck.push([note.pitch, Number((at - this.at).toFixed(3)), Number(seconds.toFixed(3))]);
  }
  hush() {
    this.hushed++;
    this.struck = [];
  }
}

let sound: FakeSound;
let audition: Audition;
// At 120 a bar takes two seconds; at 60, four.
const quick = prepared(
  music("quick", 120, [
    [0, 60, 960, 100],
    [3840, 62, 7680, 100],
    [7680, 64, 960, 100],
  ]),
);
const slow = prepared(
  music("slow", 60, [
    [0, 70, 15360, 90],
    [5760, 72, 960, 90],
  ]),
);

beforeEach(() => {
  sound = new FakeSound();
  audition = new Audition(new NoteByNote(sound));
});

test("a take is struck note by note, a little ahead and no more", () => {
  audition.play(quick, 0);
  audition.step(0.3);
  expect(sound.struck).toEqual([[60, 0.05, 0.5]]);
  sound.at += 1.8;
  audition.step(0.3);
  expect(sound.struck.slice(1)).toEqual([[62, 0.25, 4]]);
  expect(audition.bars()).toBeCloseTo((1.8 - 0.05) / 2);
});

test("another take goes on at the same bar and beat, whatever its tempo, with what is held there", () => {
  audition.play(quick, 0);
  sound.at += 2.05;
  expect(audition.bars()).toBeCloseTo(1);
  audition.play(slow, audition.bars());
  expect(sound.hushed).toBe(2);
  expect(audition.playing?.id).toBe("slow");
  // One of its bars is over: three, of four seconds each, are left of what is held.
  expect(sound.struck).toEqual([[70, 0.05, 12]]);
  sound.at += 0.05 + 2;
  expect(audition.bars()).toBeCloseTo(1.5);
});

test("a place beyond the end is the start, and the end is told", () => {
  audition.play(quick, 9);
  sound.at += 0.05;
  expect(audition.bars()).toBeCloseTo(0);
  sound.at += 7.9;
  expect(audition.step(0.3)).toBe(true);
  sound.at += 0.2;
  expect(audition.step(0.3)).toBe(false);
  expect(audition.bars()).toBe(4);
});

test("after a sleep what is over is left out, and what is held is struck for the rest of it", () => {
  audition.play(quick, 0);
  sound.at += 3.05;
  audition.step(0.3);
  expect(sound.struck).toEqual([[62, 0, 3]]);
});

test("takes side by side have one scale, and a part one colour in all of them", () => {
  const [low, high] = [music("a", 120, [[0, 40, 960, 90]]), music("b", 120, [[0, 80, 960, 90]], 8)];
  const scale = scaleOf([low, high], ["flute", "cello", "flute", "harp"]);
  expect(scale).toEqual({ end: 8 * 3840, low: 39, high: 81, parts: ["flute", "cello", "harp"] });
  expect(colourOf(scale, "harp")).toBe(2);
});

test("takes stand by cue in the order of numbers, those without one last", () => {
  const takes = ["", "1m10", "1m2", "1m10"].map((cue, at) => ({ id: String(at), cue }) as Take);
  expect(groups(takes).map(({ cue, takes: of }) => [cue, of.map((take) => take.id)])).toEqual([
    ["1m2", ["2"]],
    ["1m10", ["1", "3"]],
    ["", ["0"]],
  ]);
});

test("a drag covers whole bars and parts, whichever way it went, and what was asked is read back", () => {
  const four = music("four", 120, []);
  const parts = ["flute", "cello", "piano"];
  const one = covered([0.6, 0.9], [0.3, 0.4], four, parts);
  expect(one).toEqual({ first: 2, last: 3, parts: ["cello", "piano"] });
  expect(covered([-1, -1], [9, 9], four, parts)).toEqual({ first: 1, last: 4, parts });
  const third = 1 / 3;
  expect(overRows({ ...one, parts: ["flute", "piano"] }, four, parts)).toEqual([
    { left: 0.25, right: 0.75, top: 0, bottom: third },
    { left: 0.25, right: 0.75, top: 2 * third, bottom: 1 },
  ]);
  const child = { parent: "x", parts: ["cello"], asked: { bars: "3,5-6" } } as unknown as Take;
  expect(anew(child)).toEqual([
    { first: 3, last: 3, parts: ["cello"] },
    { first: 5, last: 6, parts: ["cello"] },
  ]);
  expect(anew({ ...child, parent: null })).toEqual([]);
});

test("on a roll a rectangle holds the notes that are inside, and all of the height where none is", () => {
  const one = music("one", 120, [
    [0, 40, 960, 90],
    [3840, 60, 960, 90],
    [4800, 64, 960, 90],
  ]);
  const scale = scaleOf([one], ["cello"]);
  const box = onRoll({ first: 2, last: 2, parts: ["cello"] }, one, scale);
  expect([box.left, box.right]).toEqual([0.25, 0.5]);
  expect(box.top).toBeCloseTo(0, 1);
  expect(box.bottom).toBeLessThan(0.3);
  expect(onRoll({ first: 3, last: 4, parts: ["cello"] }, one, scale)).toMatchObject({ left: 0.5, right: 1, top: 0 });
});

test("the cue at the host's place is the one that has entered and not ended", () => {
  const cues = [
    { name: "a", start: 0, end: 3840, there: 0 },
    { name: "lost", start: null, end: null, there: 0 },
    { name: "b", start: 7680, end: null, there: 0 },
  ];
  expect([0, 3839, 3840, 7679.8, 99999].map((tick) => cueAt(cues, tick))).toEqual(["a", "a", "", "b", "b"]);
});
