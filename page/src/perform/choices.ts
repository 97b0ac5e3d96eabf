// What a person at the page has chosen, which no daemon needs to know.

import { computed, signal } from "@preact/signals";
import { options, remember } from "../route";
import { act, told } from "../store";

export const WHENS = ["now", "beat", "bar", "marker", "end"] as const;
export type When = (typeof WHENS)[number];

/** When states, stingers and variations come. */
export const when = computed<When>(() => WHENS.find((one) => one === options.value.when) ?? "bar");
export function choose(chosen: When): void {
  remember({ when: chosen });
}

/** True while a tap binds a control instead of moving it. */
export const learning = signal(false);

/** Let the MIDI control that is moved next drive `target`. */
export function learn(target: string): void {
  void act("/hitpoint/midi/learn", target);
}

/** A name as an argument of a target that MIDI drives: quoted as in a shell where it must be. */
export function quoted(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'"'"'`)}'`;
}

/** A name as it stands in an address. */
export function inAddress(name: string): string {
  return name.replaceAll(" ", "_");
}

/** What drives `target`; empty for nothing. */
export function driver(target: string): string {
  return told.midi.value.bindings
    .filter((binding) => binding.target === target)
    .map((binding) => binding.source)
    .join(", ");
}

/** Do at a tap what the control is for, or, while learning, bind it. */
export function tapped(target: string, action: () => void): () => void {
  return () => (learning.peek() ? learn(target) : action());
}

export const vary = () => void act("/hitpoint/cue/vary_next", when.peek());
export const undo = () => void act("/hitpoint/undo");
export const panic = () => void act("/hitpoint/panic");
export const freeze = () => void act("/hitpoint/cue/freeze", told.states.peek().frozen_bar === null);
export const goTo = (state: string) => void act("/hitpoint/state/go", state, when.peek());
export const leave = () => void act("/hitpoint/state/return", when.peek());
export const throwIn = (stinger: string) => void act(`/hitpoint/stinger/${inAddress(stinger)}`, when.peek());
export const playOrStop = () =>
  void act(told.transport.peek().rolling ? "/hitpoint/transport/stop" : "/hitpoint/transport/play");
