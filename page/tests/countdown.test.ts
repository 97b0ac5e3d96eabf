import { expect, test } from "vitest";
import { countdown } from "../src/music/countdown";
import { MeterMap } from "../src/music/meter";
import { TempoMap } from "../src/music/tempo";

const tempo = new TempoMap([{ tick: 0, bpm: 60, ramp: "step" }]);
const meter = new MeterMap([{ tick: 0, numerator: 4, denominator: 4 }]);
const still = { rolling: false, tick: 0, at: 0, loop: null };
const hits = [
  { name: "door", tick: 3840 + 960 },
  { name: "end", tick: 4 * 3840 },
];

test("what comes is counted in bar lines, beats after the last of them, and seconds", () => {
  expect(countdown(hits, 0, tempo, meter, still)).toEqual({ hit: hits[0], bars: 1, beats: 1, seconds: 5 });
  expect(countdown(hits, 3840, tempo, meter, still)).toMatchObject({ bars: 0, beats: 1, seconds: 1 });
});

test("a hit that is reached is behind, and after the last there is none", () => {
  expect(countdown(hits, 4800, tempo, meter, still)?.hit.name).toBe("end");
  expect(countdown(hits, 4 * 3840, tempo, meter, still)).toBeNull();
});

test("in a loop the way leads round its end", () => {
  const transport = { rolling: true, tick: 0, at: 0, loop: { start: 3840, end: 2 * 3840 } };
  const next = countdown(hits, 3840 + 2000, tempo, meter, transport);
  expect(next?.hit.name).toBe("door");
  expect(next?.seconds).toBeCloseTo((3840 - 2000 + 960) / 960, 9);
});
