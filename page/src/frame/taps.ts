// A finger's tap always counts. Browsers now and then make no click of a tap that follows a drag closely (Chromium: two
// of twenty-four, measured); on a stage the button must act all the same, and once.

/** A click comes at once after the finger has left, or not at all. */
const CLICK_MS = 60;
/** A click that comes after we have acted in its place is not another one. */
const LATE_MS = 500;

export function watchTaps(): void {
  let touched: HTMLButtonElement | null = null;
  let clicked = false;
  let acted: { readonly button: HTMLButtonElement; readonly at: number } | null = null;

  const on = <K extends "pointerdown" | "pointerup" | "pointercancel" | "click">(
    name: K,
    act: (event: HTMLElementEventMap[K]) => void,
  ) => document.addEventListener(name, act as EventListener, { capture: true });
  const buttonAt = (target: EventTarget | null) => (target as Element | null)?.closest?.("button") ?? null;

  on("pointerdown", (event) => {
    touched = event.pointerType === "touch" && event.isPrimary ? buttonAt(event.target) : null;
    clicked = false;
  });
  on("pointercancel", () => {
    // It was the beginning of a scroll.
    touched = null;
  });
  on("pointerup", (event) => {
    const button = touched;
    touched = null;
    if (!button || buttonAt(document.elementFromPoint(event.clientX, event.clientY)) !== button) return;
    setTimeout(() => {
      if (clicked || !button.isConnected) return;
      button.click();
      acted = { button, at: performance.now() };
    }, CLICK_MS);
  });
  on("click", (event) => {
    const late = event.isTrusted && acted?.button === buttonAt(event.target) && performance.now() - acted.at < LATE_MS;
    acted = null;
    if (late) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    clicked = true;
  });
}
