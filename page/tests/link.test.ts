import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DaemonClock } from "../src/link/clock";
import { Connection, type Socket } from "../src/link/connection";
import { keys, patched } from "../src/link/patch";

test("a pointer names members, escaped ones too", () => {
  expect(keys("/a~1b/c~0d/0")).toEqual(["a/b", "c~d", "0"]);
  expect(keys("")).toEqual([]);
  expect(() => keys("a")).toThrow();
});

test("a difference changes what it names and leaves the rest the very same", () => {
  const before = { controls: { a: 1, b: 2 }, bars: { "1": { stage: "ready" }, "2": { stage: "planned" } }, list: [1] };
  const after = patched(before, { "/controls/a": 5, "/bars/3": { stage: "planned" } }, ["/bars/1"]);
  expect(after).toEqual({
    controls: { a: 5, b: 2 },
    bars: { "2": { stage: "planned" }, "3": { stage: "planned" } },
    list: [1],
  });
  expect(after.list).toBe(before.list);
  expect(after.bars["2"]).toBe(before.bars["2"]);
  expect(before.controls.a).toBe(1);
  expect(Object.keys(before.bars)).toEqual(["1", "2"]);
});

test("what is gone goes before what is set comes", () => {
  expect(patched({ a: { b: 1 } } as object, { "/a": { c: 2 } }, ["/a"])).toEqual({ a: { c: 2 } });
});

test("lists are whole, and a difference without its parent is refused", () => {
  expect(patched({ list: [1, 2] }, { "/list": [3] }, [])).toEqual({ list: [3] });
  expect(() => patched({ list: [1] }, { "/list/0": 3 }, [])).toThrow();
  expect(() => patched({}, { "/a/b": 1 }, [])).toThrow();
});

test("of all measurements of the clock the one with the shortest way counts", () => {
  const clock = new DaemonClock();
  clock.heard(100, 10.2);
  expect(clock.at(10)).toBeCloseTo(99.8);
  clock.measured(11, 101.5, 12);
  expect(clock.at(12)).toBeCloseTo(102);
  clock.measured(13, 103.01, 13.02);
  clock.measured(14, 105, 15);
  expect(clock.at(20)).toBeCloseTo(110);
});

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: { id: number }[] = [];
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: FakeSocket[] = [];
let there: boolean[] = [];
let connection: Connection;
const words = { notConnected: "not connected", noAnswer: "no answer" };

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  there = [];
  connection = new Connection(
    () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1) as FakeSocket;
    },
    { message: () => {}, there: (is) => there.push(is) },
    words,
    () => Date.now(),
  );
  sockets[0]?.onopen?.();
  sockets[0]?.say({ type: "hello" });
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

test("a second of silence is told within that second, and the next word ends it", () => {
  vi.advanceTimersByTime(900);
  expect(there).toEqual([true]);
  vi.advanceTimersByTime(100);
  expect(there).toEqual([true, false]);
  sockets[0]?.say({ type: "beat" });
  expect(there).toEqual([true, false, true]);
});

test("a beat each half second keeps it there", () => {
  for (let turn = 0; turn < 20; turn++) {
    vi.advanceTimersByTime(500);
    sockets[0]?.say({ type: "beat" });
  }
  expect(there).toEqual([true]);
});

test("a socket that closes is opened again, slower each time while nobody answers", () => {
  sockets[0]?.onclose?.();
  expect(there).toEqual([true, false]);
  vi.advanceTimersByTime(300);
  expect(sockets.length).toBe(2);
  for (let turn = 0; turn < 200; turn++) {
    sockets.at(-1)?.onclose?.();
    vi.advanceTimersByTime(100);
  }
  // Twenty seconds, and two of them between the later tries.
  expect(sockets.length).toBeGreaterThan(9);
  expect(sockets.length).toBeLessThan(20);
});

test("a socket that stays silent is given up for another", () => {
  vi.advanceTimersByTime(4500);
  expect(sockets[0]?.closed).toBe(true);
  expect(sockets.length).toBe(2);
});

test("answers find who asked; a no is an error in the daemon's words", async () => {
  const [first, second] = [connection.ask({ do: "/a" }), connection.ask({ do: "/b" })];
  const refused = expect(second).rejects.toThrow("no such thing");
  sockets[0]?.say({ type: "answer", id: sockets[0].sent[1]?.id, ok: false, error: "no such thing" });
  sockets[0]?.say({ type: "answer", id: sockets[0].sent[0]?.id, ok: true, value: [1] });
  await expect(first).resolves.toMatchObject({ value: [1] });
  await refused;
});

test("what waits when the connection breaks is refused, and nothing is sent while it is broken", async () => {
  const waiting = expect(connection.ask({ do: "/a" })).rejects.toThrow("no answer");
  sockets[0]?.onclose?.();
  await waiting;
  await expect(connection.ask({ do: "/b" })).rejects.toThrow("not connected");
  expect(sockets[0]?.sent.length).toBe(1);
});
