import { useEffect } from "preact/hooks";
import { told } from "../store";
import { texts } from "../texts";
import { mute, where } from "./player";
import { askSoundFont, broken, fetched, ready, soundfont } from "./soundfont";

const words = texts.takes.soundfont;

/** With what takes are heard, and how they could be heard better. */
export function SoundLine() {
  useEffect(() => {
    void askSoundFont();
  }, []);
  if (mute.value) {
    return (
      <p class="trouble" role="alert">
        {texts.takes.mute[mute.value]}
      </p>
    );
  }
  if (where.value === "ports") {
    const nowhere = told.status.value.output === "null";
    return <p class={nowhere ? "trouble" : "quiet small"}>{texts.takes.where[nowhere ? "nowhere" : "ports"]}</p>;
  }
  const font = soundfont.value;
  if (broken.value && font) {
    return (
      <p class="trouble" role="alert">
        {words.broken(font.name, broken.value)}
      </p>
    );
  }
  return <p class="quiet small">{said(font?.name ?? "", font?.none ?? "")}</p>;
}

function said(name: string, none: string): string {
  if (!name) return none ? `${texts.takes.plainTone} ${none}` : "";
  if (ready.value) return words.ready(name);
  return fetched.value ? words.loading(name, fetched.value) : words.coming(name);
}
