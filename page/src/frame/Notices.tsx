import { useSignal, useSignalEffect } from "@preact/signals";
import { dismiss, link, toasts, told } from "../store";
import { texts } from "../texts";

/** Whether the daemon is there, and whether this page is its own. */
export function Banner() {
  const { there, why } = told.daemon.value;
  const gone = link.there.value === false;
  return (
    <div class="banners" role="alert">
      {gone && <p class="banner bad">{link.ready.value ? texts.connection.gone : texts.connection.starting}</p>}
      {!gone && !there && <p class="banner bad">{texts.connection.control(why)}</p>}
      {link.stale.value && (
        <p class="banner note">
          {texts.connection.stale}
          <button type="button" onClick={() => location.reload()}>
            {texts.connection.reload}
          </button>
        </p>
      )}
    </div>
  );
}

/** What was refused, in the daemon's words. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class="toast">
          <span>{toast.text}</span>
          <button type="button" aria-label={texts.connection.dismiss} onClick={() => dismiss(toast.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

/** New troubles, for those who hear the page: not the list again each time. */
export function TroublesHeard() {
  const said = useSignal("");
  const known = useSignal<readonly string[] | null>(null);
  useSignalEffect(() => {
    const troubles = told.status.value.troubles ?? [];
    const before = known.peek();
    if (before && troubles.length && troubles.at(-1) !== before.at(-1)) said.value = troubles.at(-1) ?? "";
    known.value = troubles;
  });
  return (
    <div class="sr-only" role="log" aria-label={texts.setup.troubles}>
      {said.value}
    </div>
  );
}
