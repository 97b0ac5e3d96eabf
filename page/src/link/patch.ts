// Differences of JSON values: what is gone is taken out, then what is set is put in. The rest stays the very same
// object, so that only who shows what changed draws again.

type Json = unknown;

/** The value after a difference. Raises where a parent is missing: the whole state must then be had anew. */
export function patched<T>(value: T, set: Readonly<Record<string, Json>>, gone: readonly string[]): T {
  const fresh = new Set<object>();
  let result: Json = value;
  for (const pointer of gone) result = changed(result, keys(pointer), fresh, (parent, key) => delete parent[key]);
  for (const [pointer, wanted] of Object.entries(set)) {
    result = changed(
      result,
      keys(pointer),
      fresh,
      (parent, key) => {
        parent[key] = wanted;
        return true;
      },
      wanted,
    );
  }
  return result as T;
}

/** The members that a JSON pointer (RFC 6901) names, outermost first. */
export function keys(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new Error(`not a JSON pointer: ${pointer}`);
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function changed(
  root: Json,
  path: readonly string[],
  fresh: Set<object>,
  act: (parent: Record<string, Json>, key: string) => boolean,
  whole?: Json,
): Json {
  const last = path.at(-1);
  if (last === undefined) return whole;
  const top = own(root, fresh);
  let parent = top;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(parent, key)) throw new Error(`nothing at ${key} of /${path.join("/")}`);
    const inner = own(parent[key], fresh);
    parent[key] = inner;
    parent = inner;
  }
  act(parent, last);
  return top;
}

/** The object itself where this difference made it, else a copy. */
function own(value: Json, fresh: Set<object>): Record<string, Json> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  if (fresh.has(value)) return value as Record<string, Json>;
  const copy = { ...(value as Record<string, Json>) };
  fresh.add(copy);
  return copy;
}
