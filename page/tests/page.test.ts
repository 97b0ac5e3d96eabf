import { expect, test, vi } from "vitest";
import { Mover } from "../src/perform/mover";
import { parsed } from "../src/route";
import { pinched } from "../src/timeline/pinch";
import { barStep, following, SHORTEST, turned, within, zoomed } from "../src/timeline/scale";

test("a hash names a view and its options; one that is not known is the stage", () => {
  expect(parsed("#timeline?from=3&bars=8")).toEqual({ view: "timeline", options: { from: "3", bars: "8" } });
  expect(parsed("").view).toBe("perform");
  expect(parsed("#nonsense").view).toBe("perform");
});

test("zooming keeps the place under the pointer", () => {
  const before = { from: 10_000, span: 40_000 };
  const after = zoomed(before, 0.5, 0.25);
  expect(after.from + 0.25 * after.span).toBeCloseTo(before.from + 0.25 * before.span);
  expect(zoomed(before, 1e-9, 0.5).span).toBe(SHORTEST);
});

test("nobody looks before the start, nor far beyond the end", () => {
  expect(within({ from: -5, span: 10_000 }, 50_000).from).toBe(0);
  expect(within({ from: 90_000, span: 10_000 }, 50_000).from).toBe(45_000);
});

test("the view follows page by page, and stays while the playhead is in it", () => {
  const view = { from: 0, span: 1000 };
  expect(following(view, 500)).toBe(view);
  expect(following(view, 950).from).toBeCloseTo(870);
  expect(following({ from: 5000, span: 1000 }, 100).from).toBeCloseTo(20);
});

test("bar numbers are thinned out before they touch", () => {
  expect(barStep(50, 34)).toBe(1);
  expect(barStep(10, 34)).toBe(4);
});

test("of many movements the last one arrives, and few are under way at once", async () => {
  vi.useFakeTimers();
  const answers: (() => void)[] = [];
  const sent: number[] = [];
  const idle = vi.fn();
  const mover = new Mover<number>(
    (value) => {
      sent.push(value);
      return new Promise<void>((resolve) => answers.push(resolve));
    },
    idle,
    () => Date.now(),
  );
  for (let value = 0; value < 100; value++) {
    mover.to(value);
    await vi.advanceTimersByTimeAsync(5);
  }
  expect(sent.length).toBe(2);
  while (answers.length) {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(sent.at(-1)).toBe(99);
  expect(sent.length).toBe(3);
  expect(idle).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test("two fingers keep what is under them, and fingers on each other do not zoom without bounds", () => {
  const before = { from: 10_000, span: 40_000 };
  const apart = pinched(before, { middle: 100, apart: 100 }, { middle: 150, apart: 200 }, 400);
  expect(apart.span).toBe(20_000);
  expect(apart.from + (150 / 400) * apart.span).toBeCloseTo(before.from + (100 / 400) * before.span);
  expect(pinched(before, { middle: 100, apart: 0 }, { middle: 100, apart: 20 }, 400)).toEqual(before);
});

test("a trackpad's pinch is followed exactly, and a wheel's notch is one small step back and forth", () => {
  expect(turned(5)).toBeCloseTo(Math.exp(0.05));
  expect(turned(120)).toBe(turned(20));
  expect(turned(120) * turned(-120)).toBeCloseTo(1);
});
