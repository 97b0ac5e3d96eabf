import { useEffect, useRef } from "preact/hooks";
import { keysOn, keysShown, switchKeys } from "../perform/shortcuts";
import { texts } from "../texts";

/** The list of keys, and the switch that turns them off. */
export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = keysShown.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={() => (keysShown.value = false)}>
      <h2 id="keys-title">{texts.keys.title}</h2>
      <dl>
        {texts.keys.list.map(([key, does]) => (
          <div key={key}>
            <dt>{key.split(" ").map((one) => (one === "…" ? " … " : <kbd key={one}>{one}</kbd>))}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={keysOn.value} onChange={(event) => switchKeys(event.currentTarget.checked)} />
        {texts.keys.on}
      </label>
      <button type="button" class="primary" onClick={() => (keysShown.value = false)}>
        {texts.keys.close}
      </button>
    </dialog>
  );
}
