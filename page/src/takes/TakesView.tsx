import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { told } from "../store";
import { texts } from "../texts";
import { palette } from "../timeline/palette";
import { type Group, groups } from "./groups";
import { MakeBar } from "./MakeBar";
import { seeWhatIsMade, written } from "./making";
import { keepLooking, type Memory, memory, musicOf, musics, type TakeMusic, trouble, undo } from "./memory";
import { PlayerBar } from "./PlayerBar";
import { scaleOf } from "./picture";
import { chosen, forget, stop } from "./player";
import { shownCue } from "./shownCue";
import { TakeCard } from "./TakeCard";

/** What was rendered and kept: seen side by side, heard, and rated. */
export function TakesView() {
  const now = memory.value;
  useEffect(keepLooking, []);
  useEffect(seeWhatIsMade, []);
  useEffect(() => {
    if (now) readAhead(now);
  }, [now, told.takes.value.ready]);
  // What is not seen is not heard.
  useEffect(() => stop, []);
  useEffect(() => {
    if (now) forget(now);
  }, [now]);
  return (
    <div class="takes">
      <h1>{texts.views.takes}</h1>
      {trouble.value && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      {!now && !trouble.value && <p class="quiet">{texts.takes.looking}</p>}
      {now?.file && <MakeBar />}
      {now?.none && <p class="panel">{now.none}</p>}
      {!!now?.takes.length && <Shelf of={now} />}
    </div>
  );
}

/** Have the music of what is kept ready here before anybody goes there. */
function readAhead(of: Memory): void {
  const { cues, ready } = told.takes.peek();
  if (!ready) return;
  const names = new Set(cues.map((cue) => cue.name));
  for (const group of groups(of.takes)) {
    if (names.has(group.cue)) for (const take of group.takes.slice(0, ready)) void musicOf(take.id);
  }
}

function Shelf({ of }: { of: Memory }) {
  const said = useSignal("");
  const takeBack = async () => {
    written.value = null;
    const done = await undo();
    said.value = done ? texts.takes.undone(done.undone, done.take) : "";
  };
  const cue = shownCue.value;
  const shown = groups(of.takes).filter((group) => cue === null || group.cue === cue);
  return (
    <>
      <div class="toolbar">
        <p class="quiet">{texts.takes.count(of.takes.length, of.file)}</p>
        <button type="button" class="tool" title={texts.takes.undoHint} onClick={takeBack}>
          {of.last?.gone ? texts.takes.undoTake(of.last.take) : texts.takes.undo}
        </button>
        <p class="quiet" role="status">
          {written.value ? texts.takes.written[written.value.what](written.value.take, written.value.of) : said.value}
        </p>
      </div>
      {shown.map((group) => (
        <Cue key={group.cue} of={group} />
      ))}
      {cue !== null && !shown.length && <p class="quiet">{cue ? texts.takes.noneOf(cue) : texts.takes.noCueHere}</p>}
      <PlayerBar takes={of.takes} />
    </>
  );
}

function Cue({ of }: { of: Group }) {
  const theme = useSignal(0);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const turn = () => theme.value++;
    dark.addEventListener("change", turn);
    return () => dark.removeEventListener("change", turn);
  }, [theme]);
  const colours = useMemo(() => computed(() => palette(theme.value)), [theme]);
  const read = of.takes
    .map((take) => musics.value.get(take.id))
    .filter((one): one is TakeMusic => typeof one === "object");
  const names = of.takes.flatMap((take) => take.parts);
  const key = `${read.map((one) => one.id).join()} ${names.join()}`;
  // A take's music never changes, so that the key says it all.
  const scale = useMemo(() => scaleOf(read, names), [key]);
  const cue = of.cue || texts.takes.noCue;
  const heard = of.takes.some((take) => take.id === chosen.value);
  return (
    <section class={heard ? "heard" : ""} aria-label={texts.takes.list(cue)}>
      <h2>{cue}</h2>
      <ul class="shelf">
        {of.takes.map((take) => (
          <TakeCard key={take.id} take={take} scale={scale} colours={colours.value} />
        ))}
      </ul>
    </section>
  );
}
