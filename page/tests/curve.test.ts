import { expect, test } from "vitest";
import { simplified, valueAt, withoutPoint, withPoint, withStroke } from "../src/music/curve";

test("a curve runs straight between its points and holds outside them", () => {
  const points = [
    { bar: 2, value: 0 },
    { bar: 6, value: 1 },
  ];
  expect([0, 2, 3, 4, 6, 9].map((bar) => valueAt(points, bar))).toEqual([0, 0, 0.25, 0.5, 1, 1]);
  expect(valueAt([], 3)).toBeNull();
});

test("a point is put in its place, moved where one lies, and taken away", () => {
  const one = withPoint([{ bar: 4, value: 0.5 }], { bar: 1, value: 0.2 });
  expect(one.map((point) => point.bar)).toEqual([1, 4]);
  expect(withPoint(one, { bar: 4, value: 0.9 })).toEqual([
    { bar: 1, value: 0.2 },
    { bar: 4, value: 0.9 },
  ]);
  expect(withoutPoint(one, 1)).toEqual([{ bar: 4, value: 0.5 }]);
});

test("a fast stroke fills the bars it skipped, within the range", () => {
  const stroke = [
    { bar: 0.2, value: -3 },
    { bar: 3.9, value: 1 },
  ];
  const points = withStroke([], stroke, 0, 1);
  expect(valueAt(points, 0)).toBe(0);
  expect(valueAt(points, 4)).toBe(1);
  expect(points.every((point) => point.value >= 0 && point.value <= 1)).toBe(true);
});

test("a stroke leaves alone what lies outside it, and drawn back over itself its last word counts", () => {
  const old = [
    { bar: 0, value: 0.1 },
    { bar: 3, value: 0.9 },
    { bar: 9, value: 0.3 },
  ];
  const there = { bar: 2, value: 0.5 };
  const points = withStroke(old, [there, { bar: 4, value: 0.5 }, { bar: 2, value: 0.7 }], 0, 1);
  expect(valueAt(points, 0)).toBe(0.1);
  expect(valueAt(points, 9)).toBe(0.3);
  expect(valueAt(points, 2)).toBe(0.7);
  expect(valueAt(points, 4)).toBe(0.5);
});

test("points that lie on the line between others are not kept", () => {
  const line = [0, 1, 2, 3, 4].map((bar) => ({ bar, value: bar / 4 }));
  expect(simplified(line)).toEqual([line[0], line[4]]);
});
