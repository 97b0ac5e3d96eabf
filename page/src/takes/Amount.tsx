import type { Signal } from "@preact/signals";
import { texts } from "../texts";

/** How much of what is there is written anew: a share of its notes. */
export function Amount({ amount }: { amount: Signal<number> }) {
  return (
    <label>
      {texts.takes.amount}
      <input
        type="range"
        min="0.05"
        max="1"
        step="0.05"
        value={amount.value}
        aria-valuetext={texts.takes.share(amount.value)}
        onInput={(event) => (amount.value = Number(event.currentTarget.value))}
      />
      <span aria-hidden="true">{texts.takes.share(amount.value)}</span>
    </label>
  );
}
