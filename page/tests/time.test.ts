import { expect, test } from "vitest";
import { MeterMap } from "../src/music/meter";
import { type Ramp, TempoMap } from "../src/music/tempo";
import { tickAt } from "../src/music/transport";
import golden from "./time.json";

const tempoMaps = golden.tempo.map((one) => new TempoMap(one.points as { tick: number; bpm: number; ramp: Ramp }[]));

test("a tempo map says the daemon's seconds and tempi, and finds back to the tick", () => {
  golden.tempo.forEach(({ places }, index) => {
    const map = tempoMaps[index] as TempoMap;
    for (const [tick, seconds, bpm] of places as [number, number, number][]) {
      expect(map.secondsAt(tick)).toBeCloseTo(seconds, 9);
      expect(map.bpmAt(tick)).toBeCloseTo(bpm, 9);
      expect(map.tickAt(seconds)).toBeCloseTo(tick, 5);
    }
  });
});

test("a metre map has the daemon's bars and counts as it does", () => {
  golden.meter.forEach(({ changes, places, said }) => {
    const map = new MeterMap(changes);
    places.forEach(([tick, index, start, end], at) => {
      expect(map.barAt(tick as number)).toMatchObject({ index, start, end });
      expect(map.bar(index as number)).toMatchObject({ index, start, end });
      expect(Object.values(map.placeAt(tick as number))).toEqual(said[at]);
      expect(map.tickAt(map.barsAt(tick as number))).toBeCloseTo(tick as number, 6);
    });
  });
});

test("the playhead is where the daemon is, round a loop too", () => {
  const { tick, at, loop, places } = golden.transport;
  const transport = { rolling: true, tick, at, loop: { start: loop[0] as number, end: loop[1] as number } };
  for (const [now, place] of places as [number, number][]) {
    expect(tickAt(transport, now, tempoMaps[2] as TempoMap)).toBeCloseTo(place, 5);
  }
});

test("a transport that stands stays where it is", () => {
  const transport = { rolling: false, tick: 77, at: 0, loop: null };
  expect(tickAt(transport, 1000, tempoMaps[0] as TempoMap)).toBe(77);
});
