import type { Signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { State } from "../src/link/protocol";
import { told } from "../src/store";
import type { Prepared } from "../src/takes/audition";
import { PortsSound } from "../src/takes/ports";

const take = { id: "one" } as Prepared;
let answer: () => Promise<void>;
let ended: number;
let ports: PortsSound;

function tell(id: string): void {
  (told.audition as Signal<State["audition"]>).value = { take: id, second: 0, at: 0 };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { baseURI: "http://page/" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("fetch", () => {
    return new Promise((go) => {
      answer = async () => {
        go({ ok: true, text: async () => "{}" });
        await vi.advanceTimersByTimeAsync(1);
      };
    });
  });
  tell("");
  ended = 0;
  ports = new PortsSound(() => ended++);
});

test("a take that gives way to the host has ended", async () => {
  ports.begin(take, 0);
  await answer();
  tell("one");
  await vi.advanceTimersByTimeAsync(9000);
  expect(ended).toBe(0);
  tell("");
  expect(ended).toBe(1);
});

test("a take that gives way before the daemon's answer is here has ended soon", async () => {
  ports.begin(take, 0);
  tell("one");
  tell("");
  await answer();
  await vi.advanceTimersByTimeAsync(9000);
  expect(ended).toBe(1);
});

test("one that is begun again is not ended for its first time", async () => {
  ports.begin(take, 0);
  await answer();
  ports.begin(take, 1);
  await answer();
  await vi.advanceTimersByTimeAsync(2000);
  tell("one");
  await vi.advanceTimersByTimeAsync(9000);
  expect(ended).toBe(0);
});
