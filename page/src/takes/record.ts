// A take made into a WAV file, in the browser, by what plays it there.

import { computed, signal } from "@preact/signals";
import { complain } from "../store";
import { texts } from "../texts";
import { prepared } from "./audition";
import { musicOf, type Take } from "./memory";
import { broken, learn, soundfont, synthesiser } from "./soundfont";

/** The take whose file is being made, and how much of it is. */
export const making = signal<{ readonly of: string; readonly share: number } | null>(null);
/** Why there can be none; empty where there can. */
export const whyNoWave = computed(() => {
  const font = soundfont.value;
  if (font && broken.value) return texts.takes.soundfont.broken(font.name, broken.value);
  return font?.name ? "" : font?.none || texts.takes.wavNoFont;
});

/** Make it, and have the browser keep it; what goes wrong is said. */
export async function record(take: Take): Promise<void> {
  if (making.peek()) return;
  if (whyNoWave.peek()) {
    complain(texts.takes.wavNot(whyNoWave.peek()));
    return;
  }
  making.value = { of: take.id, share: 0 };
  try {
    const [synth, music] = await Promise.all([synthesiser(), musicOf(take.id)]);
    if (!synth) throw new Error(whyNoWave.peek());
    if (!music) return;
    await learn(synth, music);
    synth.onRecording = (share) => {
      making.value = { of: take.id, share };
    };
    save(await synth.record(take.id, prepared(music).seconds), nameOf(take));
  } catch (error) {
    complain(texts.takes.wavNot((error as Error).message));
  } finally {
    making.value = null;
  }
}

/** As the take's MIDI file is called. */
function nameOf(take: Take): string {
  return `${[take.cue.replace(/[^a-zA-Z0-9]/g, ""), take.id].filter(Boolean).join("-")}.wav`;
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
