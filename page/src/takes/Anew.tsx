import { written } from "./making";
import { memory, type Take, type TakeMusic } from "./memory";
import type { Scale } from "./picture";
import { chosen } from "./player";
import { anew, dragged, onRoll, placed } from "./rectangle";

/** On a roll: what of the take was written anew, what is dragged over to be, and what the child that is looked at has anew. */
export function Anew({ take, music, scale }: { take: Take; music: TakeMusic; scale: Scale }) {
  const looked = [chosen.value, written.value?.take];
  const children = (memory.value?.takes ?? []).filter((one) => one.parent === take.id && looked.includes(one.id));
  const now = dragged.value?.take === take.id ? [dragged.value] : [];
  const shown = [
    ...anew(take).map((one) => ({ one, how: "own" })),
    ...children.flatMap(anew).map((one) => ({ one, how: "child" })),
    ...now.map((one) => ({ one, how: "now" })),
  ];
  return (
    <>
      {shown.map(({ one, how }) => (
        <div
          key={`${how} ${one.first} ${one.last} ${one.parts.join()}`}
          class={`anew ${how}`}
          style={placed(onRoll(one, music, scale))}
          aria-hidden="true"
        />
      ))}
    </>
  );
}
