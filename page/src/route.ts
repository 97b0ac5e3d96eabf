// Which view is shown, and how: all in the URL's hash, so that a reload or a bookmark finds it again.

import { signal } from "@preact/signals";

export const VIEWS = ["perform", "timeline", "takes", "setup"] as const;
export type View = (typeof VIEWS)[number];

export const view = signal<View>("perform");
/** What else stands in the hash: `#timeline?from=3&bars=24`. */
export const options = signal<Readonly<Record<string, string>>>({});

/** The view and options of a hash; the first view for one that is not known. */
export function parsed(hash: string): { view: View; options: Record<string, string> } {
  const [name, query = ""] = hash.replace(/^#/, "").split("?");
  const found = VIEWS.find((one) => one === name) ?? "perform";
  return { view: found, options: Object.fromEntries(new URLSearchParams(query)) };
}

/** Browsers refuse an address that changes more often than some ten times a second; fingers move the view sixty times. */
const WRITE_MS = 200;
let writing = 0;

/** Keep options in the hash, without a step in the browser's history. */
export function remember(changed: Readonly<Record<string, string>>): void {
  options.value = { ...options.peek(), ...changed };
  write();
}

/** The same for what is on its way: it holds at once, and is in the hash a moment later. */
export function rememberSoon(changed: Readonly<Record<string, string>>): void {
  options.value = { ...options.peek(), ...changed };
  writing ||= window.setTimeout(write, WRITE_MS);
}

function write(): void {
  clearTimeout(writing);
  writing = 0;
  history.replaceState(null, "", `#${view.peek()}?${new URLSearchParams(options.peek())}`);
}

export function watchHash(): void {
  const look = () => {
    const now = parsed(location.hash);
    // What was to be written is of the view that was left.
    clearTimeout(writing);
    writing = 0;
    // The stage is dark whatever the desk is. Said before anything is drawn, as pictures take their colours from it.
    document.documentElement.dataset.view = now.view;
    view.value = now.view;
    options.value = { ...options.peek(), ...now.options };
  };
  addEventListener("hashchange", look);
  look();
}
