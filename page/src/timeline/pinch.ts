// Two fingers on the timeline: what lies under them stays under them, apart or aside.

import { type Stretch, zoomed } from "./scale";

export interface Pair {
  /** Pixels from the left edge to the middle between both. */
  readonly middle: number;
  /** Pixels between them, whichever way they lie. */
  readonly apart: number;
}

export interface Hand {
  /** Two fingers are down: what is in view then. */
  began(): Stretch;
  /** What they make of it; aside: whether they have moved it, too. */
  moved(to: Stretch, aside: boolean): void;
  ended(): void;
}

/** Fingers closer than that lie on each other: the least movement would be a great zoom. */
const CLOSEST = 24;
/** A pinch goes aside by so many pixels without anybody meaning it. */
const SLACK = 12;

interface Finger {
  readonly target: EventTarget;
  x: number;
  y: number;
}

/** What `at` becomes when two fingers that were so are so now. */
export function pinched(at: Stretch, before: Pair, now: Pair, width: number): Stretch {
  const factor = Math.max(CLOSEST, before.apart) / Math.max(CLOSEST, now.apart);
  return zoomed(at, factor, before.middle / width, now.middle / width);
}

/** Tell the hand of every two fingers on the element. What one finger does there is not touched. Gives what stops it. */
export function watchFingers(element: HTMLElement, hand: Hand): () => void {
  const down = new Map<number, Finger>();
  let pinch: { readonly ids: readonly number[]; readonly at: Stretch; readonly before: Pair; aside: boolean } | null =
    null;
  // Until the last finger has left: the one that stays of two is not to draw.
  let taken = false;

  const pairOf = (ids: readonly number[]): Pair => {
    const [one, other] = ids.map((id) => down.get(id) as Finger) as [Finger, Finger];
    const middle = (one.x + other.x) / 2 - element.getBoundingClientRect().left;
    return { middle, apart: Math.hypot(other.x - one.x, other.y - one.y) };
  };
  const pressed = (event: PointerEvent) => {
    if (event.isPrimary) {
      // There is no other finger, whatever was missed of one.
      down.clear();
      taken = false;
    }
    down.set(event.pointerId, { target: event.target as EventTarget, x: event.clientX, y: event.clientY });
    if (down.size !== 2) return;
    const ids = [...down.keys()];
    // What the first finger has begun was not meant.
    const [[pointerId, first]] = [...down] as [[number, Finger], unknown];
    first.target.dispatchEvent(new PointerEvent("pointercancel", { pointerId, bubbles: true }));
    taken = true;
    pinch = { ids, at: hand.began(), before: pairOf(ids), aside: false };
  };
  const moved = (event: PointerEvent) => {
    const finger = down.get(event.pointerId);
    if (!finger) return;
    finger.x = event.clientX;
    finger.y = event.clientY;
    if (!pinch?.ids.includes(event.pointerId)) return;
    const now = pairOf(pinch.ids);
    pinch.aside ||= Math.abs(now.middle - pinch.before.middle) > SLACK;
    hand.moved(pinched(pinch.at, pinch.before, now, element.clientWidth), pinch.aside);
  };
  const left = (event: PointerEvent) => {
    down.delete(event.pointerId);
    if (pinch?.ids.includes(event.pointerId)) {
      pinch = null;
      hand.ended();
    }
  };

  const acts = { pointerdown: pressed, pointermove: moved, pointerup: left, pointercancel: left };
  const heard = (event: PointerEvent) => {
    if (event.pointerType !== "touch" || !event.isTrusted) return;
    acts[event.type as keyof typeof acts](event);
    if (taken) event.stopPropagation();
    if (!down.size) taken = false;
  };
  const off = new AbortController();
  const how = { signal: off.signal, capture: true };
  for (const name of Object.keys(acts)) element.addEventListener(name, heard as EventListener, how);
  return () => off.abort();
}
