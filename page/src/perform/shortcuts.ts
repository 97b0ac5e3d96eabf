// Keys of the stage. They can be switched off, for those who speak or scan their way through a page.

import { signal } from "@preact/signals";
import { view } from "../route";
import { act, told } from "../store";
import { choose, freeze, goTo, learning, leave, panic, playOrStop, throwIn, undo, vary, WHENS, when } from "./choices";
import { STINGER_KEYS } from "./Pads";

const KEPT = "hitpoint.keys";
export const keysOn = signal(localStorage.getItem(KEPT) !== "off");
export const keysShown = signal(false);

export function switchKeys(on: boolean): void {
  keysOn.value = on;
  localStorage.setItem(KEPT, on ? "on" : "off");
}

export function watchKeys(): void {
  addEventListener("keydown", (event) => {
    if (keysOn.peek() && !keysShown.peek() && !event.defaultPrevented && pressed(event)) event.preventDefault();
  });
}

/** Do what the key is for; false when it is for nothing here. */
function pressed(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  if (at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && key === "z") return once(event, undo);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (key === "?") return once(event, () => (keysShown.value = true));
  if (key === " ") return at.closest("button, a, label, [role=slider]") ? false : once(event, playOrStop);
  if (key === "p") return once(event, panic);
  if (key === "z") return once(event, undo);
  return view.peek() === "perform" && onStage(event, key, at);
}

function onStage(event: KeyboardEvent, key: string, at: HTMLElement): boolean {
  const arrows = !at.closest("[role=slider], input[type=radio]");
  if ((key === "ArrowUp" || key === "ArrowDown") && arrows) return nudge(event);
  if ((key === "ArrowLeft" || key === "ArrowRight") && arrows) {
    const to = WHENS.indexOf(when.peek()) + (key === "ArrowRight" ? 1 : -1);
    choose(WHENS[Math.min(WHENS.length - 1, Math.max(0, to))] ?? "bar");
    return true;
  }
  if (key === "v") return once(event, vary);
  if (key === "f") return once(event, freeze);
  if (key === "m") return once(event, () => (learning.value = !learning.peek()));
  if (key === "a") return once(event, () => void act("/hitpoint/control/intensity"));
  if (key === "0") return once(event, leave);
  const state = Object.keys(told.states.peek().known)[Number(key) - 1];
  if (state !== undefined) return once(event, () => goTo(state));
  const stinger = key.length === 1 ? told.stingers.peek()[STINGER_KEYS.indexOf(key)] : undefined;
  return stinger !== undefined && once(event, () => throwIn(stinger));
}

/** The fader itself takes the key, so that hand and keys never disagree about where it stands. */
function nudge({ key, shiftKey }: KeyboardEvent): boolean {
  const fader = document.querySelector("[data-control=intensity]");
  return !!fader && !fader.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, cancelable: true }));
}

/** A key that is held down acts once. */
function once(event: KeyboardEvent, action: () => void): boolean {
  if (!event.repeat) action();
  return true;
}
