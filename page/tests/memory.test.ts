import { beforeEach, expect, test, vi } from "vitest";
import type * as memoryOf from "../src/takes/memory";

/** What was asked and is not answered yet, in order. */
let asked: { readonly path: string; answer(text: string, status?: number): Promise<void> }[];
let page: typeof memoryOf;

beforeEach(async () => {
  asked = [];
  vi.stubGlobal("document", { baseURI: "http://page/", hidden: false });
  vi.stubGlobal(
    "fetch",
    (url: URL) =>
      new Promise((go) => {
        const answer = async (text: string, status = 200) => {
          go({ ok: status === 200, text: async () => text });
          await new Promise((done) => setTimeout(done));
        };
        asked.push({ path: url.pathname, answer });
      }),
  );
  vi.resetModules();
  page = await import("../src/takes/memory");
});

function list(...takes: object[]): string {
  return JSON.stringify({ takes, file: "door.takes.db", none: "", last: null, players: [] });
}

function shown(): object[] | undefined {
  return page.memory.value?.takes.map(({ id, rating }) => ({ id, rating }));
}

test("an older look that is answered later changes nothing", async () => {
  void page.look();
  void page.look();
  await asked[1]?.answer(list({ id: "new" }, { id: "old" }));
  await asked[0]?.answer(list({ id: "old" }));
  expect(shown()?.length).toBe(2);
  void page.look();
  void page.look();
  await asked[3]?.answer(list({ id: "old" }));
  await asked[2]?.answer("in use by another process", 503);
  expect(shown()?.length).toBe(1);
  expect(page.trouble.value).toBe("");
});

test("looks that are answered in order are all shown", async () => {
  void page.look();
  void page.look();
  await asked[0]?.answer(list({ id: "old" }));
  expect(shown()?.length).toBe(1);
  await asked[1]?.answer(list({ id: "new" }, { id: "old" }));
  expect(shown()?.length).toBe(2);
});

test("a look from before a rating does not take it back", async () => {
  void page.look();
  await asked[0]?.answer(list({ id: "one", rating: null }));
  void page.look();
  const rated = page.rate("one", { rating: 4 });
  await asked[2]?.answer(JSON.stringify({ id: "one", rating: 4 }));
  expect(await rated).toBe(true);
  await asked[1]?.answer(list({ id: "one", rating: null }));
  expect(shown()).toEqual([{ id: "one", rating: 4 }]);
  await asked[3]?.answer(list({ id: "one", rating: 5 }));
  expect(shown()).toEqual([{ id: "one", rating: 5 }]);
});

test("the music of a take that is purged while it is read is not kept", async () => {
  void page.look();
  await asked[0]?.answer(list({ id: "one" }, { id: "two" }));
  const music = page.musicOf("one");
  await vi.waitFor(() => expect(asked[1]?.path).toBe("/api/takes/one/music"));
  void page.look();
  await asked[2]?.answer(list({ id: "two" }));
  await asked[1]?.answer(JSON.stringify({ id: "one", parts: [] }));
  expect(await music).toBeNull();
  expect([...page.musics.value.keys()]).toEqual([]);
});
