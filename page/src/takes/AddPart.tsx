import { useSignal } from "@preact/signals";
import { texts } from "../texts";
import { addPart, writing } from "./making";
import { memory, type Take } from "./memory";

/** Another take in which somebody more plays. */
export function AddPart({ take }: { take: Take }) {
  const player = useSignal("");
  const instruments = new Set(take.parts.map((part) => part.replace(/ \d+$/, "")));
  const others = (memory.value?.players ?? []).filter((one) => !instruments.has(one));
  const ask = (event: Event) => {
    event.preventDefault();
    if (player.value && !writing.value) void addPart(take.id, player.value);
  };
  return (
    <details>
      <summary aria-label={texts.takes.addOf(take.id)}>{texts.takes.add}</summary>
      <form class="vary" onSubmit={ask}>
        <label>
          {texts.takes.player}
          <select value={player.value} onChange={(event) => (player.value = event.currentTarget.value)}>
            <option value="">{texts.takes.choosePlayer}</option>
            {others.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="tool" aria-disabled={!!writing.value || !player.value}>
          {writing.value?.what === "add" && writing.value.of === take.id ? texts.takes.writing : texts.takes.writePart}
        </button>
      </form>
    </details>
  );
}
