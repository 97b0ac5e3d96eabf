import { beforeEach, expect, test } from "vitest";
import type { NoteRow } from "../src/link/protocol";
import { Audition, type Heard, NoteByNote, prepared, type Striker } from "../src/takes/audition";
import { groups } from "../src/takes/groups";
import type { Take, TakeMusic } from "../src/takes/memory";
import { colourOf, scaleOf } from "../src/takes/picture";

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
